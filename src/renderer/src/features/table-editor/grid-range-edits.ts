import { pasteInput } from './clipboard/paste-block'
import { readInput } from './edit-input'
import { isTextType } from './edit-text'
import type { GridColumn } from './grid-column'
import type { RangeBounds } from './grid-range'
import { type GridSubject, refusal, shownValue, targetOf } from './grid-subject'
import type { CellChange, CellInput } from './staged/staged-record'

/** What gestures on a range of cells stage. Cells that take no edits are left as they are. */

/** `empty` clears: text to no characters, a cell of a new record to its default; `null` makes NULL. */
export function clearedCells(
  columns: readonly GridColumn[],
  subjects: readonly GridSubject[],
  to: 'empty' | 'null',
): readonly CellChange[] {
  return everyCell(columns, subjects, (column, subject) => {
    if (to === 'empty' && subject.kind === 'new') return { kind: 'default' }
    if (to === 'empty' && isTextType(column.type)) return { kind: 'value', value: '' }
    return column.nullable ? { kind: 'value', value: null } : null
  })
}

/** The same text in every cell, read by each column's own type. */
export function typedCells(
  columns: readonly GridColumn[],
  subjects: readonly GridSubject[],
  text: string | null,
): readonly CellChange[] {
  return everyCell(columns, subjects, (column) => (column.secret ? null : readInput(column, text)))
}

/** The first rows of the range, over and over, in all that follow. */
export function filledCells(
  columns: readonly GridColumn[],
  sources: readonly GridSubject[],
  targets: readonly GridSubject[],
): readonly CellChange[] {
  return everyCell(columns, targets, (column, _, row) => {
    const source = sources[row % sources.length]
    const value = source && !column.secret ? shownValue(source, column.name) : undefined
    return value === undefined ? null : pasteInput(column, { kind: 'value', value })
  })
}

export function columnsOf(columns: readonly GridColumn[], bounds: RangeBounds): readonly GridColumn[] {
  return columns.slice(bounds.columns.first, bounds.columns.end)
}

function everyCell(
  columns: readonly GridColumn[],
  subjects: readonly GridSubject[],
  inputOf: (column: GridColumn, subject: GridSubject, row: number) => CellInput | null,
): readonly CellChange[] {
  return subjects.flatMap((subject, row) =>
    columns.flatMap((column) => {
      const to = refusal(subject, column) === null ? inputOf(column, subject, row) : null
      return to ? [{ target: targetOf(subject), column: column.name, to }] : []
    }),
  )
}
