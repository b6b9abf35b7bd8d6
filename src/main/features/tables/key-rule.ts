import { type ColumnSchema, primaryKeyOf } from '@shared/domain/table-schema'
import { isRecordId } from './column.sql'
import { placeOf } from './layout'
import type { StoredTable } from './stored-table'

/** Columns whose values together are there once. */
export interface KeyRule {
  /** `project_keys.rule`: the columns' layout keys, so that a rename changes nothing. */
  readonly rule: string
  readonly columns: readonly ColumnSchema[]
  readonly isPrimary: boolean
}

/** The record's own uuid id is not among them: the storage's key keeps it. */
export function keyRulesOf(table: StoredTable): readonly KeyRule[] {
  const { schema, layout } = table
  const key = primaryKeyOf(schema)
  const sets: readonly (readonly ColumnSchema[])[] = [
    ...schema.columns
      .filter((column) => column.unique === true && !isRecordId(table, column))
      .map((column) => [column]),
    ...(schema.unique ?? []).map((names) =>
      names.flatMap((name) => schema.columns.filter((column) => column.name === name)),
    ),
  ]
  const [first, ...more] = key
  const isOwnRule = first !== undefined && (more.length > 0 || !isRecordId(table, first))
  const all = [
    ...(isOwnRule ? [{ columns: key, isPrimary: true }] : []),
    ...sets.map((columns) => ({ columns, isPrimary: false })),
  ].map(({ columns, isPrimary }) => ({
    rule: columns.map(({ name }) => placeOf(layout, name).key).join(','),
    columns,
    isPrimary,
  }))
  // A unique key column is one rule, not two.
  return all.filter(({ rule }, index) => all.findIndex((other) => other.rule === rule) === index)
}
