import { AppError } from '@shared/app-error'
import { applyEdit } from '@shared/domain/apply-edit'
import { isUniqueColumn } from '@shared/domain/check-table'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import type { ColumnSchema, OnDelete, TableSchema } from '@shared/domain/table-schema'
import fc from 'fast-check'

/** Names that collide, are words of SQL, or are as long as they may be. */
const tableNames = ['a', 'a_b', 'a_pkey', 'order', 'user', 'orders', 'people', `t${'x'.repeat(62)}`]
const columnNames = ['id', 'b', 'b_c', 'c', 'c_key', 'select', 'name', 'parent', `c${'y'.repeat(62)}`]
const types = [
  'integer',
  'bigint',
  'text',
  'varchar(20)',
  'numeric(10,2)',
  'uuid',
  'timestamptz',
  'date',
  'boolean',
  'jsonb',
  'text[]',
  'double',
]
const defaults: Readonly<Record<string, readonly string[]>> = {
  integer: ['0', '-7'],
  bigint: ['12345678901'],
  text: ["it's", 'now()', 'a\\b', ''],
  'varchar(20)': ['x'],
  'numeric(10,2)': ['1.50'],
  uuid: ['gen_random_uuid()'],
  timestamptz: ['now()', '2020-01-02T03:04:05Z'],
  date: ['now()', '2020-02-29'],
  boolean: ['true'],
  jsonb: ['{"a": [1, "it\'s"]}'],
  'text[]': ['{a,"b c"}'],
  double: ['0.5'],
}

/** An edit that mostly makes sense, chosen by numbers: what it is about is looked up in the schema. */
export const choices = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 6, maxLength: 6 })

/** The edits of the choices that the schema takes, and the schema after them. */
export function playChoices(
  start: DatabaseSchema,
  steps: readonly (readonly number[])[],
): { readonly edits: readonly SchemaEdit[]; readonly schema: DatabaseSchema } {
  const edits: SchemaEdit[] = []
  let schema = start
  for (const step of steps) {
    const edit = editOf(schema, step)
    if (!edit) continue
    try {
      schema = applyEdit(schema, edit)
      edits.push(edit)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
    }
  }
  return { edits, schema }
}

function editOf(
  schema: DatabaseSchema,
  [kind = 0, a = 0, b = 0, c = 0, d = 0, e = 0]: readonly number[],
): SchemaEdit | null {
  const table = pick(schema.tables, a)
  if (!table || kind % 17 === 0) return { type: 'addTable', table: tableOf(schema, [b, c, d, e]) }
  const column = pick(table.columns, b)
  if (!column) return null
  const at = { table: table.name, column: column.name }
  switch (kind % 17) {
    case 1:
      return { type: 'dropTable', table: table.name }
    case 2:
      return { type: 'renameTable', table: table.name, name: pick(tableNames, c) ?? 'a' }
    case 3:
    case 4:
      return { type: 'addColumn', table: table.name, column: columnOf(schema, [c, d, e]), position: d % 5 }
    case 5:
      return { type: 'dropColumn', ...at }
    case 6:
      return { type: 'renameColumn', ...at, name: pick(columnNames, c) ?? 'b' }
    case 7:
      return { type: 'changeType', ...at, to: pick(types, c) ?? 'text' }
    case 8:
      return { type: 'moveColumn', ...at, position: c % 6 }
    case 9:
      return { type: 'setRequired', ...at, required: c % 2 === 0 }
    case 10:
      return { type: 'setUnique', ...at, unique: c % 3 > 0 }
    case 11:
      return { type: 'addUnique', table: table.name, columns: setOf(table, c) }
    case 12: {
      const set = pick(table.unique ?? [], c)
      return set ? { type: 'dropUnique', table: table.name, columns: [...set].reverse() } : null
    }
    case 13:
      return { type: 'setDefault', ...at, default: c % 3 === 0 ? null : (pick(defaults[column.type] ?? [], d) ?? null) }
    case 14:
    case 15:
      return { type: 'setReference', ...at, references: c % 4 === 0 ? null : referenceOf(schema, column.type, d, e) }
    default:
      return {
        type: 'setComment',
        table: table.name,
        ...(c % 2 === 0 ? { column: column.name } : {}),
        comment: d % 3 === 0 ? null : `It's ${d % 10} \\ "quoted"`,
      }
  }
}

function tableOf(schema: DatabaseSchema, [a = 0, b = 0, c = 0, d = 0]: readonly number[]) {
  const columns = [columnOf(schema, [b, c, d]), columnOf(schema, [c, d, b]), columnOf(schema, [d, b, c])]
  const own = columns.filter(({ name }, index) => columns.findIndex((column) => column.name === name) === index)
  const isKeyed = b % 3 === 0
  return {
    name: pick(tableNames, a) ?? 'a',
    columns: own.map((column, index) => (isKeyed && index < 1 + (c % 2) ? { ...column, primary_key: true } : column)),
    ...(d % 4 === 0 ? { comment: 'A table' } : {}),
    ...(b % 5 === 0 && !isKeyed ? { primary_key: false, timestamps: false } : {}),
  }
}

function columnOf(schema: DatabaseSchema, [a = 0, b = 0, c = 0]: readonly number[]): ColumnSchema {
  const type = pick(types, b) ?? 'text'
  const fallback = c % 3 === 0 ? pick(defaults[type] ?? [], a) : undefined
  const references = c % 5 === 0 ? referenceOf(schema, type, a, b) : null
  return {
    name: pick(columnNames, a) ?? 'b',
    type,
    ...(b % 3 === 0 ? { required: true } : {}),
    ...(a % 4 === 0 ? { unique: true } : {}),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(references ? { references } : {}),
    ...(a % 6 === 0 ? { comment: 'A column' } : {}),
  }
}

function referenceOf(schema: DatabaseSchema, type: string, a: number, b: number) {
  const targets = schema.tables.flatMap((table) =>
    table.columns.flatMap((column) =>
      column.type === type && isUniqueColumn(table, column) ? [{ table: table.name, column: column.name }] : [],
    ),
  )
  const target = pick(targets, a)
  const actions: readonly OnDelete[] = ['cascade', 'restrict', 'set_null']
  const on_delete = pick(actions, b)
  return target ? { ...target, ...(b % 4 === 0 || !on_delete ? {} : { on_delete }) } : null
}

function setOf(table: TableSchema, seed: number): readonly string[] {
  const names = table.columns.map(({ name }) => name)
  return names.filter((_, index) => ((seed >> index) & 1) === 1).slice(0, 3)
}

function pick<T>(items: readonly T[], seed: number): T | undefined {
  return items[seed % Math.max(1, items.length)]
}
