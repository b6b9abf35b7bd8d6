import { describeEdit } from './describe-edit'
import { diffSchemas } from './diff-schemas'
import { canonicalColumn, sameTable } from './same-schema'
import type { DatabaseSchema, SchemaEdit } from './schema-edit'
import { type SchemaNames, sameNames } from './schema-names'
import type { ColumnSchema, TableSchema } from './table-schema'

export type ChangeState = 'same' | 'added' | 'removed' | 'changed'

export interface ColumnChange {
  readonly name: string
  readonly state: ChangeState
  /** Its old name, where that was another. */
  readonly was: string | null
  readonly before: ColumnSchema | null
  readonly after: ColumnSchema | null
}

/** What became of a table between two schemas: what a coloured diff is drawn from. */
export interface TableChange {
  readonly name: string
  readonly state: ChangeState
  readonly was: string | null
  /** In the new order; what was removed stands where it stood. */
  readonly columns: readonly ColumnChange[]
  /** In plain words, what is not seen by the columns alone too. */
  readonly words: readonly string[]
}

/** Every table of either schema: those of the new one in its order, then those that are gone. */
export function schemaChanges(
  from: DatabaseSchema,
  to: DatabaseSchema,
  names: SchemaNames = sameNames(from, to),
): readonly TableChange[] {
  const edits = diffSchemas(from, to, names)
  const oldNames = new Map([...names.tables].map(([old, now]) => [now, old]))
  const there = to.tables.map((after): TableChange => {
    const old = from.tables.find(({ name }) => name === oldNames.get(after.name))
    return old ? changedTable(old, after, names, edits) : wholeTable(after, 'added')
  })
  const gone = from.tables.filter(({ name }) => !to.tables.some((table) => table.name === names.tables.get(name)))
  return [...there, ...gone.map((table) => wholeTable(table, 'removed'))]
}

function wholeTable(table: TableSchema, state: 'added' | 'removed'): TableChange {
  const [before, after] = state === 'added' ? [false, true] : [true, false]
  return {
    name: table.name,
    state,
    was: null,
    columns: table.columns.map((column) => ({
      name: column.name,
      state,
      was: null,
      before: before ? column : null,
      after: after ? column : null,
    })),
    words: [],
  }
}

function changedTable(
  before: TableSchema,
  after: TableSchema,
  names: SchemaNames,
  edits: readonly SchemaEdit[],
): TableChange {
  const own = names.columns.get(before.name) ?? new Map<string, string>()
  const oldNames = new Map([...own].map(([old, now]) => [now, old]))
  const columns = after.columns.map((column): ColumnChange => {
    const old = before.columns.find(({ name }) => name === oldNames.get(column.name)) ?? null
    const was = old && old.name !== column.name ? old.name : null
    const state = old === null ? 'added' : was !== null || !sameColumn(old, column, names) ? 'changed' : 'same'
    return { name: column.name, state, was, before: old, after: column }
  })
  for (const [index, column] of before.columns.entries())
    if (!own.has(column.name))
      columns.splice(Math.min(index, columns.length), 0, {
        name: column.name,
        state: 'removed',
        was: null,
        before: column,
        after: null,
      })
  const words = edits
    .filter((edit) => edit.type !== 'addTable' && (edit.table === before.name || edit.table === after.name))
    .map(describeEdit)
  const was = before.name === after.name ? null : before.name
  const isSame = was === null && words.length === 0 && columns.every(({ state }) => state === 'same')
  const state = isSame || (was === null && sameTable(before, after)) ? 'same' : 'changed'
  return { name: after.name, state, was, columns, words: state === 'same' ? [] : words }
}

/** A reference that only follows a rename is the same. */
function sameColumn(before: ColumnSchema, after: ColumnSchema, names: SchemaNames): boolean {
  const { references } = before
  const table = references && names.tables.get(references.table)
  const column = references && names.columns.get(references.table)?.get(references.column)
  const followed =
    references && table !== undefined && column !== undefined
      ? { ...before, references: { ...references, table, column } }
      : before
  return JSON.stringify(canonicalColumn(followed)) === JSON.stringify(canonicalColumn(after))
}
