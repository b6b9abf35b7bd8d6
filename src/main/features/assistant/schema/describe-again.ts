import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { ColumnSchema, TableSchema } from '@shared/domain/table-schema'
import type { Remarks } from './remarks'

/** Columns that every table has, so that leaving them out says nothing. */
const ofItself = new Set(['id', 'created_at', 'updated_at', 'password_hash'])

/**
 * What changes when a table that is there is described once more. In a draft the description is how it is to be. Of a
 * table with records only columns that are new are taken: a model repeats tables it was shown, and seldom exactly.
 */
export function describeAgain(
  table: TableSchema,
  described: TableSchema,
  isReal: boolean,
  remarks: Remarks,
): readonly SchemaEdit[] {
  const has = ({ columns }: TableSchema, name: string) => columns.some((column) => column.name === name)
  const added = described.columns.filter(({ name }) => !has(table, name) && !isSynonym(table, name))
  if (isReal) {
    if (described.columns.some((column) => differs(table, column))) remarks.add(leftAlone, table.name)
    // Nor are columns added that the answer did not name and got because every new table has them.
    return added
      .filter(({ name }) => !ofItself.has(name))
      .map((column) => ({ type: 'addColumn', table: table.name, column: optional(column) }))
  }
  const isWhole = described.columns.some(({ name }) => has(table, name) && !ofItself.has(name))
  const dropped = isWhole ? table.columns.filter(({ name }) => !has(described, name) && !ofItself.has(name)) : []
  const renames = pairs(dropped, added)
  return [
    ...renames.map(
      ([from, to]): SchemaEdit => ({ type: 'renameColumn', table: table.name, column: from.name, name: to.name }),
    ),
    ...added
      .filter((column) => !renames.some(([, to]) => to === column))
      .map((column): SchemaEdit => ({ type: 'addColumn', table: table.name, column })),
    ...described.columns.flatMap((column) => changes(table, column)),
    ...(described.unique ?? [])
      .filter((names) => !(table.unique ?? []).some((other) => [...other].sort().join() === [...names].sort().join()))
      .map((names): SchemaEdit => ({ type: 'addUnique', table: table.name, columns: names })),
    ...dropped
      .filter((column) => !renames.some(([from]) => from === column))
      .map((column): SchemaEdit => ({ type: 'dropColumn', table: table.name, column: column.name })),
  ]
}

/** A column that goes and one of its type that comes are one column with another name, when that is the only way to read it. */
export function pairs(
  dropped: readonly ColumnSchema[],
  added: readonly ColumnSchema[],
): readonly (readonly [ColumnSchema, ColumnSchema])[] {
  const alike = (from: ColumnSchema, to: ColumnSchema) =>
    from.type === to.type && from.references?.table === to.references?.table
  return dropped.flatMap((from): readonly (readonly [ColumnSchema, ColumnSchema])[] => {
    const to = added.filter((each) => alike(from, each))
    const only = to.length === 1 && dropped.filter((each) => to[0] && alike(each, to[0])).length === 1
    return only && to[0] ? [[from, to[0]]] : []
  })
}

function changes({ name: table, columns }: TableSchema, to: ColumnSchema): readonly SchemaEdit[] {
  const from = columns.find(({ name }) => name === to.name)
  if (from === undefined || ofItself.has(to.name) || from.primary_key === true) return []
  const { name: column } = to
  const edits: SchemaEdit[] = []
  if (from.type !== to.type) edits.push({ type: 'changeType', table, column, to: to.type })
  if ((from.required === true) !== (to.required === true))
    edits.push({ type: 'setRequired', table, column, required: to.required === true })
  if ((from.unique === true) !== (to.unique === true))
    edits.push({ type: 'setUnique', table, column, unique: to.unique === true })
  if (from.default !== to.default) edits.push({ type: 'setDefault', table, column, default: to.default ?? null })
  if (JSON.stringify(from.references ?? null) !== JSON.stringify(to.references ?? null))
    edits.push({ type: 'setReference', table, column, references: to.references ?? null })
  return edits
}

function differs(table: TableSchema, column: ColumnSchema): boolean {
  return changes(table, column).length > 0
}

/** Records that are there have no value for it. */
export function optional({ required: _, ...column }: ColumnSchema): ColumnSchema {
  return column
}

/** Models call these columns of `users` by other names. */
function isSynonym(table: TableSchema, name: string): boolean {
  const meant = table.name === 'users' ? synonyms.get(name) : undefined
  return meant !== undefined && table.columns.some((column) => column.name === meant)
}

const synonyms = new Map(
  Object.entries({
    password: 'password_hash',
    hashed_password: 'password_hash',
    password_digest: 'password_hash',
    name: 'full_name',
    avatar: 'avatar_url',
    email_address: 'email',
  }),
)

const leftAlone = (places: string) =>
  `Left as they are, because they exist and the answer described them differently: ${places}.`
