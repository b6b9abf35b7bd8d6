import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { createDatabase } from '../helpers/database'
import { type TextRows, textOfPlain } from './compare-rows'
import { lower } from './read-catalogue'

export interface PlainCorpus {
  readonly client: Client
  /** Runs one query; the types of its columns by oid come along. */
  run(query: string): Promise<TextRows & { readonly oids: readonly number[] }>
  close(): Promise<void>
}

/** A database of its own without anything of the studio. Values leave it as Postgres writes them. */
export async function openPlainDatabase(): Promise<PlainCorpus> {
  const database = await createDatabase(`corpus_${randomBytes(6).toString('hex')}`, 'template0')
  const client = new Client({ connectionString: database.url })
  await client.connect()
  return {
    client,
    async run(query) {
      const { fields, rows } = await client.query<(string | null)[]>({
        text: query,
        rowMode: 'array',
        types: asWritten,
      })
      const oids = fields.map(({ dataTypeID }) => dataTypeID)
      return {
        columns: fields.map(({ name }) => name),
        oids,
        rows: rows.map((row) => row.map((value, index) => textOfPlain(oids[index] ?? 0, value))),
      }
    },
    async close() {
      await client.end()
      await database.drop()
    },
  }
}

/** No value is read: each stays the text that Postgres sent. */
export const asWritten = { getTypeParser: () => (text: string) => text }

/** After a dump, whose settings are its own. */
export async function settle(client: Client, schemaName: string): Promise<void> {
  await client.query('reset all')
  await client.query(`select set_config('search_path', $1, false)`, [schemaName])
  await client.query(
    `set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set intervalstyle = 'iso_8601'; set jit = off; analyze`,
  )
}

/** Mixed case becomes lower case, here too: then one text of a query fits both. */
export async function lowerNames(client: Client, schemaName: string): Promise<void> {
  const columns = await client.query<{ table: string; column: string }>(
    `select table_name as table, column_name as column from information_schema.columns where table_schema = $1`,
    [schemaName],
  )
  for (const { table, column } of columns.rows)
    if (lower(column) !== column)
      await client.query(`alter table ${schemaName}."${table}" rename column "${column}" to "${lower(column)}"`)
  for (const table of new Set(columns.rows.map((row) => row.table)))
    if (lower(table) !== table) await client.query(`alter table ${schemaName}."${table}" rename to "${lower(table)}"`)
}
