import { randomUUID } from 'node:crypto'
import { typeOf } from '@shared/domain/check-table'
import { coerceValue, parseValue } from '@shared/domain/coerce-value'
import type { DatabaseSchema } from '@shared/domain/schema-edit'
import { isSecretColumn } from '@shared/domain/secret-column'
import type { ColumnSchema, TableSchema } from '@shared/domain/table-schema'
import type { JsonObject, JsonValue } from '@shared/json'
import { isObject, member, textMember, texts } from './loose'
import { snakeCase } from './names'

/** Records of one table that show what it is for; references are right among them. */
export interface SampleRecords {
  readonly table: string
  readonly records: readonly JsonObject[]
}

/** Records of a table that are taken. */
const mostRecords = 20

export interface LooseSamples {
  /** A name of a table in the draft. */
  readonly table: string
  readonly rows: readonly JsonValue[]
  readonly columns: readonly string[]
}

/** `[{"table", "columns", "rows"}]`, `[{"table", "records"}]` and `{"posts": [...]}`. */
export function readSamples(value: JsonValue | undefined): readonly LooseSamples[] {
  if (isObject(value) && textMember(value, 'table') === undefined)
    return Object.entries(value).flatMap(([table, rows]) => (Array.isArray(rows) ? [{ table, rows, columns: [] }] : []))
  const list: readonly JsonValue[] = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return list.flatMap((each) => {
    if (!isObject(each)) return []
    const table = textMember(each, 'table', 'name', 'table_name')
    const rows = member(each, 'rows', 'records', 'values', 'data')
    return table === undefined || !Array.isArray(rows) ? [] : [{ table, rows, columns: texts(member(each, 'columns')) }]
  })
}

/**
 * The samples that fit the schema, parents before children. A value that does not fit is left out; a record that then
 * lacks what is required is left out too. References are numbers of the target's records, 1 for the first.
 */
export function fitSamples(schema: DatabaseSchema, samples: readonly LooseSamples[]): readonly SampleRecords[] {
  const ids = new Map<string, readonly string[]>()
  const rows = new Map<string, readonly JsonObject[]>()
  for (const { table, rows: given, columns } of samples) {
    const target = schema.tables.find(({ name }) => name === table)
    if (target === undefined || rows.has(table) || !hasUuidKey(target)) continue
    const objects = given.slice(0, mostRecords).flatMap((row) => asObject(target, row, columns))
    rows.set(table, objects)
    ids.set(
      table,
      objects.map(() => randomUUID()),
    )
  }
  const kept = new Map<string, readonly JsonObject[]>()
  const gone = new Set<string>()
  for (const table of inOrder(schema, [...rows.keys()])) {
    const own = ids.get(table.name) ?? []
    const seen = new Set<string>()
    const records = (rows.get(table.name) ?? []).flatMap((row, index): readonly JsonObject[] => {
      const id = own[index] ?? randomUUID()
      const record = fitRecord(table, row, id, { ids, gone, seen })
      if (record === null) gone.add(id)
      return record === null ? [] : [record]
    })
    if (records.length > 0) kept.set(table.name, records)
  }
  return [...kept].map(([table, records]) => ({ table, records }))
}

function hasUuidKey({ columns }: TableSchema): boolean {
  return columns.some(({ name, type, primary_key }) => name === 'id' && type === 'uuid' && primary_key === true)
}

function asObject(table: TableSchema, row: JsonValue, columns: readonly string[]): readonly JsonObject[] {
  const entries = Array.isArray(row)
    ? (columns.length > 0 ? columns : table.columns.map(({ name }) => name)).map(
        (name, index) => [name, row[index] ?? null] as const,
      )
    : isObject(row)
      ? Object.entries(row)
      : []
  const known = entries.flatMap(([name, value]) => {
    const column = columnNamed(table, name)
    return column === undefined || value === null ? [] : [[column.name, value] as const]
  })
  return known.length === 0 ? [] : [Object.fromEntries(known)]
}

function columnNamed({ columns }: TableSchema, raw: string): ColumnSchema | undefined {
  const name = snakeCase(raw, 'column')
  return columns.find((column) => column.name === name) ?? columns.find((column) => column.name === `${name}_id`)
}

interface Fitting {
  readonly ids: ReadonlyMap<string, readonly string[]>
  readonly gone: ReadonlySet<string>
  /** `column value` of unique columns. */
  readonly seen: Set<string>
}

function fitRecord(table: TableSchema, row: JsonObject, id: string, { ids, gone, seen }: Fitting): JsonObject | null {
  const record: Record<string, JsonValue> = { id }
  for (const column of table.columns) {
    if (column.primary_key === true || isSecretColumn(table.name, column.name)) continue
    const given = row[column.name]
    const value = given === undefined ? undefined : fitValue(column, given, ids)
    const isUsable = value !== undefined && !(typeof value === 'string' && gone.has(value))
    if (isUsable && column.unique === true) {
      const key = `${column.name} ${JSON.stringify(value)}`
      if (seen.has(key)) return null
      seen.add(key)
    }
    if (isUsable) record[column.name] = value
    else if (column.required === true && column.default === undefined) return null
  }
  for (const names of table.unique ?? []) {
    const key = `${names.join()} ${JSON.stringify(names.map((name) => record[name] ?? null))}`
    if (seen.has(key)) return null
    seen.add(key)
  }
  // People sign in with a password, which a sample has not.
  return table.columns.some(({ name, required }) => required === true && isSecretColumn(table.name, name))
    ? null
    : record
}

function fitValue(column: ColumnSchema, value: JsonValue, ids: Fitting['ids']): JsonValue | undefined {
  if (column.references !== undefined) {
    const number = typeof value === 'number' ? value : Number(/^#?(\d+)$/.exec(String(value))?.[1])
    return column.references.column === 'id' ? ids.get(column.references.table)?.[number - 1] : undefined
  }
  const type = typeOf(column)
  const coerced = typeof value === 'string' ? parseValue(type, value) : coerceValue(type, value)
  return coerced.ok ? coerced.value : undefined
}

/** Those that are referenced first. A circle is cut where it is met again. */
function inOrder(schema: DatabaseSchema, names: readonly string[]): readonly TableSchema[] {
  const ordered: TableSchema[] = []
  const visit = (name: string, above: readonly string[]) => {
    const table = schema.tables.find((each) => each.name === name)
    if (table === undefined || !names.includes(name) || above.includes(name) || ordered.includes(table)) return
    for (const { references } of table.columns) if (references) visit(references.table, [...above, name])
    if (!ordered.includes(table)) ordered.push(table)
  }
  for (const name of names) visit(name, [])
  return ordered
}
