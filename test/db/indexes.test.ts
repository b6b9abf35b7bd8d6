import type { Filter, Sort } from '@shared/domain/filter'
import type { JsonObject } from '@shared/json'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectionUrl } from '../../src/main/db/connection-url'
import type { StudioDatabase } from '../../src/main/db/database'
import type { SqlQuery } from '../../src/main/db/sql'
import { createAskedIndexSql, sortsLanguageSql } from '../../src/main/features/store/indexes.sql'
import { promoteNow } from '../../src/main/features/store/storage-move.service'
import { firstLayout } from '../../src/main/features/tables/layout'
import type { StoredTable } from '../../src/main/features/tables/stored-table'
import { asAdmin } from '../helpers/database'
import { createTestProject, type TestProject } from '../helpers/test-project'
import { failureOf } from '../helpers/test-studio'

let project: TestProject

beforeAll(async () => {
  project = await createTestProject('ada@example.org', {
    db: (db) => {
      const heard = listening(db)
      return async () => heard
    },
  })
})
afterAll(() => project.close())

const columns = [
  { name: 'id', type: 'uuid', primary_key: true },
  { name: 'email', type: 'text', required: true, unique: true },
  { name: 'status', type: 'text' },
  { name: 'age', type: 'integer' },
  { name: 'price', type: 'numeric(12,2)' },
  { name: 'seen', type: 'timestamptz' },
  { name: 'meta', type: 'jsonb' },
  { name: 'tags', type: 'text[]' },
]

async function contacts(name: string, count: number): Promise<string> {
  const tableId = await project.table(name, columns)
  for (let from = 0; from < count; from += 5000) {
    const records = Array.from({ length: Math.min(5000, count - from) }, (_, n) => contact(from + n))
    await project.tenant.client.records.create({ databaseId: project.databaseId, tableName: name, records })
  }
  return tableId
}

function contact(n: number): JsonObject {
  return {
    email: `contact${n}@example.org`,
    status: `status ${n % 10}`,
    age: n % 1000,
    price: `${n}.25`,
    seen: new Date(1_700_000_000_000 + n * 60_000).toISOString(),
    meta: { address: { city: `city ${n % 500}` } },
    tags: [`tag ${n % 300}`],
  }
}

function at(tableId: string) {
  return { accountId: project.tenant.userId, databaseId: project.databaseId, tableId }
}

interface Node {
  readonly 'Node Type': string
  readonly 'Index Name'?: string
  readonly Plans?: readonly Node[]
}

/** The plan of a page, as the service asks for it: its nodes from the top, with the names of indexes. */
async function planOfPage(tableName: string, filters: Filter, sort: Sort[] = [], pages = 1): Promise<string[]> {
  const { client } = project.tenant
  let cursor: string | null = null
  for (let page = 0; page < pages; page++) {
    asked.length = 0
    const next: { nextCursor: string | null } = await client.records.query({
      databaseId: project.databaseId,
      tableName,
      filters: { ...filters },
      sort,
      limit: 50,
      ...(cursor === null ? {} : { cursor }),
    })
    cursor = next.nextCursor
  }
  const page = asked.find(({ text }) => text.includes('studio_rows') && /limit/i.test(text))
  if (!page) throw new Error(`No page was asked for: ${asked.map(({ text }) => text).join('; ')}`)
  return project.studio.db.withDatabase(project.tenant.userId, project.databaseId, async (tx) => {
    const [row] = await tx.query<{ 'QUERY PLAN': readonly { Plan: Node }[] }>({
      text: `explain (format json) ${page.text}`,
      values: page.values,
    })
    const nodes: string[] = []
    const walk = (node: Node | undefined) => {
      if (!node) return
      nodes.push(node['Index Name'] ?? node['Node Type'])
      node.Plans?.forEach(walk)
    }
    walk(row?.['QUERY PLAN'][0]?.Plan)
    return nodes
  })
}

/** The statements of the last call. */
const asked: SqlQuery[] = []

function listening(db: StudioDatabase): StudioDatabase {
  return {
    ...db,
    withDatabase: (accountId, databaseId, work, options) =>
      db.withDatabase(
        accountId,
        databaseId,
        (tx, database) =>
          work(
            {
              ...tx,
              query(query) {
                asked.push(query)
                return tx.query(query)
              },
            },
            database,
          ),
        options,
      ),
  }
}

describe('indexes that are asked for', () => {
  it('of columns, paths and containers, serve the pages they are for', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await contacts('contacts', 6000)
    await promoteNow(project.studio.db, at(tableId))
    const make = async (...names: string[]) =>
      (await client.indexes.create({ databaseId, tableId, columns: names })).index
    const byStatus = await make('status', 'seen')
    const byPrice = await make('price')
    const byCity = await make('meta.address.city')
    const byMeta = await make('meta')
    const byTags = await make('tags')
    expect(byStatus).toMatchObject({ columns: ['status', 'seen'], origin: 'asked', state: 'ready', unique: false })
    expect(byStatus.bytes).toBeGreaterThan(0)
    await asAdmin(project.studio.adminUrl, 'vacuum analyze')

    const city = { column: 'meta.address.city', op: 'eq', value: 'city 7' } as const
    expect(await planOfPage('contacts', city)).toContain(byCity.id)
    expect(await planOfPage('contacts', { column: 'price', op: 'eq', value: '77.25' })).toContain(byPrice.id)
    const contained = { column: 'meta', op: 'contains', value: { address: { city: 'city 7' } } } as const
    expect(await planOfPage('contacts', contained)).toContain(byMeta.id)
    expect(await planOfPage('contacts', { column: 'tags', op: 'contains', value: ['tag 7'] })).toContain(byTags.id)
    const ordered = await planOfPage('contacts', { column: 'status', op: 'eq', value: 'status 7' }, [
      { column: 'seen', direction: 'asc' },
    ])
    expect(ordered).toContain(byStatus.id)
    expect(ordered).not.toContain('Sort')
    const sorted = await planOfPage('contacts', { and: [] }, [{ column: 'price', direction: 'asc' }])
    expect(sorted).toContain(byPrice.id)
    expect(sorted).not.toContain('Sort')
    const deep = await planOfPage('contacts', { and: [] }, [{ column: 'price', direction: 'desc' }], 3)
    expect(deep).toContain(byPrice.id)
    expect(deep).not.toContain('Sort')
    expect(await planOfPage('contacts', { column: 'email', op: 'starts_with', value: 'contact123' })).not.toContain(
      'Seq Scan',
    )

    const { records } = await client.records.query({ databaseId, tableName: 'contacts', filters: city, limit: 100 })
    expect(records.map(({ email }) => email)).toEqual(
      Array.from({ length: 12 }, (_, n) => `contact${7 + n * 500}@example.org`),
    )
    const { indexes } = await client.indexes.list({ databaseId, tableId })
    expect(indexes.map((index) => [index.columns.join(), index.origin])).toEqual([
      ['id', 'key'],
      ['email', 'unique'],
      ['status,seen', 'asked'],
      ['price', 'asked'],
      ['meta.address.city', 'asked'],
      ['meta', 'asked'],
      ['tags', 'asked'],
    ])
  })

  it('on a table of the shared tier begin its move, and are there when it is', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await contacts('small', 30)
    const { index } = await client.indexes.create({ databaseId, tableId, columns: ['age'] })
    expect(index).toMatchObject({ state: 'planned', columns: ['age'], bytes: 0 })
    await project.studio.worker.work(at(tableId))
    const { indexes, storage } = await client.indexes.list({ databaseId, tableId })
    expect(storage.tier).toBe('dedicated')
    expect(indexes.find(({ id }) => id === index.id)).toMatchObject({ state: 'ready', columns: ['age'] })
    const kept = await failureOf(client.indexes.setStorage({ databaseId, tableId, tier: 'shared' }))
    expect(kept.code).toBe('CONFLICT')

    await client.indexes.drop({ databaseId, tableId, index: index.id })
    expect((await client.indexes.list({ databaseId, tableId })).indexes.map(({ id }) => id)).not.toContain(index.id)
    const [left] = await asAdmin(
      project.studio.adminUrl,
      'select count(*)::int as count from pg_class where relname = $1',
      [index.id],
    )
    expect(left?.count).toBe(0)
    expect((await failureOf(client.indexes.drop({ databaseId, tableId, index: index.id }))).code).toBe('NOT_FOUND')
  })

  it('follow a rename, and go with their column', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await contacts('renamed', 30)
    await promoteNow(project.studio.db, at(tableId))
    const { index } = await client.indexes.create({ databaseId, tableId, columns: ['age', 'status'] })
    const found = async () =>
      (await client.indexes.list({ databaseId, tableId })).indexes.find(({ id }) => id === index.id)
    await client.tables.update({
      databaseId,
      tableId,
      edits: [{ type: 'renameColumn', table: 'renamed', column: 'age', name: 'years' }],
    })
    expect(await found()).toMatchObject({ columns: ['years', 'status'], state: 'ready' })
    await client.tables.update({
      databaseId,
      tableId,
      edits: [{ type: 'dropColumn', table: 'renamed', column: 'years' }],
    })
    expect(await found()).toBeUndefined()
    await project.studio.worker.look()
    const [left] = await asAdmin(
      project.studio.adminUrl,
      'select count(*)::int as count from studio.table_indexes where name = $1',
      [index.id],
    )
    expect(left?.count).toBe(0)
  })

  it('of a large table are built beside its writers, and again after a crash', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await project.table('big', [
      { name: 'id', type: 'uuid', primary_key: true },
      { name: 'age', type: 'integer' },
    ])
    await asAdmin(
      project.studio.adminUrl,
      `insert into studio.project_data (project_id, table_id, id, data)
       select t.project_id, t.id, gen_random_uuid(), jsonb_build_object('age', n % 1000)
       from studio.project_tables t, generate_series(1, 60000) n where t.id = $1`,
      [tableId],
    )
    await promoteNow(project.studio.db, at(tableId))
    let isOver = false
    const writer = (async () => {
      let written = 0
      for (; !isOver; written++) await client.records.create({ databaseId, tableName: 'big', record: { age: written } })
      return written
    })()
    const { index } = await client.indexes.create({ databaseId, tableId, columns: ['age'] })
    await project.studio.worker.work(at(tableId))
    isOver = true
    const written = await writer
    expect(written).toBeGreaterThan(0)
    const state = async () =>
      (await client.indexes.list({ databaseId, tableId })).indexes.find(({ id }) => id === index.id)?.state
    expect(await state()).toBe('ready')
    // What a crash in the midst of "create index concurrently" leaves behind.
    await asAdmin(
      project.studio.adminUrl,
      `update pg_index set indisvalid = false where indexrelid = ('studio_data.' || $1)::regclass`,
      [index.id],
    )
    expect(await state()).toBe('planned')
    await project.studio.worker.look()
    expect(await state()).toBe('ready')
    const [{ count } = { count: 0 }] = await asAdmin(
      project.studio.adminUrl,
      `select count(*)::int as count from pg_class where relname = $1`,
      [index.id],
    )
    expect(count).toBe(1)
  })

  it('of a text alone find beginnings where texts are sorted as a language has them', async () => {
    const name = `icu_${crypto.randomUUID().slice(0, 8)}`
    const { adminUrl } = project.studio
    await asAdmin(
      adminUrl,
      `create database ${name} template template0 locale_provider icu icu_locale 'en-US' locale 'C'`,
    )
    const url = connectionUrl(adminUrl, { database: name })
    try {
      expect((await asAdmin(url, sortsLanguageSql.text))[0]?.sortsLanguage).toBe(true)
      expect((await asAdmin(adminUrl, sortsLanguageSql.text))[0]?.sortsLanguage).toBe(false)
      const schema = { name: 'words', columns: [{ name: 'word', type: 'text' }] }
      const table: StoredTable = {
        id: crypto.randomUUID(),
        schema,
        layout: firstLayout(schema),
        storage: { tier: 'dedicated', relation: 'words' },
        created_at: '',
        updated_at: '',
      }
      await asAdmin(url, `create schema studio_data`)
      await asAdmin(
        url,
        `create table studio_data.words as
           select gen_random_uuid() as _id, md5(n::text) as word from generate_series(1, 20000) n`,
      )
      const columns = schema.columns.map((column) => ({ column, path: [] }))
      for (const { text } of createAskedIndexSql(table, { relation: 'words', name: 'w', columns }, 'at once', {
        sortsLanguage: true,
      }))
        await asAdmin(url, text)
      await asAdmin(url, 'analyze studio_data.words')
      const plan = async (text: string) => JSON.stringify(await asAdmin(url, `explain ${text}`))
      expect(await plan(`select from studio_data.words where starts_with(word, 'abc')`)).toContain('w_p')
      expect(await plan(`select from studio_data.words where word like 'abc%'`)).toContain('w_p')
      expect(await plan(`select from studio_data.words order by word, _id limit 50`)).toMatch(/using w on/)
    } finally {
      await asAdmin(adminUrl, `drop database ${name}`)
    }
  })

  it('are refused where they cannot be, with the reason', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await contacts('refused', 5)
    const refused = (...names: string[]) => failureOf(client.indexes.create({ databaseId, tableId, columns: names }))
    expect(await refused('nothing')).toMatchObject({ code: 'VALIDATION' })
    expect(await refused('age.a')).toMatchObject({ code: 'VALIDATION' })
    expect(await refused('age', 'age')).toMatchObject({ code: 'VALIDATION' })
    expect(await refused('meta', 'age')).toMatchObject({ code: 'VALIDATION' })
    expect(await refused('email')).toMatchObject({ code: 'CONFLICT' })
    expect(await refused('id')).toMatchObject({ code: 'CONFLICT' })
    await client.indexes.create({ databaseId, tableId, columns: ['age'] })
    expect(await refused('age')).toMatchObject({ code: 'CONFLICT' })
    const { tables } = await client.tables.list({ databaseId })
    const users = tables.find(({ table_name }) => table_name === 'users')
    const secret = await failureOf(
      client.indexes.create({ databaseId, tableId: users?.id ?? '', columns: ['password_hash'] }),
    )
    expect(secret.code).toBe('FORBIDDEN')
  })

  it('are given up when a value is too long for any index', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await contacts('long', 5)
    await promoteNow(project.studio.db, at(tableId))
    const long = Array.from({ length: 3000 }, () => crypto.randomUUID()).join('')
    await client.records.create({ databaseId, tableName: 'long', record: { email: 'long@example.org', status: long } })
    const failure = await failureOf(client.indexes.create({ databaseId, tableId, columns: ['status'] }))
    expect(failure.code).toBe('VALIDATION')
    expect(
      (await client.indexes.list({ databaseId, tableId })).indexes.filter(({ origin }) => origin === 'asked'),
    ).toEqual([])
  })
})

describe('suggestions', () => {
  it('name what was asked often and no index serves, with what it gains and costs', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await contacts('suggested', 6000)
    await promoteNow(project.studio.db, at(tableId))
    const ask = (filters: Filter, sort: Sort[] = []) =>
      client.records.query({
        databaseId,
        tableName: 'suggested',
        filters: JSON.parse(JSON.stringify(filters)),
        sort,
        limit: 50,
      })
    for (let n = 0; n < 40; n++) {
      await ask({ column: 'status', op: 'eq', value: `status ${n % 10}` }, [{ column: 'seen', direction: 'desc' }])
      await ask({ column: 'email', op: 'eq', value: 'contact1@example.org' })
    }
    for (let n = 0; n < 30; n++) await ask({ column: 'meta.address.city', op: 'eq', value: `city ${n}` })
    for (let n = 0; n < 5; n++) await ask({ column: 'age', op: 'eq', value: n })
    const { suggestions } = await client.indexes.list({ databaseId, tableId })
    expect(suggestions).toEqual([
      {
        columns: ['status', 'seen'],
        reason: 'Filtered by status and sorted by seen 40 times today.',
        gain: 'Reads about 50 records in place of 6,000.',
        cost: 'About 1 MB, and every write of the table keeps it up to date.',
      },
      {
        columns: ['meta.address.city'],
        reason: 'Filtered by meta.address.city 30 times today.',
        gain: expect.stringMatching(/^Reads about \d+ records in place of 6,000\.$/),
        cost: 'About 1 MB, and every write of the table keeps it up to date.',
      },
    ])
    await client.indexes.create({ databaseId, tableId, columns: ['status', 'seen'] })
    const { suggestions: fewer } = await client.indexes.list({ databaseId, tableId })
    expect(fewer.map(({ columns: names }) => names.join())).toEqual(['meta.address.city'])
  })

  it('leave small tables and alternatives alone', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await contacts('few', 100)
    for (let n = 0; n < 40; n++)
      await client.records.query({ databaseId, tableName: 'few', filters: { column: 'age', op: 'eq', value: n } })
    expect((await client.indexes.list({ databaseId, tableId })).suggestions).toEqual([])
  })

  it('name an index that nobody has used for a week', async () => {
    const { client } = project.tenant
    const { databaseId } = project
    const tableId = await contacts('unused', 20)
    await promoteNow(project.studio.db, at(tableId))
    const { index } = await client.indexes.create({ databaseId, tableId, columns: ['age'] })
    expect(index.unused).toBe(false)
    await asAdmin(
      project.studio.adminUrl,
      `update studio.table_indexes set created_at = now() - interval '8 days' where name = $1`,
      [index.id],
    )
    const { indexes } = await client.indexes.list({ databaseId, tableId })
    expect(indexes.find(({ id }) => id === index.id)?.unused).toBe(true)
  })
})
