import { AppError } from '../app-error'
import { assertNever } from '../assert-never'
import { checkTable, invalid, uniqueSetKey } from './check-table'
import { normaliseTable } from './normalise-table'
import type { DatabaseSchema, SchemaEdit } from './schema-edit'
import { hasSecretColumn, isSecretColumn } from './secret-column'
import { type ColumnSchema, hasUuidId, type TableSchema } from './table-schema'

/**
 * The schema after the edit. Pure; throws a sentence when the edit makes no sense on this schema. What the edit does
 * to records that exist is the tables service's to say.
 */
export function applyEdit(schema: DatabaseSchema, edit: SchemaEdit): DatabaseSchema {
  const next = write(schema, edit)
  for (const table of next.tables) {
    // Only a table that changed, or whose target changed, can have become wrong.
    if (schema.tables.includes(table) && !table.columns.some(({ references }) => references)) continue
    checkTable(table, next)
  }
  return next
}

function write(schema: DatabaseSchema, edit: SchemaEdit): DatabaseSchema {
  switch (edit.type) {
    case 'addTable': {
      const table = normaliseTable(edit.table)
      refuseTakenTable(schema, table.name)
      return { tables: [...schema.tables, table] }
    }
    case 'dropTable': {
      const table = findTable(schema, edit.table)
      refuseReferenced(schema, table)
      return { tables: schema.tables.filter((other) => other !== table) }
    }
    case 'renameTable':
      return renameTable(schema, findTable(schema, edit.table), edit.name)
    case 'addColumn':
      return changeTable(schema, edit.table, (table) => {
        refuseTakenColumn(table, edit.column.name)
        if (edit.column.primary_key)
          throw invalid(
            `Column "${edit.column.name}" cannot join the key of table "${table.name}". A key is chosen when the table is made.`,
            table,
            edit.column,
          )
        return { ...table, columns: insertAt(table.columns, withoutUndefined(edit.column), edit.position) }
      })
    case 'dropColumn':
      return changeTable(schema, edit.table, (table) => {
        const column = findColumn(table, edit.column)
        if (column.primary_key) throw keyColumn(table, column, 'cannot be dropped')
        refuseReferenced(schema, table, column.name)
        // As in SQL, a rule over several columns goes with any of them.
        return withUnique(
          { ...table, columns: table.columns.filter((other) => other !== column) },
          (table.unique ?? []).filter((names) => !names.includes(column.name)),
        )
      })
    case 'renameColumn':
      return renameColumn(schema, findTable(schema, edit.table), edit.column, edit.name)
    case 'changeType':
      return changeColumn(schema, edit, (column) => ({ ...column, type: edit.to.replace(/\s+/g, '') }))
    case 'moveColumn':
      return changeTable(schema, edit.table, (table) => {
        const column = findColumn(table, edit.column)
        const others = table.columns.filter((other) => other !== column)
        return { ...table, columns: insertAt(others, column, edit.position) }
      })
    case 'setRequired':
      return changeColumn(schema, edit, (column, table) => {
        if (column.primary_key && !edit.required) throw keyColumn(table, column, 'is always required')
        return { ...column, required: edit.required }
      })
    case 'setUnique':
      return changeColumn(schema, edit, (column) => ({ ...column, unique: edit.unique }))
    case 'addUnique':
      return changeTable(schema, edit.table, (table) => withUnique(table, [...(table.unique ?? []), [...edit.columns]]))
    case 'dropUnique':
      return changeTable(schema, edit.table, (table) => {
        const sets = table.unique ?? []
        const key = uniqueSetKey(edit.columns)
        const rest = sets.filter((names) => uniqueSetKey(names) !== key)
        if (rest.length === sets.length)
          throw invalid(
            `Table "${table.name}" has no rule that ${edit.columns.map((name) => `"${name}"`).join(', ')} are unique together.`,
            table,
          )
        return withUnique(table, rest)
      })
    case 'setDefault':
      return changeColumn(schema, edit, ({ default: _, ...column }) =>
        edit.default === null ? column : { ...column, default: edit.default },
      )
    case 'setReference':
      return changeColumn(schema, edit, ({ references: _, ...column }) =>
        edit.references === null ? column : { ...column, references: edit.references },
      )
    case 'setComment': {
      const said = edit.comment === null ? {} : { comment: edit.comment }
      return changeTable(schema, edit.table, ({ comment, ...table }) => {
        if (edit.column === undefined) return { ...table, ...said }
        const commented = findColumn(table, edit.column)
        const { comment: _, ...rest } = commented
        const columns = table.columns.map((other) => (other === commented ? { ...rest, ...said } : other))
        return { ...table, ...(comment === undefined ? {} : { comment }), columns }
      })
    }
    default:
      return assertNever(edit)
  }
}

function changeTable(
  schema: DatabaseSchema,
  name: string,
  change: (table: TableSchema) => TableSchema,
): DatabaseSchema {
  const table = findTable(schema, name)
  const changed = change(table)
  if (hasUuidId(table) !== hasUuidId(changed)) throw keepsIdentity(table)
  return { tables: schema.tables.map((other) => (other === table ? changed : other)) }
}

function changeColumn(
  schema: DatabaseSchema,
  edit: { readonly table: string; readonly column: string },
  change: (column: ColumnSchema, table: TableSchema) => ColumnSchema,
): DatabaseSchema {
  return changeTable(schema, edit.table, (table) => {
    const column = findColumn(table, edit.column)
    const changed = change(column, table)
    if (isSecretColumn(table.name, column.name) && changed.required === column.required) throw keepsSecret(table)
    return { ...table, columns: table.columns.map((other) => (other === column ? changed : other)) }
  })
}

function renameTable(schema: DatabaseSchema, table: TableSchema, name: string): DatabaseSchema {
  if (name === table.name) return schema
  refuseTakenTable(schema, name)
  if (hasSecretColumn(table)) throw keepsSecret(table)
  return {
    tables: schema.tables.map((other) => ({
      ...other,
      name: other === table ? name : other.name,
      columns: other.columns.map((column) =>
        column.references?.table === table.name
          ? { ...column, references: { ...column.references, table: name } }
          : column,
      ),
    })),
  }
}

function renameColumn(schema: DatabaseSchema, table: TableSchema, from: string, to: string): DatabaseSchema {
  const column = findColumn(table, from)
  if (from === to) return schema
  refuseTakenColumn(table, to)
  if (isSecretColumn(table.name, from) || isSecretColumn(table.name, to)) throw keepsSecret(table)
  const tables = schema.tables.map((other) => ({
    ...other,
    ...(other === table && table.unique
      ? { unique: table.unique.map((names) => names.map((name) => (name === from ? to : name))) }
      : {}),
    columns: other.columns.map((candidate) => {
      const renamed = candidate === column ? { ...candidate, name: to } : candidate
      const { references } = renamed
      return references?.table === table.name && references.column === from
        ? { ...renamed, references: { ...references, column: to } }
        : renamed
    }),
  }))
  const renamed = tables.find(({ name }) => name === table.name)
  if (renamed && hasUuidId(table) !== hasUuidId(renamed)) throw keepsIdentity(table)
  return { tables }
}

export function findTable(schema: DatabaseSchema, name: string): TableSchema {
  const table = schema.tables.find((candidate) => candidate.name === name)
  if (!table) throw new AppError('NOT_FOUND', `There is no table "${name}".`, { details: { table: name } })
  return table
}

export function findColumn(table: TableSchema, name: string): ColumnSchema {
  const column = table.columns.find((candidate) => candidate.name === name)
  if (!column) throw invalid(`Table "${table.name}" has no column "${name}".`, table, { name })
  return column
}

function refuseTakenTable(schema: DatabaseSchema, name: string): void {
  if (schema.tables.some((table) => table.name === name))
    throw new AppError('CONFLICT', `There is already a table "${name}". Choose another name.`, {
      details: { table: name },
    })
}

function refuseTakenColumn(table: TableSchema, name: string): void {
  if (table.columns.some((column) => column.name === name))
    throw new AppError('CONFLICT', `Table "${table.name}" already has a column "${name}". Choose another name.`, {
      details: { table: table.name, column: name },
    })
}

/** References from other tables; a table's references to itself go with it, a column's do not. */
function refuseReferenced(schema: DatabaseSchema, table: TableSchema, column?: string): void {
  for (const other of schema.tables) {
    if (other === table && column === undefined) continue
    const by = other.columns.find(
      ({ name, references }) =>
        references?.table === table.name &&
        (column === undefined || (references.column === column && !(other === table && name === column))),
    )
    if (!by) continue
    const what = column === undefined ? `Table "${table.name}"` : `Column "${column}" of table "${table.name}"`
    throw new AppError(
      'CONSTRAINT',
      `${what} is referenced by "${other.name}"."${by.name}". Remove that reference first.`,
      { details: { table: other.name, column: by.name, constraint: 'reference' } },
    )
  }
}

function keyColumn(table: TableSchema, column: ColumnSchema, what: string): AppError {
  return invalid(`Column "${column.name}" is part of the key of table "${table.name}" and ${what}.`, table, column)
}

function keepsIdentity(table: TableSchema): AppError {
  return invalid(
    `A single uuid key named "id" is the identity of a table's records, so the name and the type of the key of table "${table.name}" cannot change to or from that.`,
    table,
  )
}

function keepsSecret(table: TableSchema): AppError {
  return new AppError(
    'FORBIDDEN',
    'The table "users" keeps its name and its column "password_hash": people sign in with them.',
    { details: { table: table.name } },
  )
}

function withUnique({ unique: _, ...table }: TableSchema, unique: readonly (readonly string[])[]): TableSchema {
  return unique.length === 0 ? table : { ...table, unique }
}

function insertAt(
  columns: readonly ColumnSchema[],
  column: ColumnSchema,
  position: number | undefined,
): readonly ColumnSchema[] {
  const at = Math.min(position ?? columns.length, columns.length)
  return [...columns.slice(0, at), column, ...columns.slice(at)]
}

function withoutUndefined(column: ColumnSchema): ColumnSchema {
  const given = Object.entries(column).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(given), name: column.name, type: column.type.replace(/\s+/g, '') }
}
