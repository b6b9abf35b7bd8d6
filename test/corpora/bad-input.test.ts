import type { JsonValue } from '@shared/json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jsonTexts, naughtyStrings } from '../helpers/bad-input'
import { moveToTier, type Tier } from '../helpers/storage-tier'
import { createTestProject, type TestProject } from '../helpers/test-project'
import { failureOf } from '../helpers/test-studio'

/** Published bad input as values of records: it comes back as it went in, on every way out, in both tiers. */
describe.each<Tier>(['shared', 'dedicated'])('in the %s tier', (tier) => {
  let project: TestProject
  const strings = naughtyStrings()
  const documents = [...jsonTexts()]
    .filter(([name]) => name.startsWith('y_'))
    // Twice: minus zero is a number of JavaScript and of no JSON text that it writes.
    .map(([name, text]) => ({ name, value: JSON.parse(JSON.stringify(JSON.parse(text.toString()))) as JsonValue }))

  beforeAll(async () => {
    project = await createTestProject()
    const tableId = await project.table('bad', [
      { name: 'n', type: 'integer', required: true },
      { name: 'words', type: 'text' },
      { name: 'short', type: 'varchar(10000)' },
      { name: 'list', type: 'text[]' },
      { name: 'doc', type: 'jsonb' },
    ])
    await moveToTier(project.tenant.client, project.databaseId, [tableId], tier)
  })
  afterAll(() => project?.close())

  const readBack = async (columns: string) => {
    const { client } = project.tenant
    const page = { tableName: 'bad', sort: [{ column: 'n', direction: 'asc' as const }], limit: 1000 }
    const { records } = await client.records.query({ databaseId: project.databaseId, ...page })
    const { results } = await client.sql.run({
      databaseId: project.databaseId,
      query: `select ${columns} from bad order by n`,
      limit: 1000,
    })
    const names = columns.split(', ')
    const byService = records.map((record) => names.map((name) => record[name] ?? null))
    expect(results[0]?.rows).toEqual(byService)
    return byService
  }
  const clear = () =>
    project.tenant.client.records.deleteMany({ databaseId: project.databaseId, tableName: 'bad', filters: {} })

  test('naughty strings come back identical', async () => {
    expect(strings.length).toBeGreaterThan(400)
    const records = strings.map((text, n) => ({
      n,
      words: text,
      short: text,
      list: [text, null, text],
      doc: { [text]: text },
    }))
    await project.tenant.client.records.create({ databaseId: project.databaseId, tableName: 'bad', records })
    const back = await readBack('words, short, list, doc')
    expect(back).toEqual(records.map(({ words, short, list, doc }) => [words, short, list, doc]))
    await clear()
  })

  test('naughty strings are found by their own value', async () => {
    const records = strings.map((text, n) => ({ n, words: text }))
    const { client } = project.tenant
    const { databaseId } = project
    await client.records.create({ databaseId, tableName: 'bad', records })
    for (const [n, text] of strings.entries()) {
      const found = await client.records.query({ databaseId, tableName: 'bad', filters: { words: text } })
      expect(found.records.map((record) => record.n)).toContain(n)
      const { results } = await client.sql.run({
        databaseId,
        query: 'select n from bad where words = $1',
        params: [text],
      })
      expect(results[0]?.rows.flat()).toEqual(found.records.map((record) => record.n))
    }
    await clear()
  })

  test('valid JSON comes back identical, but for U+0000, which is refused in plain words', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const fit = documents.filter(({ value }) => !hasNull(value))
    expect(fit.length).toBeGreaterThan(80)
    await client.records.create({
      databaseId,
      tableName: 'bad',
      records: fit.map(({ name, value }, n) => ({ n, words: name, doc: value })),
    })
    expect(await readBack('words, doc')).toEqual(fit.map(({ name, value }) => [name, value]))
    const refused = documents.filter(({ value }) => hasNull(value))
    expect(refused.length).toBeGreaterThan(0)
    for (const { value } of refused) {
      const failure = await failureOf(
        client.records.create({ databaseId, tableName: 'bad', record: { n: 0, doc: value } }),
      )
      expect(failure.message).toContain('U+0000')
      expect(failure.code).not.toBe('INTERNAL')
    }
    for (const record of [
      { n: 0, words: 'a\0b' },
      { n: 0, list: ['\0'] },
    ])
      expect((await failureOf(client.records.create({ databaseId, tableName: 'bad', record }))).message).toContain(
        'U+0000',
      )
    const bySql = await failureOf(
      client.sql.run({ databaseId, query: 'insert into bad (n, words) values (0, $1)', params: ['a\0b'] }),
    )
    expect(bySql.message).toContain('U+0000')
    expect(bySql.code).not.toBe('INTERNAL')
    await clear()
  })
})

function hasNull(value: JsonValue): boolean {
  if (typeof value === 'string') return value.includes('\0')
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, inner]) => name.includes('\0') || hasNull(inner))
}
