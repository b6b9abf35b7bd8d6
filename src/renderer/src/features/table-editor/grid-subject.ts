import type { TableRecord } from '@shared/contract/records.contract'
import type { JsonValue } from '@shared/json'
import type { GridColumn } from './grid-column'
import type { StagedCell, StagedCreate, StagedRecord } from './staged/staged-record'

/** What a row of the grid is about: a record, or one that is new. */
export type GridSubject =
  | {
      readonly kind: 'record'
      readonly id: string
      readonly record: TableRecord
      readonly staged: StagedRecord | undefined
    }
  | { readonly kind: 'new'; readonly id: string; readonly row: StagedCreate }

export function stagedCell(subject: GridSubject, column: string): StagedCell | undefined {
  if (subject.kind === 'new') return subject.row.cells.get(column)
  return subject.staged?.kind === 'update' ? subject.staged.cells.get(column) : undefined
}

/** The value as shown; of a new record's cell that is left to its default, and of what does not fit, undefined. */
export function shownValue(subject: GridSubject, column: string): JsonValue | undefined {
  const cell = stagedCell(subject, column)
  if (cell) return cell.kind === 'unfit' ? undefined : cell.value
  return subject.kind === 'record' ? (subject.record[column] ?? null) : undefined
}

/** What a cell cannot take edits for; null when it can. */
export function refusal(subject: GridSubject, column: GridColumn): string | null {
  if (subject.kind === 'new') return null
  return subject.staged?.kind === 'delete'
    ? 'This record is to be deleted. Bring it back before you edit it.'
    : column.fixed
}

/** What is given to `Staging` for it. */
export function targetOf(subject: GridSubject): TableRecord | string {
  return subject.kind === 'record' ? subject.record : subject.id
}
