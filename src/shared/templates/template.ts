import { columnDefault } from '../domain/column-default'
import type { SchemaEdit } from '../domain/schema-edit'
import type { ColumnSchema, OnDelete, TableSchemaInput } from '../domain/table-schema'
import type { JsonObject, JsonValue } from '../json'

/** A table of a template in short form: `readTemplateTable` says how it is read. */
export interface TemplateTable {
  readonly name: string
  readonly comment: string
  /** `title text required unique = draft -> authors cascade`, one column a line. */
  readonly columns: string
  readonly unique?: readonly (readonly string[])[]
  /** The columns of the sample records; `id` numbers them. */
  readonly sample: string
  /** Where a column is a uuid, a number stands for the record of that number: its own, or of the table it refers to. */
  readonly rows: readonly (readonly JsonValue[])[]
}

/** A database to begin with: tables, each after those it refers to, and records to look at. */
export interface Template {
  readonly id: string
  readonly name: string
  /** What it is for, as one sentence. */
  readonly sentence: string
  readonly tables: readonly TemplateTable[]
}

export interface SampleTable {
  readonly table: string
  readonly records: readonly JsonObject[]
}

/** `taken`: names that the database has already; a table of the template then gets a number behind its name. */
export function templateEdits(template: Template, taken: readonly string[]): readonly SchemaEdit[] {
  const names = namesFor(template, taken)
  return template.tables.map((table) => ({ type: 'addTable', table: renamed(readTemplateTable(table), names) }))
}

/** The records of the template under the same names. */
export function templateSamples(template: Template, taken: readonly string[]): readonly SampleTable[] {
  const names = namesFor(template, taken)
  const numbers = new Map(template.tables.map(({ name }, index) => [name, index + 1]))
  const idOf = (table: string, n: number) =>
    `5e7a0000-0000-4000-8000-${String(numbers.get(table) ?? 0).padStart(4, '0')}${String(n).padStart(8, '0')}`
  return template.tables.map((table) => {
    const { columns } = readTemplateTable(table)
    const shown = words(table.sample)
    const records = table.rows.map((row) =>
      Object.fromEntries(
        shown.map((name, index) => {
          const value = row[index] ?? null
          const column = columns.find((one) => one.name === name)
          const isId = typeof value === 'number' && (name === 'id' || column?.type === 'uuid')
          return [name, isId ? idOf(column?.references?.table ?? table.name, value) : value] as const
        }),
      ),
    )
    return { table: names.get(table.name) ?? table.name, records }
  })
}

/** The table with its key and times left to be added by themselves. */
export function readTemplateTable({ name, comment, columns, unique }: TemplateTable): TableSchemaInput {
  const lines = columns.split('\n').map((line) => line.trim())
  return {
    name,
    columns: lines.filter((line) => line !== '').map(readColumn),
    comment,
    ...(unique ? { unique } : {}),
  }
}

function readColumn(line: string): ColumnSchema {
  const [rules = '', target] = line.split('->').map((part) => part.trim())
  const [named = '', ...fallback] = rules.split(' = ')
  const [name = '', type = '', ...marks] = words(named)
  const [table, action] = words(target ?? '')
  const actions: Readonly<Record<string, OnDelete>> = { cascade: 'cascade', empty: 'set_null' }
  const onDelete = actions[action ?? '']
  const column: ColumnSchema = {
    name,
    type,
    ...(marks.includes('required') ? { required: true } : {}),
    ...(marks.includes('unique') ? { unique: true } : {}),
    ...(fallback.length > 0 ? { default: fallback.join(' = ') } : {}),
    ...(table ? { references: { table, column: 'id', ...(onDelete ? { on_delete: onDelete } : {}) } } : {}),
  }
  if (columnDefault(column).kind === 'misfit') throw new Error(`The default of ${line} does not fit`)
  return column
}

function renamed(table: TableSchemaInput, names: ReadonlyMap<string, string>): TableSchemaInput {
  return {
    ...table,
    name: names.get(table.name) ?? table.name,
    columns: table.columns.map((column) =>
      column.references
        ? { ...column, references: { ...column.references, table: names.get(column.references.table) ?? '' } }
        : column,
    ),
  }
}

function namesFor({ tables }: Template, taken: readonly string[]): ReadonlyMap<string, string> {
  const used = new Set(taken)
  return new Map(
    tables.map(({ name }) => {
      let free = name
      for (let n = 2; used.has(free); n++) free = `${name}_${n}`
      used.add(free)
      return [name, free]
    }),
  )
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
