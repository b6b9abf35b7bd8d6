import { applyEdit } from '@shared/domain/apply-edit'
import type { DatabaseSchema } from '@shared/domain/schema-edit'
import { primaryKeyOf, type TableSchema } from '@shared/domain/table-schema'
import { createDdlReader, isDdl, type MadeTable } from '../ddl/ddl.service'
import type { ParsedStatement } from '../sql/syntax'

/** A table of a SQL file, and what it is called here. */
export interface DumpTable {
  /** As the file writes it: schema and table. */
  readonly source: string
  readonly schema: TableSchema
  /** Of the file's columns to those of the table. */
  readonly columns: ReadonlyMap<string, string>
}

export interface DumpIndex {
  readonly table: string
  readonly columns: readonly string[]
}

export interface DumpSchema {
  /** Takes what a statement says about tables; false when it says nothing about them. */
  add(statement: ParsedStatement, line: number): boolean
  /** The table that takes the records of a name; of a part of a table, that table. */
  find(name: readonly string[]): TableSoFar | null
  /** What the tables are here, once all statements were seen. */
  finish(): {
    readonly tables: readonly DumpTable[]
    readonly indexes: readonly DumpIndex[]
    readonly notes: readonly string[]
  }
}

export interface TableSoFar {
  /** What it is called here. */
  readonly name: string
  /** The file's columns, in its order. */
  readonly columns: readonly string[]
  /** The SQL type of a column of the file, for expressions; text where it is not known. */
  typeOf(column: string): string
  /** Whether the values of a column of the file end in blanks that mean nothing. */
  isPadded(column: string): boolean
}

/** The statements of a dump as tables: what a logical database has no word for is noted, a sentence each. */
export function createDumpSchema(): DumpSchema {
  const reader = createDdlReader({ tables: [] }, { hasRecords: true })
  return {
    find(path) {
      const table = reader.find(path)
      return table ? soFar(table) : null
    },
    add(statement, line) {
      // Records are held by the names that the tables were made with.
      const isRead = (isDdl(statement) && statement.kind !== 'RenameStmt') || described.has(statement.kind)
      if (isRead) reader.add(statement, line)
      return isRead
    },
    finish() {
      const { edits, notes, unsupported, indexes } = reader.finish()
      const schema = edits.reduce<DatabaseSchema>((before, edit) => applyEdit(before, edit), { tables: [] })
      const made = new Map(reader.tables().map((table) => [table.name, table]))
      const tables = schema.tables.map((table): DumpTable => {
        const columns = made.get(table.name)?.called ?? new Map<string, string>()
        return { source: made.get(table.name)?.written ?? table.name, schema: table, columns }
      })
      return {
        tables,
        indexes: indexes.filter((index) => !isKept(schema, index)),
        notes: [
          ...counted([...notes, ...unsupported].sort((left, right) => left.line - right.line)),
          ...newNames(tables),
        ],
      }
    },
  }
}

function soFar({ name, columns, called, padded }: MadeTable): TableSoFar {
  return {
    name,
    columns: [...called.keys()],
    typeOf: (column) => columns.find((one) => one.name === called.get(column))?.type ?? 'text',
    isPadded: (column) => padded.has(called.get(column) ?? ''),
  }
}

/** A key or a unique rule has this index already. */
function isKept({ tables }: DatabaseSchema, { table, columns }: DumpIndex): boolean {
  const schema = tables.find(({ name }) => name === table)
  if (!schema) return true
  const rules = [
    primaryKeyOf(schema).map(({ name }) => name),
    ...(schema.unique ?? []),
    ...schema.columns.flatMap(({ name, unique }) => (unique === true ? [[name]] : [])),
  ]
  return rules.some((rule) => rule.join() === columns.join())
}

function newNames(tables: readonly DumpTable[]): readonly string[] {
  const pairs = tables.flatMap(({ source, schema, columns }) => [
    [source.slice(source.indexOf('.') + 1), schema.name] as const,
    ...columns,
  ])
  const count = pairs.filter(([written, name]) => written !== name).length
  return count === 0 ? [] : [`${count} names are written anew in small letters: "OrderDetails" is order_details here.`]
}

/** Each sentence once, with how often it was to be said. */
function counted(notes: readonly { readonly sentence: string }[]): readonly string[] {
  const times = new Map<string, number>()
  for (const { sentence } of notes) times.set(sentence, (times.get(sentence) ?? 0) + 1)
  return [...times].map(([sentence, count]) =>
    count > 1 ? `${sentence.replace(/\.$/, '')} (${count} times).` : sentence,
  )
}

/** Statements that tell of types, or of what is left out. */
const described: ReadonlySet<string> = new Set([
  'CreateEnumStmt',
  'CreateDomainStmt',
  'ViewStmt',
  'CreateFunctionStmt',
  'CreateTrigStmt',
  'CreatePolicyStmt',
  'CreateTableAsStmt',
])
