import { afterAll, beforeAll, expect, test } from 'vitest'
import { createModelClient } from '../../src/main/features/assistant/model/model-client'
import { generateSql, type SqlContext } from '../../src/main/features/assistant/sql/generate-sql.service'
import { relevantTables } from '../../src/main/features/assistant/sql/relevant-tables'
import { planSql } from '../../src/main/features/sql/plan-sql.service'
import { type MistralServer, startMistralServer } from '../helpers/mistral-server'
import { acceptedQueries } from './gold-notation'
import { defog } from './gold-tests'
import { makeLogicalDatabase } from './logical-database'
import { parseCsv, readMaterial } from './material'
import { lowerNames, openPlainDatabase } from './plain-database'
import { readCatalogue } from './read-catalogue'

interface Question {
  readonly question: string
  /** SQL that answers it; null where no table can. */
  readonly gold: string | null
}

let server: MistralServer
beforeAll(async () => {
  server = await startMistralServer()
})
afterAll(() => server.close())

const databases = [
  ['academic', 'public'],
  ['atis', 'public'],
  ['broker', 'public'],
  ['car_dealership', 'public'],
  ['derm_treatment', 'public'],
  ['ewallet', 'consumer_div'],
] as const

/** What models get wrong, made out of the right answer. */
const faults: readonly (readonly [string, (gold: string, table: string) => string])[] = [
  ['an invented table', (gold, table) => gold.replace(new RegExp(`\\b${table}\\b`, 'gi'), `${table}_archive`)],
  ['an invented column', (gold) => gold.replace(/\bselect\s+(distinct\s+)?/i, '$&zodiac_sign, ')],
  ['an invented column of a table', (_, table) => `select t.zodiac_sign from ${table} t`],
  ['a wrong type', (_, table) => `select * from ${table} where 1 = 'one'`],
  ['several statements', (gold) => `${gold}; select 1`],
  ['a write', (_, table) => `delete from ${table}`],
  ['a write in a WITH', (_, table) => `with gone as (delete from ${table} returning *) select count(*) from gone`],
  ['a table of the server', () => 'select rolname from pg_authid'],
  ['a table of the studio', () => 'select email from studio.users'],
  ['a function that is not there', (_, table) => `select zodiac_of(t) from ${table} t`],
  ['no SQL at all', (gold) => `${gold} group by where`],
  ['a change of the schema', (_, table) => `drop table ${table}`],
]

let asked = 0
const offered: string[] = []
const refused: string[] = []

test.each(databases)(
  'questions about %s: a wrong answer is never offered, the right one is',
  async (name, schemaName) => {
    const plain = await openPlainDatabase()
    const corpus = defog(name, schemaName)
    await corpus.load(plain.client)
    await lowerNames(plain.client, schemaName)
    const { project, close } = await makeLogicalDatabase(
      plain.client,
      schemaName,
      await readCatalogue(plain.client, schemaName),
    )
    try {
      const { databaseId, tenant, studio } = project
      const list = async () => (await tenant.client.tables.list({ databaseId })).tables
      const before = await list()
      const schemas = before.map(({ schema_json }) => schema_json)
      const principal = { account: { id: tenant.userId, email: tenant.email, created_at: '' }, sessionId: null }
      const context: SqlContext = {
        consent: 'schema',
        today: new Date().toISOString().slice(0, 10),
        relevant: async (words) => relevantTables(words, schemas).map((schema) => ({ schema })),
        plan: (query) => planSql({ db: studio.db, principal, signal: undefined }, databaseId, query),
      }
      const client = createModelClient({ serverUrl: server.url, apiKey: 'none', model: 'codestral-latest' })
      const ask = (question: string) => generateSql({ client, signal: undefined }, { question }, context)

      for (const { question, gold } of questionsOf(name, schemaName)) {
        const [fault, spoil] = faults[asked % faults.length] ?? faults[0] ?? ['', (same: string) => same]
        asked += 1
        const table = tableIn(
          gold ?? '',
          schemas.map((each) => each.name),
        )
        const wrong = { sql: spoil(gold ?? `select * from ${table}`, table), explanation: 'Sure.' }
        if (wrong.sql === gold) continue
        server.next({ say: wrong }, { say: wrong })
        const twice = await ask(question)
        if (twice.valid) offered.push(`${fault}: ${wrong.sql}`)
        expect(twice.problems.length, wrong.sql).toBeGreaterThan(0)
        if (gold === null) continue
        server.next({ say: wrong }, { say: { sql: gold, explanation: 'Mended.' } })
        const mended = await ask(question)
        if (!mended.valid) refused.push(`${gold}: ${mended.problems.join(' ')}`)
      }
      // Nothing has run.
      const counts = (tables: typeof before) =>
        tables.map(({ table_name, record_estimate }) => [table_name, record_estimate])
      expect(counts(await list())).toEqual(counts(before))
    } finally {
      await close()
      await plain.close()
    }
  },
)

test('that were 200 questions, and nothing wrong was offered nor anything right refused', () => {
  expect(asked).toBeGreaterThanOrEqual(200)
  expect(offered).toEqual([])
  expect(refused).toEqual([])
})

function questionsOf(name: string, schemaName: string): readonly Question[] {
  const gold = ['questions_gen', 'instruct_basic', 'instruct_advanced']
    .flatMap((file) => parseCsv(readMaterial(`text2sql/defog/${file}_postgres.csv`)))
    .filter(({ db_name }) => db_name === name)
    .map(({ question = '', query = '' }) => ({
      question,
      gold: (acceptedQueries(query)[0] ?? '').replaceAll(`${schemaName}.`, ''),
    }))
  const unanswerable = parseCsv(readMaterial('text2sql/defog/idk.csv'))
    .filter(({ db_name }) => db_name === name)
    .map(({ question = '' }) => ({ question, gold: null }))
  return [...gold, ...unanswerable]
}

/** A table that the query reads. */
function tableIn(gold: string, names: readonly string[]): string {
  const read = [...gold.matchAll(/\b(?:from|join)\s+"?(\w+)"?/gi)].map((match) => (match[1] ?? '').toLowerCase())
  return read.find((name) => names.includes(name)) ?? names[0] ?? ''
}
