import type { JsonObject, JsonValue } from '@shared/json'
import type { Client } from 'pg'
import { runInPanel } from '../helpers/panel-run'
import { moveToTier, type Tier } from '../helpers/storage-tier'
import { createTestProject, type TestProject } from '../helpers/test-project'
import { type TextRows, textOfJson } from './compare-rows'
import { asWritten } from './plain-database'
import type { ReadCatalogue, ReadTable } from './read-catalogue'

export interface LogicalCorpus {
  readonly project: TestProject
  readonly tableIds: ReadonlyMap<string, string>
  /** Runs one query through the SQL procedure; `oids` are the types that plain Postgres gave its columns. */
  run(query: string, oids: readonly number[]): Promise<TextRows>
  /** The same through the SQL panel, with its rows read from where it keeps them. */
  runInPanel(query: string, oids: readonly number[]): Promise<TextRows>
  /** Moves every table to the tier and waits until it is there. */
  moveAll(tier: Tier): Promise<void>
  close(): Promise<void>
}

const batch = 10_000

/** A logical database with the tables and records of a plain one, made with the procedures that everybody uses. */
export async function makeLogicalDatabase(
  plain: Client,
  schemaName: string,
  catalogue: ReadCatalogue,
): Promise<LogicalCorpus> {
  const project = await createTestProject('corpora@example.org')
  const { databaseId, tenant } = project
  const { client } = tenant
  const { tables } = await client.tables.list({ databaseId })
  // Real databases have a table of that name and another shape.
  for (const { id: tableId } of tables) await client.tables.delete({ databaseId, tableId })
  const tableIds = new Map<string, string>()
  for (const { schema } of catalogue.tables) {
    const hasKey = schema.columns.some(({ primary_key }) => primary_key === true)
    const schemaJson = {
      ...schema,
      columns: [...schema.columns],
      unique: schema.unique?.map((set) => [...set]),
      ...(hasKey ? {} : { primary_key: false, timestamps: false }),
    }
    tableIds.set(schema.name, (await client.tables.create({ databaseId, schemaJson })).table.id)
  }
  for (const table of catalogue.tables)
    for (const records of await readRecords(plain, schemaName, table))
      await client.records.create({ databaseId, tableName: table.schema.name, records })
  for (const { table, column, references } of catalogue.later)
    await client.tables.update({
      databaseId,
      tableId: tableIds.get(table) ?? '',
      edits: [{ type: 'setReference', table, column, references }],
    })
  return {
    project,
    tableIds,
    async run(query, oids) {
      const { results } = await client.sql.run({ databaseId, query, limit: 10_000 })
      const [result] = results
      if (!result || results.length !== 1) throw new Error(`${results.length} results came`)
      return {
        columns: result.columns.map(({ name }) => name),
        rows: result.rows.map((row) => row.map((value, index) => textOfJson(oids[index] ?? 0, value))),
      }
    },
    async runInPanel(query, oids) {
      const { results, failure } = await runInPanel(client, { databaseId, query })
      const [result] = results
      if (failure) throw new Error(`${failure.code} ${failure.message}`)
      if (!result || results.length !== 1) throw new Error(`${results.length} results came`)
      return {
        columns: result.columns.map(({ name }) => name),
        rows: result.rows.map((row) => row.map((value, index) => textOfJson(oids[index] ?? 0, value))),
      }
    },
    moveAll: (tier) => moveToTier(client, databaseId, [...tableIds.values()], tier),
    close: () => project.close(),
  }
}

/** Batches of a table's rows, each value in its text form, as an importing program has them. */
async function readRecords(plain: Client, schemaName: string, table: ReadTable): Promise<readonly JsonObject[][]> {
  const { schema, plainColumns, plainName } = table
  const { rows } = await plain.query<(string | null)[]>({
    text: `select ${plainColumns.map((name) => `"${name}"`).join(', ')} from ${schemaName}."${plainName}"`,
    rowMode: 'array',
    types: asWritten,
  })
  const records = rows.map(
    (row): JsonObject =>
      Object.fromEntries(schema.columns.map(({ name, type }, index) => [name, valueOfText(type, row[index] ?? null)])),
  )
  return Array.from({ length: Math.ceil(records.length / batch) }, (_, index) =>
    records.slice(index * batch, (index + 1) * batch),
  )
}

function valueOfText(type: string, text: string | null): JsonValue {
  if (text === null) return null
  if (type === 'jsonb') return JSON.parse(text)
  if (type === 'boolean') return text === 't'
  // NaN, the infinities and minus zero are no numbers of JSON.
  if (['smallint', 'integer', 'real', 'double'].includes(type) && /^-?\d/.test(text) && text !== '-0')
    return Number(text)
  return text
}
