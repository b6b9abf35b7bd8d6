import type { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { difference } from './compare-rows'
import { acceptedQueries } from './gold-notation'
import { loadDump } from './load-dump'
import { type LogicalCorpus, makeLogicalDatabase } from './logical-database'
import { parseCsv, readMaterial } from './material'
import { lowerNames, openPlainDatabase, type PlainCorpus, settle } from './plain-database'
import { type ReadCatalogue, readCatalogue } from './read-catalogue'
import { report, runGold } from './run-gold'

export interface Corpus {
  readonly name: string
  /** The schema its tables are in, on plain Postgres. */
  readonly schemaName: string
  readonly load: (client: Client) => Promise<void>
  readonly queries: () => readonly string[]
}

/** A real database on plain Postgres and as a logical one, in both tiers: the same rows for every query. */
export function goldTests(corpus: Corpus): void {
  let plain: PlainCorpus
  let logical: LogicalCorpus
  let catalogue: ReadCatalogue

  beforeAll(async () => {
    plain = await openPlainDatabase()
    await corpus.load(plain.client)
    await lowerNames(plain.client, corpus.schemaName)
    await settle(plain.client, corpus.schemaName)
    catalogue = await readCatalogue(plain.client, corpus.schemaName)
    logical = await makeLogicalDatabase(plain.client, corpus.schemaName, catalogue)
  }, 300_000)
  afterAll(async () => {
    await logical?.close()
    await plain?.close()
  })

  const sameTables = async () => {
    for (const { schema } of catalogue.tables) {
      const query = `select * from "${schema.name}"`
      const theirs = await plain.run(query)
      expect([schema.name, difference(query, theirs, await logical.run(query, theirs.oids))]).toEqual([
        schema.name,
        null,
      ])
    }
  }
  const sameAnswers = async (tier: string, run = logical.run) => {
    const result = await runGold(plain, { ...logical, run }, corpus.queries())
    console.log(report(`${corpus.name}, ${tier} tier`, result))
    expect(result.of).toBeGreaterThan(0)
    expect(result.differences).toEqual([])
  }

  test('its records are there, as they were', sameTables)
  test('gold queries in the shared tier', () => sameAnswers('shared'), 300_000)
  test('and in the dedicated tier', async () => {
    await logical.moveAll('dedicated')
    await sameTables()
    await sameAnswers('dedicated')
  }, 300_000)
  test('and through the SQL panel', () => sameAnswers('dedicated', logical.runInPanel), 300_000)
}

/** A database of the samples, with queries of our own. */
export function sample(name: string, queries: readonly string[]): Corpus {
  return {
    name,
    schemaName: 'public',
    load: (client) => loadDump(client, readMaterial(`samples/${name}.sql`)),
    queries: () => queries,
  }
}

const goldFiles = ['questions_gen', 'instruct_basic', 'instruct_advanced']

/** A database of the published questions. Its dates are told from today, the day of loading. */
export function defog(name: string, schemaName = 'public'): Corpus {
  return {
    name,
    schemaName,
    load: (client) => loadDump(client, readMaterial(`text2sql/defog/databases/${name}.sql`)),
    queries: () =>
      goldFiles
        .flatMap((file) => parseCsv(readMaterial(`text2sql/defog/${file}_postgres.csv`)))
        .filter(({ db_name }) => db_name === name)
        .flatMap(({ query = '' }) => acceptedQueries(query))
        // A logical database is one schema, and the only one.
        .map((query) => query.replaceAll(`${schemaName}.`, '')),
  }
}
