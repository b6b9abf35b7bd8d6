import { expect, test } from 'vitest'
import { createModelClient } from '../../src/main/features/assistant/model/model-client'
import { generateSql, type SqlContext } from '../../src/main/features/assistant/sql/generate-sql.service'
import { relevantTables } from '../../src/main/features/assistant/sql/relevant-tables'
import { planSql } from '../../src/main/features/sql/plan-sql.service'
import { acceptedQueries } from '../corpora/gold-notation'
import { defog } from '../corpora/gold-tests'
import { makeLogicalDatabase } from '../corpora/logical-database'
import { parseCsv, readMaterial } from '../corpora/material'
import { lowerNames, openPlainDatabase } from '../corpora/plain-database'
import { readCatalogue } from '../corpora/read-catalogue'

const place = {
  apiKey: process.env.MISTRAL_API_KEY?.trim() || null,
  serverUrl: process.env.MISTRAL_SERVER_URL?.trim() || 'https://api.mistral.ai',
  model: process.env.MISTRAL_MODEL?.trim() || 'codestral-latest',
}
const limit = Number(process.env.EVAL_LIMIT ?? 'NaN')
const databases = [
  ['academic', 'public'],
  ['broker', 'public'],
  ['car_dealership', 'public'],
  ['derm_treatment', 'public'],
  ['ewallet', 'consumer_div'],
] as const

const score = { of: 0, valid: 0, right: 0, tokens: 0 }

test.each(databases)('%s', async (name, schemaName) => {
  const plain = await openPlainDatabase()
  await defog(name, schemaName).load(plain.client)
  await lowerNames(plain.client, schemaName)
  await plain.client.query(`set search_path = ${schemaName}`)
  const logical = await makeLogicalDatabase(plain.client, schemaName, await readCatalogue(plain.client, schemaName))
  try {
    const { project } = logical
    const { databaseId, tenant, studio } = project
    const schemas = (await tenant.client.tables.list({ databaseId })).tables.map(({ schema_json }) => schema_json)
    const principal = { account: { id: tenant.userId, email: tenant.email, created_at: '' }, sessionId: null }
    const context: SqlContext = {
      consent: 'schema',
      today: new Date().toISOString().slice(0, 10),
      relevant: async (words) => relevantTables(words, schemas).map((schema) => ({ schema })),
      plan: (query) => planSql({ db: studio.db, principal, signal: undefined }, databaseId, query),
    }
    const questions = parseCsv(readMaterial('text2sql/defog/questions_gen_postgres.csv')).filter(
      ({ db_name }) => db_name === name,
    )
    for (const { question = '', query = '' } of questions) {
      if (score.of >= limit) break
      score.of += 1
      const answer = await generateSql({ client: createModelClient(place), signal: undefined }, { question }, context)
      score.tokens += answer.usage.total_tokens
      if (!answer.valid) {
        console.log(`no     ${question}: ${answer.problems.join(' ')}`)
        continue
      }
      score.valid += 1
      // The same rows as one of the gold queries, whatever the columns are called and in which order they come.
      const mine = await rowsOf(() => plain.run(answer.sql))
      const gold = acceptedQueries(query).map((each) => each.replaceAll(`${schemaName}.`, ''))
      const isRight = (await Promise.all(gold.map((each) => rowsOf(() => plain.run(each))))).some(
        (rows) => rows !== null && rows === mine,
      )
      if (isRight) score.right += 1
      else console.log(`wrong  ${question}\n       ${answer.sql.replace(/\s+/g, ' ')}`)
    }
  } finally {
    await logical.close()
    await plain.close()
  }
})

test('the score', () => {
  const share = (part: number) => `${((100 * part) / Math.max(1, score.of)).toFixed(1)} %`
  console.log(`${score.of} questions, ${score.tokens.toLocaleString('en')} tokens, ${place.model}`)
  console.log(`offered to run ${share(score.valid)}, same rows as gold ${share(score.right)}`)
  expect(score.right / Math.max(1, score.of)).toBeGreaterThanOrEqual(0.7)
})

/** Rows as a multiset, and their values as a multiset. */
async function rowsOf(run: () => Promise<{ readonly rows: readonly (readonly string[])[] }>): Promise<string | null> {
  try {
    const { rows } = await run()
    return JSON.stringify(rows.map((row) => [...row].sort().join('|')).sort())
  } catch {
    return null
  }
}
