import type { TableRecord } from '@shared/contract/records.contract'

/** Which records are ticked. The records are kept whole, so that deleting them can be undone. */
export type GridSelection =
  | { readonly kind: 'some'; readonly records: ReadonlyMap<string, TableRecord> }
  /** Everything the filter matches, on screen or not. */
  | { readonly kind: 'all' }

export const nothingSelected: GridSelection = { kind: 'some', records: new Map() }

export function isSelected(selection: GridSelection, id: string): boolean {
  return selection.kind === 'all' || selection.records.has(id)
}

export function selectedCount(selection: GridSelection, rows: number): number {
  return selection.kind === 'all' ? rows : selection.records.size
}

export function toggleRecords(selection: GridSelection, records: readonly TableRecord[], on: boolean): GridSelection {
  if (selection.kind === 'all' && !on) return nothingSelected
  const next = new Map(selection.kind === 'all' ? [] : selection.records)
  for (const record of records) {
    if (on) next.set(record._id, record)
    else next.delete(record._id)
  }
  return { kind: 'some', records: next }
}
