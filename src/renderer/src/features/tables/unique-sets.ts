import type { TableSchema } from '@shared/domain/table-schema'
import type { ColumnDraft } from './column-draft'

/** Columns, by the keys of their drafts, whose values together are there once. */
export type UniqueSet = readonly string[]

export function setsOf(table: TableSchema): readonly UniqueSet[] {
  return (table.unique ?? []).map((names) => names.map((name) => `was:${name}`))
}

/** A set goes with any of its columns. */
export function liveSets(sets: readonly UniqueSet[], columns: readonly ColumnDraft[]): readonly UniqueSet[] {
  const live = new Set(columns.filter(({ dropped }) => !dropped).map(({ key }) => key))
  return sets.filter((set) => set.every((key) => live.has(key)))
}

export function namesOf(set: UniqueSet, columns: readonly ColumnDraft[]): string[] {
  return set.map((key) => columns.find((column) => column.key === key)?.name ?? '')
}

/** In whatever order its columns are named. */
export function sameSet(a: UniqueSet, b: UniqueSet): boolean {
  return a.length === b.length && a.every((key) => b.includes(key))
}
