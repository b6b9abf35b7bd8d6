import { applyEdit } from './apply-edit'
import { isUniqueColumn } from './check-table'
import type { DatabaseSchema, SchemaEdit } from './schema-edit'
import type { ColumnReference, ColumnSchema } from './table-schema'

/**
 * The same edits in a form in which each makes sense after those before it, whatever order they were written in: a
 * reference to what comes later in the list is set when that is there, and one to what is dropped is taken off first,
 * where its own column is dropped later. What makes no sense in any order is left for `applyEdit` to refuse.
 */
export function settleEdits(schema: DatabaseSchema, edits: readonly SchemaEdit[]): readonly SchemaEdit[] {
  const settled: SchemaEdit[] = []
  let current = schema
  let waiting: readonly Waiting[] = []
  const push = (edit: SchemaEdit): void => {
    settled.push(edit)
    current = applyEdit(current, edit)
  }
  for (const [index, edit] of edits.entries()) {
    if (edit.type === 'dropTable' || edit.type === 'dropColumn')
      for (const off of leavingReferences(current, edit, edits.slice(index + 1))) push(off)
    const { now, later } = split(current, edit)
    if (now) push(now)
    waiting = [...follow(waiting, edit), ...later]
    const ready = waiting.filter(({ references }) => canRefer(current, references))
    waiting = waiting.filter((one) => !ready.includes(one))
    for (const { table, column, references } of ready) push({ type: 'setReference', table, column, references })
  }
  for (const { table, column, references } of waiting) settled.push({ type: 'setReference', table, column, references })
  return settled
}

/** The schema after all of them. */
export function applyAll(schema: DatabaseSchema, edits: readonly SchemaEdit[]): DatabaseSchema {
  return edits.reduce(applyEdit, schema)
}

interface Waiting {
  readonly table: string
  readonly column: string
  readonly references: ColumnReference
}

function split(
  schema: DatabaseSchema,
  edit: SchemaEdit,
): { readonly now: SchemaEdit | null; readonly later: readonly Waiting[] } {
  if (edit.type === 'addTable') {
    const { name } = edit.table
    const waits = ({ references }: ColumnSchema) =>
      references !== undefined && references.table !== name && !canRefer(schema, references)
    const later = edit.table.columns.filter(waits).flatMap((column) => waitingOf(name, column))
    const columns = edit.table.columns.map((column) => (waits(column) ? withoutReference(column) : column))
    return { now: { ...edit, table: { ...edit.table, columns } }, later }
  }
  if (edit.type === 'addColumn') {
    const { column } = edit
    if (column.references === undefined || canRefer(schema, column.references)) return { now: edit, later: [] }
    return { now: { ...edit, column: withoutReference(column) }, later: waitingOf(edit.table, column) }
  }
  if (edit.type === 'setReference' && edit.references !== null && !canRefer(schema, edit.references)) {
    const { table, column, references } = edit
    return { now: null, later: [{ table, column, references }] }
  }
  return { now: edit, later: [] }
}

function waitingOf(table: string, { name, references }: ColumnSchema): readonly Waiting[] {
  return references ? [{ table, column: name, references }] : []
}

function withoutReference({ references: _, ...column }: ColumnSchema): ColumnSchema {
  return column
}

function canRefer(schema: DatabaseSchema, { table, column }: ColumnReference): boolean {
  const target = schema.tables.find(({ name }) => name === table)
  const key = target?.columns.find(({ name }) => name === column)
  return target !== undefined && key !== undefined && isUniqueColumn(target, key)
}

/** What waits, by the names it has after the edit; what is dropped waits no more. */
function follow(waiting: readonly Waiting[], edit: SchemaEdit): readonly Waiting[] {
  return waiting.flatMap((one) => {
    const place = placeAfter(one, edit)
    return place === null || setsReference(edit, one) ? [] : [{ ...one, ...place }]
  })
}

interface Place {
  readonly table: string
  readonly column: string
}

/** Where a column is after the edit; null when it is dropped. */
function placeAfter({ table, column }: Place, edit: SchemaEdit): Place | null {
  if (edit.type === 'addTable' || edit.table !== table) return { table, column }
  if (edit.type === 'dropTable' || (edit.type === 'dropColumn' && edit.column === column)) return null
  if (edit.type === 'renameTable') return { table: edit.name, column }
  return { table, column: edit.type === 'renameColumn' && edit.column === column ? edit.name : column }
}

function setsReference(edit: SchemaEdit, { table, column }: Place): boolean {
  return edit.type === 'setReference' && edit.table === table && edit.column === column
}

/** References to what the edit drops, of columns that the edits after it drop, or point elsewhere. */
function leavingReferences(
  schema: DatabaseSchema,
  edit: Extract<SchemaEdit, { readonly type: 'dropTable' | 'dropColumn' }>,
  later: readonly SchemaEdit[],
): readonly SchemaEdit[] {
  return schema.tables.flatMap((table) =>
    table.columns.flatMap(({ name, references }): readonly SchemaEdit[] => {
      if (references?.table !== edit.table) return []
      if (edit.type === 'dropTable' ? table.name === edit.table : references.column !== edit.column) return []
      if (edit.type === 'dropColumn' && table.name === edit.table && name === edit.column) return []
      return leaves({ table: table.name, column: name }, later)
        ? [{ type: 'setReference', table: table.name, column: name, references: null }]
        : []
    }),
  )
}

function leaves(place: Place, later: readonly SchemaEdit[]): boolean {
  let at: Place | null = place
  for (const edit of later) {
    if (setsReference(edit, at)) return true
    at = placeAfter(at, edit)
    if (at === null) return true
  }
  return false
}
