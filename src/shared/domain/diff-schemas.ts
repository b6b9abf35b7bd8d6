import { addTableEdit } from './add-table-edit'
import { uniqueSetKey } from './check-table'
import { canonicalColumn } from './same-schema'
import type { DatabaseSchema, SchemaEdit } from './schema-edit'
import { type SchemaNames, sameNames } from './schema-names'
import { settleEdits } from './settle-edits'
import { type ColumnReference, type ColumnSchema, hasUuidId, primaryKeyOf, type TableSchema } from './table-schema'

/**
 * Edits that make `to` of `from`, each of which makes sense after those before it. What `names` knows to be the same is
 * renamed and changed; a table whose key is another is the one thing that has to be dropped and made again.
 */
export function diffSchemas(
  from: DatabaseSchema,
  to: DatabaseSchema,
  names: SchemaNames = sameNames(from, to),
): readonly SchemaEdit[] {
  const pairs = pairsOf(from, to, names)
  const kept = new Map(pairs.map(({ before, after }) => [before.name, after.name]))
  const targets = new Set(pairs.map(({ after }) => after))
  const added = to.tables.filter((table) => !targets.has(table))
  const all = { from, to, names, kept }
  return settleEdits(from, [
    ...pairs.flatMap((pair) => looseReferences(pair, all)),
    ...from.tables
      .filter(({ name }) => !kept.has(name))
      .map(({ name }): SchemaEdit => ({ type: 'dropTable', table: name })),
    ...pairs.flatMap(droppedParts),
    ...renames([...kept]).map(([table, name]): SchemaEdit => ({ type: 'renameTable', table, name })),
    ...added.map((table) =>
      addTableEdit({ ...table, columns: table.columns.map((column) => withoutWaiting(column, pairs)) }),
    ),
    ...pairs.flatMap((pair) => changedColumns(pair, pairs)),
    ...added.flatMap(({ name, columns }) => columns.flatMap((column) => waitingReference(name, column, pairs))),
    ...pairs.flatMap((pair) => newReferences(pair, all, pairs)),
  ])
}

export interface TablePair {
  readonly before: TableSchema
  readonly after: TableSchema
  /** From the column's old name to its new one. */
  readonly columns: ReadonlyMap<string, string>
}

interface Both {
  readonly from: DatabaseSchema
  readonly to: DatabaseSchema
  readonly names: SchemaNames
  /** Tables that stay, by their old names. */
  readonly kept: ReadonlyMap<string, string>
}

/** Tables that can become one another. */
export function pairsOf(from: DatabaseSchema, to: DatabaseSchema, names: SchemaNames): readonly TablePair[] {
  return from.tables.flatMap((before) => {
    const after = to.tables.find(({ name }) => name === names.tables.get(before.name))
    const columns = names.columns.get(before.name) ?? new Map<string, string>()
    return after && hasSameKey(before, after, columns) ? [{ before, after, columns }] : []
  })
}

function hasSameKey(before: TableSchema, after: TableSchema, columns: ReadonlyMap<string, string>): boolean {
  const old = primaryKeyOf(before).map(({ name }) => columns.get(name))
  const next = primaryKeyOf(after).map(({ name }) => name)
  return (
    hasUuidId(before) === hasUuidId(after) &&
    old.length === next.length &&
    next.every((name) => old.includes(name)) &&
    [...columns.values()].some((name) => after.columns.some((column) => column.name === name))
  )
}

/** References that go, change, or stand in the way of a new type, by the old names. */
function looseReferences({ before, after, columns }: TablePair, both: Both): readonly SchemaEdit[] {
  return before.columns.flatMap((column): readonly SchemaEdit[] => {
    const next = after.columns.find(({ name }) => name === columns.get(column.name))
    if (!column.references || !next || keepsReference(column, next, both)) return []
    return [{ type: 'setReference', table: before.name, column: column.name, references: null }]
  })
}

function newReferences(
  { before, after, columns }: TablePair,
  both: Both,
  pairs: readonly TablePair[],
): readonly SchemaEdit[] {
  return after.columns.flatMap((column): readonly SchemaEdit[] => {
    const old = before.columns.find(({ name }) => columns.get(name) === column.name)
    if (!old) return waitingReference(after.name, column, pairs)
    if (!column.references || keepsReference(old, column, both)) return []
    return [{ type: 'setReference', table: after.name, column: column.name, references: column.references }]
  })
}

function keepsReference(before: ColumnSchema, after: ColumnSchema, { from, to, names, kept }: Both): boolean {
  const [old, next] = [before.references, after.references]
  if (!old || !next) return old === next
  const followed: ColumnReference = {
    table: kept.get(old.table) ?? '',
    column: names.columns.get(old.table)?.get(old.column) ?? '',
  }
  const typeIn = (schema: DatabaseSchema, { table, column }: ColumnReference) =>
    schema.tables.find(({ name }) => name === table)?.columns.find(({ name }) => name === column)?.type
  return (
    followed.table === next.table &&
    followed.column === next.column &&
    (old.on_delete ?? 'restrict') === (next.on_delete ?? 'restrict') &&
    before.type === after.type &&
    typeIn(from, old) === typeIn(to, next)
  )
}

/** Whether the target becomes what can be referred to only after other edits. */
function waits({ references }: ColumnSchema, pairs: readonly TablePair[]): boolean {
  const pair = pairs.find(({ after }) => after.name === references?.table)
  if (!references || !pair) return false
  const { before, after, columns } = pair
  const old = before.columns.find(({ name }) => columns.get(name) === references.column)
  const next = after.columns.find(({ name }) => name === references.column)
  return old?.type !== next?.type
}

function withoutWaiting(column: ColumnSchema, pairs: readonly TablePair[]): ColumnSchema {
  if (!waits(column, pairs)) return column
  const { references: _, ...rest } = column
  return rest
}

function waitingReference(table: string, column: ColumnSchema, pairs: readonly TablePair[]): readonly SchemaEdit[] {
  const { name, references } = column
  return references && waits(column, pairs) ? [{ type: 'setReference', table, column: name, references }] : []
}

/** What goes, and the columns' new names. A table needs a column at any time, so new ones may have to come first. */
function droppedParts({ before, after, columns }: TablePair): readonly SchemaEdit[] {
  const table = before.name
  const gone = before.columns.filter(({ name }) => !columns.has(name))
  const wanted = new Set((after.unique ?? []).map(uniqueSetKey))
  const sets = (before.unique ?? []).filter(
    (set) =>
      set.every((name) => columns.has(name)) && !wanted.has(uniqueSetKey(set.map((name) => columns.get(name) ?? ''))),
  )
  return [
    ...sets.map((set): SchemaEdit => ({ type: 'dropUnique', table, columns: set })),
    ...gone.map(({ name }): SchemaEdit => ({ type: 'dropColumn', table, column: name })),
    ...renames([...columns]).map(([column, name]): SchemaEdit => ({ type: 'renameColumn', table, column, name })),
  ]
}

/** All by the new names. */
function changedColumns({ before, after, columns }: TablePair, pairs: readonly TablePair[]): readonly SchemaEdit[] {
  const table = after.name
  const oldNames = new Map([...columns].map(([old, now]) => [now, old]))
  const oldOf = (name: string) => before.columns.find((column) => column.name === oldNames.get(name))
  const order = before.columns.flatMap(({ name }) => columns.get(name) ?? [])
  const edits: SchemaEdit[] = []
  for (const [position, column] of after.columns.entries()) {
    if (oldOf(column.name)) continue
    edits.push({ type: 'addColumn', table, column: withoutWaiting(column, pairs), position })
    order.splice(Math.min(position, order.length), 0, column.name)
  }
  for (const column of after.columns) edits.push(...columnChanges(table, oldOf(column.name), column))
  const had = new Set((before.unique ?? []).map((set) => uniqueSetKey(set.map((name) => columns.get(name) ?? ''))))
  for (const set of after.unique ?? [])
    if (!had.has(uniqueSetKey(set))) edits.push({ type: 'addUnique', table, columns: set })
  if (before.comment !== after.comment) edits.push({ type: 'setComment', table, comment: after.comment ?? null })
  return [...edits, ...moves(table, order, after)]
}

function columnChanges(table: string, before: ColumnSchema | undefined, after: ColumnSchema): readonly SchemaEdit[] {
  if (!before) return []
  const [old, next] = [canonicalColumn(before), canonicalColumn(after)]
  const at = { table, column: after.name }
  const isRetyped = old.type !== next.type
  const mustClear = isRetyped && old.default !== undefined
  return [
    ...(mustClear ? [{ type: 'setDefault', ...at, default: null } as const] : []),
    ...(isRetyped ? [{ type: 'changeType', ...at, to: next.type } as const] : []),
    ...(old.default !== next.default || (mustClear && next.default !== undefined)
      ? [{ type: 'setDefault', ...at, default: next.default ?? null } as const]
      : []),
    ...(old.required !== next.required && next.primary_key !== true
      ? [{ type: 'setRequired', ...at, required: next.required === true } as const]
      : []),
    ...(old.unique !== next.unique ? [{ type: 'setUnique', ...at, unique: next.unique === true } as const] : []),
    ...(old.comment !== next.comment ? [{ type: 'setComment', ...at, comment: next.comment ?? null } as const] : []),
  ]
}

function moves(table: string, order: readonly string[], after: TableSchema): readonly SchemaEdit[] {
  const now = [...order]
  return after.columns.flatMap(({ name }, position): readonly SchemaEdit[] => {
    if (now[position] === name) return []
    now.splice(now.indexOf(name), 1)
    now.splice(position, 0, name)
    return [{ type: 'moveColumn', table, column: name, position }]
  })
}

/**
 * Renames in an order in which no name is taken twice, of all names that stay. Where names go round in a circle one of
 * them steps aside first.
 */
function renames(wanted: readonly (readonly [string, string])[]): readonly (readonly [string, string])[] {
  const taken = new Set(wanted.map(([old]) => old))
  let open = wanted.filter(([old, now]) => old !== now)
  const done: (readonly [string, string])[] = []
  const rename = (old: string, now: string) => {
    taken.delete(old)
    taken.add(now)
    done.push([old, now])
  }
  while (open.length > 0) {
    const next = open.find(([, now]) => !taken.has(now))
    if (next) {
      rename(...next)
      open = open.filter((one) => one !== next)
      continue
    }
    const [first, ...rest] = open
    if (!first) break
    const aside = asideName(first[0], taken)
    rename(first[0], aside)
    open = [...rest, [aside, first[1]]]
  }
  return done
}

function asideName(name: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const aside = `${name.slice(0, 55)}_was_${n}`
    if (!taken.has(aside)) return aside
  }
}
