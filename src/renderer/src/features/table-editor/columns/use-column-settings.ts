import { stored, useStored } from '@renderer/app/stored'
import { useMemo } from 'react'
import { z } from 'zod'
import type { GridColumn } from '../grid-column'
import { type ColumnChange, type ColumnSetting, changeSettings, showColumns } from './column-settings'

const setting = z.strictObject({
  column: z.string(),
  hidden: z.boolean().optional(),
  pinned: z.boolean().optional(),
  width: z.int().min(20).max(4000).optional(),
})

/** By table, and by view where one is open: what this person has changed since. */
const settings = stored<Readonly<Record<string, readonly ColumnSetting[]>>>(
  'columns',
  z.record(z.string(), z.array(setting)),
  {},
)

const none: readonly ColumnSetting[] = Object.freeze([])

/** How the columns of a table, or of one of its views, are shown. Changes are kept on this machine. */
export function useColumnSettings(place: string, columns: readonly GridColumn[], saved: readonly ColumnSetting[]) {
  const all = useStored(settings)
  const now = all[place] ?? (saved.length > 0 ? saved : none)
  const shown = useMemo(() => showColumns(columns, now), [columns, now])
  return {
    settings: now,
    ...shown,
    change(change: ColumnChange) {
      const current = settings.read()[place] ?? saved
      settings.write({ ...settings.read(), [place]: changeSettings(columns, current, change) })
    },
    /** Forgets what was changed here: the view, or the table, is as it was. */
    reset() {
      const { [place]: _, ...others } = settings.read()
      settings.write(others)
    },
  }
}

export type ColumnSettings = ReturnType<typeof useColumnSettings>
