import { columnDefault } from '@shared/domain/column-default'
import type { ColumnSchema, TableSchema } from '@shared/domain/table-schema'
import type { LooseColumn, LooseReference } from './loose-column'
import type { LooseTable } from './loose-table'
import { columnNameOf } from './names'
import type { Remarks } from './remarks'

/** A new table on its way: its columns have their names and types, its references are still words of the model. */
export interface DesignedTable {
  readonly name: string
  readonly columns: readonly DesignedColumn[]
  readonly unique: readonly (readonly string[])[]
  readonly indexes: readonly (readonly string[])[]
  /** From what the model calls a column, in snake_case, to its name here. */
  readonly aliases: ReadonlyMap<string, string>
  readonly loose: LooseTable
}

export interface DesignedColumn extends ColumnSchema {
  readonly to?: LooseReference | undefined
}

/** Columns of a table as we keep them: snake_case, our types, `id uuid` as the key, the two times. */
export function designTable(name: string, loose: LooseTable, remarks: Remarks): DesignedTable {
  const aliases = new Map<string, string>()
  const at = (column: string): string => `${name}.${column}`
  for (const piece of loose.unread) remarks.doubt(`Table "${name}" has a column that cannot be read: ${piece}.`)

  const columns: DesignedColumn[] = []
  const keys: string[] = []
  for (const column of loose.columns) {
    const named = columnNameOf(column.name)
    if (named === null) {
      remarks.doubt(
        `Table "${name}" has a column named ${JSON.stringify(column.name.slice(0, 60))}, which holds no letter.`,
      )
      continue
    }
    aliases.set(column.name, named)
    if (columns.some((other) => other.name === named)) {
      remarks.add(duplicateColumns, at(named))
      continue
    }
    if (named !== column.name) remarks.add(renamed, `${column.name} to ${named}`)
    if (column.unknownType !== undefined)
      remarks.doubt(
        `Column "${named}" of table "${name}" has the type "${column.unknownType.slice(0, 60)}", which does not exist.`,
      )
    if (column.isKey || loose.key.includes(column.name)) keys.push(named)
    columns.push(designColumn(named, column))
  }
  if (loose.columns.length === 0) remarks.doubt(`Table "${name}" has no columns.`)
  return withTimes(withKey({ name, columns, unique: [], indexes: [], aliases, loose }, keys, remarks), remarks)
}

export function designColumn(name: string, column: LooseColumn): DesignedColumn {
  return {
    name,
    type: column.type,
    ...(column.unique ? { unique: true } : {}),
    ...(column.required ? { required: true } : {}),
    ...(column.default === undefined ? {} : { default: column.default }),
    ...(column.references === undefined ? {} : { to: column.references }),
  }
}

/** Without a default that does not fit the column. */
export function withFittingDefault(column: ColumnSchema, table: string, remarks: Remarks): ColumnSchema {
  const { default: text, ...rest } = column
  if (text === undefined) return column
  if (text.length <= 10_000 && columnDefault(column).kind !== 'misfit') return column
  remarks.add(misfitDefaults, `${table}.${column.name}`)
  return rest
}

/** Every table has `id uuid`; what the model chose as the key stays unique. */
function withKey(table: DesignedTable, keys: readonly string[], remarks: Remarks): DesignedTable {
  const aliases = new Map(table.aliases)
  const id: DesignedColumn = { name: 'id', type: 'uuid', primary_key: true, default: 'gen_random_uuid()' }
  const [first, ...more] = keys
  const key = table.columns.find(({ name }) => name === first)
  const others = (skipped: string) => table.columns.filter(({ name }) => name !== skipped && name !== 'id')
  if (key !== undefined && more.length === 0 && (key.name === 'id' || isNumbering(key))) {
    if (key.name !== 'id') remarks.add(renamedKeys, `${table.name}.${key.name}`)
    for (const [alias, name] of aliases) if (name === key.name) aliases.set(alias, 'id')
    aliases.set(key.name, 'id')
    return { ...table, aliases, columns: [id, ...others(key.name)] }
  }
  if (!table.columns.some(({ name }) => name === 'id')) remarks.add(addedColumns, `${table.name}.id`)
  const columns = others('id').map((column) =>
    keys.includes(column.name) ? { ...column, required: true, ...(more.length === 0 ? { unique: true } : {}) } : column,
  )
  const set = keys.filter((name) => name !== 'id')
  return { ...table, columns: [id, ...columns], unique: set.length > 1 ? [set] : [] }
}

/** A key that only numbers records, and says nothing about them. */
function isNumbering({ name, type, to }: DesignedColumn): boolean {
  return to === undefined && (/^(uuid|smallint|integer|bigint)$/.test(type) || /(^|_)id$/.test(name))
}

function withTimes(table: DesignedTable, remarks: Remarks): DesignedTable {
  const times = ['created_at', 'updated_at']
  const kept = table.columns.map((column) =>
    times.includes(column.name) ? { name: column.name, type: 'timestamptz', default: 'now()' } : column,
  )
  const missing = times.filter((name) => !kept.some((column) => column.name === name))
  for (const name of missing) remarks.add(addedColumns, `${table.name}.${name}`)
  return { ...table, columns: [...kept, ...missing.map((name) => ({ name, type: 'timestamptz', default: 'now()' }))] }
}

/** The table without what only its making needs; references as `resolved` says. */
export function asSchema(table: DesignedTable, columns: readonly ColumnSchema[]): TableSchema {
  return { name: table.name, columns, ...(table.unique.length === 0 ? {} : { unique: table.unique }) }
}

const renamed = (places: string) => `Renamed ${places}: names are in snake_case, and no words of SQL.`
const renamedKeys = (places: string) => `The key of each table is "id", a uuid; it replaces ${places}.`
const addedColumns = (places: string) => `Added ${places}.`
const duplicateColumns = (places: string) => `Named twice and taken once: ${places}.`
const misfitDefaults = (places: string) => `Left out a default that does not fit its type: ${places}.`
