import type { JsonObject } from '@shared/json'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from '../helpers/test-studio'
import { createTierProject, type TierProject, tiers } from '../helpers/tier-project'

describe.each(tiers)('in the %s tier', (tier) => {
  let p: TierProject
  const rows: readonly JsonObject[] = [
    {
      label: 'Apple',
      n: 1,
      big: '9007199254740993',
      num: '0.10',
      r: 0.5,
      b: true,
      d: '2024-01-01',
      j: { k: 'Pear' },
      tags: ['x'],
    },
    {
      label: 'apple pie',
      n: 2,
      big: '9007199254740993',
      num: '0.20',
      r: 1.5,
      b: false,
      d: '2024-01-02',
      j: { k: 1 },
      tags: ['x'],
    },
    {
      label: '',
      n: 3,
      big: '1',
      num: '0.30',
      r: 'NaN',
      b: true,
      d: '2024-01-05',
      span: 'PT1H',
      at: '2024-01-01T00:00:00Z',
    },
    {
      label: 'Äpfel 100%',
      n: 30,
      num: '1000000000000000000.05',
      r: 2,
      d: '2024-01-31',
      span: 'PT30M',
      at: '2024-01-01T12:00:00Z',
    },
    { label: null, u: '11111111-1111-4111-8111-111111111111' },
  ]
  beforeAll(async () => {
    p = await createTierProject(tier)
    await p.table('things', [
      { name: 'label', type: 'text' },
      { name: 'n', type: 'integer' },
      { name: 'big', type: 'bigint' },
      { name: 'num', type: 'numeric' },
      { name: 'r', type: 'double' },
      { name: 'b', type: 'boolean' },
      { name: 'd', type: 'date' },
      { name: 'at', type: 'timestamptz' },
      { name: 'span', type: 'interval' },
      { name: 'u', type: 'uuid' },
      { name: 'j', type: 'jsonb' },
      { name: 'tags', type: 'text[]' },
      { name: 'clock', type: 'time' },
      { name: 'bytes', type: 'bytea' },
      { name: 'owner', type: 'uuid', references: { table: 'users', column: 'id' } },
    ])
    for (const row of rows) await p.create('things', row)
  })
  afterAll(() => p.close())

  const client = () => p.tenant.client.records
  const things = () => ({ databaseId: p.databaseId, tableName: 'things' })

  describe('the summary', () => {
    test('tells of each column what its type has', async () => {
      const { records, columns } = await client().summary(things())
      expect(records).toBe(5)
      const of = new Map(columns.map(({ column, ...figures }) => [column, figures]))
      expect(of.get('label')).toEqual({ count: 4, empty: 1, blank: 1, distinct: 4, min: '', max: expect.any(String) })
      expect(of.get('n')).toEqual({ count: 4, empty: 1, distinct: 4, sum: '36', avg: '9', min: 1, max: 30 })
      expect(of.get('big')).toMatchObject({ distinct: 2, sum: '18014398509481987', min: '1', max: '9007199254740993' })
      expect(of.get('num')).toMatchObject({ sum: '1000000000000000000.65', min: '0.10', max: '1000000000000000000.05' })
      expect(of.get('r')).toMatchObject({ count: 4, sum: 'NaN', min: 0.5 })
      expect(of.get('b')).toEqual({ count: 3, empty: 2, truths: 2, distinct: 2 })
      expect(of.get('d')).toEqual({ count: 4, empty: 1, distinct: 4, min: '2024-01-01', max: '2024-01-31' })
      expect(of.get('at')).toMatchObject({ max: '2024-01-01T12:00:00.000000Z' })
      expect(of.get('span')).toMatchObject({ sum: 'PT1H30M', avg: 'PT45M', min: 'PT30M', max: 'PT1H' })
      expect(of.get('u')).toEqual({ count: 1, empty: 4, distinct: 1 })
      expect(of.get('j')).toEqual({ count: 2, empty: 3, distinct: 2 })
      expect(of.get('tags')).toEqual({ count: 2, empty: 3, distinct: 1 })
      expect(of.get('clock')).toEqual({ count: 0, empty: 5, distinct: 0, min: null, max: null })
      expect(of.get('id')).toEqual({ count: 5, empty: 0, distinct: 5 })
    })

    test('keeps to the filter and the columns that are named, and to what may be seen', async () => {
      const filters = { column: 'n', op: 'gte', value: 2 } as const
      const some = await client().summary({ ...things(), filters, columns: ['num', 'n'] })
      expect(some.records).toBe(3)
      expect(some.columns.map(({ column, distinct }) => [column, distinct])).toEqual([
        ['num', 3],
        ['n', 3],
      ])
      const users = { databaseId: p.databaseId, tableName: 'users' }
      expect(JSON.stringify(await client().summary(users))).not.toContain('password')
      for (const call of [
        () => client().summary({ ...users, columns: ['password_hash'] }),
        () => client().distribution({ ...users, column: 'password_hash' }),
        () => client().values({ ...users, column: 'password_hash' }),
        () => client().find({ ...users, text: '$2', columns: ['password_hash'] }),
      ])
        expect((await failureOf(call())).code).toBe('FORBIDDEN')
      expect((await client().find({ ...users, text: '$2' })).total).toBe(0)
      expect((await failureOf(client().summary({ ...things(), columns: ['nick'] }))).code).toBe('VALIDATION')
    })
  })

  describe('the distribution', () => {
    const of = (column: string, buckets: number) => client().distribution({ ...things(), column, buckets })

    test('of whole numbers and dates has whole buckets', async () => {
      expect(await of('n', 3)).toEqual({
        kind: 'histogram',
        count: 4,
        empty: 1,
        odd: 0,
        buckets: [
          { from: '1', to: '11', count: 3 },
          { from: '11', to: '21', count: 0 },
          { from: '21', to: '31', count: 1 },
        ],
      })
      const days = await of('d', 31)
      expect(days).toMatchObject({ kind: 'histogram', count: 4 })
      if (days.kind !== 'histogram') return
      expect(days.buckets).toHaveLength(31)
      expect(days.buckets[4]).toEqual({ from: '2024-01-05', to: '2024-01-06', count: 1 })
    })

    test('of others ends at the largest', async () => {
      expect(await of('r', 3)).toEqual({
        kind: 'histogram',
        count: 4,
        empty: 1,
        odd: 1,
        buckets: [
          { from: '0.5', to: '1', count: 1 },
          { from: '1', to: '1.5', count: 0 },
          { from: '1.5', to: '2', count: 2 },
        ],
      })
      expect(await of('at', 2)).toMatchObject({
        buckets: [
          { from: '2024-01-01T00:00:00.000000Z', to: '2024-01-01T06:00:00.000000Z', count: 1 },
          { from: '2024-01-01T06:00:00.000000Z', to: '2024-01-01T12:00:00.000000Z', count: 1 },
        ],
      })
      expect(await of('num', 5)).toMatchObject({ count: 4, odd: 0 })
      expect(await of('clock', 5)).toEqual({ kind: 'histogram', count: 0, empty: 5, odd: 0, buckets: [] })
    })

    test('of what is no number are the most frequent values', async () => {
      expect(await of('b', 5)).toEqual({
        kind: 'values',
        count: 3,
        empty: 2,
        distinct: 2,
        values: [
          { value: true, count: 2 },
          { value: false, count: 1 },
        ],
        others: 0,
      })
      expect(await of('label', 1)).toMatchObject({ distinct: 4, others: 3 })
      for (const column of ['u', 'j', 'tags', 'span', 'bytes', 'id']) expect((await of(column, 9)).kind).toBe('values')
    })
  })

  describe('completion', () => {
    const values = async (column: string, search?: string) =>
      (await client().values({ ...things(), column, ...(search === undefined ? {} : { search }) })).values.map(
        ({ value }) => value,
      )

    test('has existing values, those that begin so first', async () => {
      expect(await client().values({ ...things(), column: 'big' })).toEqual({
        values: [
          { value: '9007199254740993', count: 2 },
          { value: '1', count: 1 },
        ],
        partial: false,
      })
      await p.create('things', { label: 'pie of apple' })
      expect(await values('label', 'PIE')).toEqual(['pie of apple', 'apple pie'])
      expect(await values('label', 'äpf')).toEqual(['Äpfel 100%'])
      expect(await values('label', '%')).toEqual(['Äpfel 100%'])
      expect(await values('d', '2024-01-0')).toHaveLength(3)
      expect(await values('j', 'pear')).toEqual([{ k: 'Pear' }])
      expect(await values('b', 'tr')).toEqual([true])
      for (const column of ['tags', 'span', 'at', 'r', 'u', 'id', 'clock', 'bytes']) await values(column, '1')
      expect((await failureOf(values('label', 'a\0'))).code).toBe('VALIDATION')
    })

    test('finds who a reference may point to, by key or label', async () => {
      const grace = await p.create('users', { email: 'grace@example.org', password_hash: 'a long secret' })
      await p.create('users', { email: 'a.grace@example.org', password_hash: 'a long secret' })
      const choose = (search?: string) =>
        client().references({ ...things(), column: 'owner', limit: 1, ...(search === undefined ? {} : { search }) })
      expect(await choose('GRACE')).toEqual({
        table: 'users',
        key: 'id',
        label: 'email',
        choices: [{ id: grace._id, value: grace._id, label: 'grace@example.org' }],
        more: true,
      })
      expect((await choose(grace._id.slice(0, 30).toUpperCase())).choices[0]?.label).toBe('grace@example.org')
      expect((await choose()).choices[0]?.label).toBe('a.grace@example.org')
      expect((await choose('nobody')).choices).toEqual([])
      const noReference = client().references({ ...things(), column: 'label' })
      expect((await failureOf(noReference)).code).toBe('VALIDATION')
    })
  })

  describe('a text', () => {
    const sort = [{ column: 'n', direction: 'desc' }] as const

    test('is found in every column, with its place in the grid', async () => {
      const { records } = await client().query({ ...things(), sort: [...sort] })
      const found = await client().find({ ...things(), sort: [...sort], text: 'pEA' })
      expect(found).toMatchObject({ total: 1, more: false, nextCursor: null })
      const place = records.findIndex(({ label }) => label === 'Apple')
      expect(found.hits).toEqual([{ id: records[place]?._id, position: place, columns: ['j'] }])
      const dated = await client().find({ ...things(), text: '2024-01-01', columns: ['d', 'at', 'label'] })
      expect(dated.hits.map(({ columns }) => columns)).toEqual([['d'], ['at'], ['at']])
      const columnsOf = async (text: string) =>
        (await client().find({ ...things(), text })).hits.map(({ columns }) => columns)
      expect(await columnsOf('TRUE')).toEqual([['b'], ['b']])
      expect(await columnsOf('nan')).toEqual([['r']])
      expect(await columnsOf('11111111-1111-4111-8111-11111111111')).toEqual([['u']])
      expect(await columnsOf('T12:00:00')).toEqual([['at']])
      expect(await columnsOf('pt30m')).toEqual([['span']])
      expect(await columnsOf('"x"')).toEqual([['tags'], ['tags']])
      expect(await columnsOf('0000000.05')).toEqual([['num']])
      const filters = { column: 'n', op: 'lte', value: 3 } as const
      const less = await client().find({ ...things(), filters, sort: [...sort], text: 'apple' })
      expect(less.hits.map(({ position }) => position)).toEqual([1, 2])
    })

    test('is found page by page, each hit once', async () => {
      const places: number[] = []
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page: Awaited<ReturnType<ReturnType<typeof client>['find']>> = await client().find({
          ...things(),
          text: 'APPLE',
          limit: 1,
          ...(cursor === undefined ? {} : { cursor }),
        })
        expect(page.total).toBe(3)
        places.push(...page.hits.map(({ position }) => position))
        cursor = page.nextCursor
      }
      expect(places).toEqual([0, 1, 5])
      expect((await failureOf(client().find({ ...things(), text: 'x', cursor: 'abc.1' }))).code).toBe('VALIDATION')
    })
  })

  test('what others say of many is an estimate', async () => {
    await p.table(
      'many',
      [
        { name: 'kind', type: 'integer' },
        { name: 'code', type: 'text' },
      ],
      { timestamps: false },
    )
    await p.sql(
      (view) => `insert into ${view('many')} (kind, code) select n % 7, 'code ' || n from generate_series(1, 52000) n`,
    )
    const at = { databaseId: p.databaseId, tableName: 'many' }
    const { records, columns } = await client().summary(at)
    expect(records).toBe(52_000)
    const [, kind, code] = columns
    expect(kind).toMatchObject({ distinct: 7, distinctEstimated: true, count: 52_000 })
    expect(code).toMatchObject({ distinct: 52_000, distinctEstimated: true })
    const values = await client().values({ ...at, column: 'kind' })
    expect([values.partial, values.values.length]).toEqual([true, 7])
  })

  test('ends when nobody waits for it any more', async () => {
    const admin = new Client({ connectionString: p.studio.adminUrl })
    await admin.connect()
    const { rows: found } = await admin.query('select schema_name from studio.project_databases where id = $1', [
      p.databaseId,
    ])
    await admin.query('begin')
    await admin.query(`lock table "${found[0]?.schema_name}".things in access exclusive mode`)
    const waiting = async () =>
      (await admin.query("select from pg_locks where not granted and locktype = 'relation'")).rowCount ?? 0
    for (const ask of [
      (signal: AbortSignal) => client().summary(things(), { signal }),
      (signal: AbortSignal) => client().distribution({ ...things(), column: 'n' }, { signal }),
      (signal: AbortSignal) => client().find({ ...things(), text: 'x' }, { signal }),
      (signal: AbortSignal) => client().count(things(), { signal }),
      (signal: AbortSignal) => client().values({ ...things(), column: 'n' }, { signal }),
    ]) {
      const abort = new AbortController()
      const failed = failureOf(ask(abort.signal))
      while ((await waiting()) === 0) await new Promise((resolve) => setTimeout(resolve, 5))
      abort.abort()
      expect((await failed).code).toBe('CANCELLED')
      expect(await waiting()).toBe(0)
    }
    await admin.end()
  })

  test('nothing here ended as an unknown failure', () => {
    expect(p.studio.log.filter((line) => line.includes('"level":50'))).toEqual([])
  })
})
