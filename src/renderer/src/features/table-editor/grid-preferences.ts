import { type GridDensity, gridDensity } from '@renderer/app/preferences'
import { stored, useStored } from '@renderer/app/stored'
import { z } from 'zod'

const views = stored<Readonly<Record<string, string>>>('tableViews', z.record(z.string(), z.string()), {})

/** The search part of the address a table was last left with. */
export const lastView = Object.freeze({
  read: (tableId: string): string => views.read()[tableId] ?? '',
  write(tableId: string, search: string) {
    if (lastView.read(tableId) !== search) views.write({ ...views.read(), [tableId]: search })
  },
})

const rowHeights: Readonly<Record<GridDensity, number>> = { compact: 28, normal: 32, tall: 44 }

/** Height of a grid row in px. */
export function useRowHeight(): number {
  return rowHeights[useStored(gridDensity)]
}

/** The panel of the active record. */
export const recordShown = stored('recordShown', z.boolean(), false)
