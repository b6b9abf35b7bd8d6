import { type GridDensity, gridDensity } from '@renderer/app/preferences'
import { stored, useStored } from '@renderer/app/stored'
import { z } from 'zod'

const widths = stored<Readonly<Record<string, Readonly<Record<string, number>>>>>(
  'columnWidths',
  z.record(z.string(), z.record(z.string(), z.number().min(1).max(2000))),
  {},
)
const views = stored<Readonly<Record<string, string>>>('tableViews', z.record(z.string(), z.string()), {})

/** Widths in px that a person gave the columns of a table, by column name. */
export function useColumnWidths(tableId: string): {
  readonly widths: Readonly<Record<string, number>>
  readonly resize: (column: string, width: number) => void
} {
  const all = useStored(widths)
  return {
    widths: all[tableId] ?? noWidths,
    resize(column, width) {
      const now = widths.read()
      widths.write({ ...now, [tableId]: { ...now[tableId], [column]: width } })
    },
  }
}

const noWidths = Object.freeze({})

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
