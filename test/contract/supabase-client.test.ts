import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeDedicated } from '../helpers/dedicated'
import { createHttpStudio, type HttpStudio } from '../helpers/http-studio'
import { signUpTenant, type Tenant } from '../helpers/test-studio'

/** The official client, unchanged, against the data API; in both tiers of storage. */

let studio: HttpStudio
let tenant: Tenant
beforeAll(async () => {
  studio = await createHttpStudio()
  tenant = await signUpTenant(studio, 'ada@example.org')
})
afterAll(() => studio.close())

interface Shop {
  readonly databaseId: string
  readonly ref: string
  readonly secret: SupabaseClient
  readonly anon: SupabaseClient
  readonly tables: ReadonlyMap<string, string>
  readonly key: { readonly secret: string; readonly publishable: string }
}

async function createShop(tier: 'shared' | 'dedicated'): Promise<Shop> {
  const { client } = tenant
  const { project } = await client.projects.create({ name: `Shop ${tier}` })
  const { database } = await client.databases.create({ projectId: project.id })
  const databaseId = database.id
  const schemas = [
    {
      name: 'people',
      columns: [
        { name: 'name', type: 'text', required: true },
        { name: 'city', type: 'text' },
      ],
    },
    {
      name: 'todos',
      columns: [
        { name: 'title', type: 'text', required: true },
        { name: 'n', type: 'integer' },
        { name: 'done', type: 'boolean', default: 'false' },
        { name: 'amount', type: 'numeric(10,2)' },
        { name: 'tags', type: 'text[]' },
        { name: 'meta', type: 'jsonb' },
        { name: 'due', type: 'timestamptz' },
        { name: 'code', type: 'text', unique: true },
        {
          name: 'author_id',
          type: 'uuid',
          references: { table: 'people', column: 'id', on_delete: 'cascade' as const },
        },
        { name: 'reviewer_id', type: 'uuid', references: { table: 'people', column: 'id' } },
      ],
    },
    {
      name: 'comments',
      columns: [
        { name: 'body', type: 'text' },
        { name: 'stars', type: 'integer' },
        { name: 'todo_id', type: 'uuid', references: { table: 'todos', column: 'id', on_delete: 'cascade' as const } },
      ],
    },
    { name: 'labels', columns: [{ name: 'name', type: 'text' }] },
    {
      name: 'todo_labels',
      columns: [
        {
          name: 'todo_id',
          type: 'uuid',
          primary_key: true,
          references: { table: 'todos', column: 'id', on_delete: 'cascade' as const },
        },
        { name: 'label_id', type: 'uuid', primary_key: true, references: { table: 'labels', column: 'id' } },
      ],
    },
  ]
  const tables = new Map<string, string>()
  for (const schemaJson of schemas) {
    const { table } = await client.tables.create({ databaseId, schemaJson })
    tables.set(schemaJson.name, table.id)
  }
  const publishable = (await client.keys.create({ databaseId, name: 'web', kind: 'publishable' })).secret
  const secret = (await client.keys.create({ databaseId, name: 'server', kind: 'secret' })).secret
  const shop: Shop = {
    databaseId,
    ref: database.ref,
    secret: clientOf(database.ref, secret),
    anon: clientOf(database.ref, publishable),
    tables,
    key: { secret, publishable },
  }
  await seed(shop)
  if (tier === 'dedicated')
    for (const name of ['people', 'todos', 'comments']) await makeDedicated(studio, tenant.userId, databaseId, name)
  return shop
}

function clientOf(ref: string, key: string): SupabaseClient {
  return createClient(`${studio.url}/p/${ref}`, key, {
    auth: { persistSession: false, autoRefreshToken: false },
    realtime: { transport: class {} as never },
  })
}

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

async function seed({ secret }: Shop): Promise<void> {
  const done = async (work: PromiseLike<{ error: unknown }>) => expect((await work).error).toBeNull()
  await done(
    secret.from('people').insert([
      { id: id(1), name: 'Ada', city: 'London' },
      { id: id(2), name: 'Grace', city: 'New York' },
    ]),
  )
  await done(
    secret.from('todos').insert(
      [
        {
          id: id(11),
          title: 'Write, "quote"',
          n: 1,
          amount: 10.5,
          tags: ['a', 'b'],
          meta: { k: 1, city: 'Rome', list: [1, 2] },
          due: '2026-01-01T00:00:00Z',
          code: 'x1',
          author_id: id(1),
        },
        {
          id: id(12),
          title: 'Read',
          n: 2,
          done: true,
          amount: 20,
          tags: ['b', 'c'],
          meta: { k: 2, city: 'Oslo' },
          due: '2026-02-01T00:00:00Z',
          code: 'x2',
          author_id: id(1),
        },
        { id: id(13), title: 'Sleep', n: 3, amount: 30, tags: [], meta: null, due: null, code: 'x3', author_id: id(2) },
        {
          id: id(14),
          title: 'Fly',
          n: null,
          amount: null,
          tags: null,
          meta: { k: 'text' },
          due: null,
          code: null,
          author_id: null,
        },
      ],
      { defaultToNull: false },
    ),
  )
  await done(
    secret.from('comments').insert([
      { id: id(21), body: 'good cats eat', stars: 5, todo_id: id(11) },
      { id: id(22), body: 'a fat cat sat', stars: 1, todo_id: id(11) },
      { id: id(23), body: 'fine', stars: 3, todo_id: id(12) },
    ]),
  )
  await done(
    secret.from('labels').insert([
      { id: id(31), name: 'red' },
      { id: id(32), name: 'blue' },
    ]),
  )
  await done(
    secret.from('todo_labels').insert([
      { todo_id: id(11), label_id: id(31) },
      { todo_id: id(11), label_id: id(32) },
      { todo_id: id(12), label_id: id(32) },
    ]),
  )
}

describe.each(['shared', 'dedicated'] as const)('%s tier', (tier) => {
  let shop: Shop
  beforeAll(async () => {
    shop = await createShop(tier)
  })
  const titles = (rows: readonly { title?: unknown }[] | null) => rows?.map(({ title }) => title)
  const todos = () => shop.secret.from('todos')

  test('reads columns in their order and no more', async () => {
    const { data, error, status } = await todos().select('*').eq('id', id(11)).single()
    expect(error).toBeNull()
    expect(status).toBe(200)
    expect(Object.keys(data)).toEqual([
      'id',
      'title',
      'n',
      'done',
      'amount',
      'tags',
      'meta',
      'due',
      'code',
      'author_id',
      'reviewer_id',
      'created_at',
      'updated_at',
    ])
    expect(data).toMatchObject({
      n: 1,
      done: false,
      amount: '10.50',
      tags: ['a', 'b'],
      meta: { k: 1 },
      due: '2026-01-01T00:00:00.000000Z',
    })
  })

  test('filters', async () => {
    const by = async (work: PromiseLike<{ data: unknown; error: unknown }>) => {
      const { data, error } = await work
      expect(error).toBeNull()
      return (data as { n: number | null }[]).map(({ n }) => n).sort()
    }
    const select = () => todos().select('n')
    expect(await by(select().eq('n', 1))).toEqual([1])
    expect(await by(select().neq('n', 1))).toEqual([2, 3])
    expect(await by(select().gt('n', 1).lte('n', 3))).toEqual([2, 3])
    expect(await by(select().in('title', ['Write, "quote"', 'Read']))).toEqual([1, 2])
    expect(await by(select().is('n', null))).toEqual([null])
    expect(await by(select().is('done', true))).toEqual([2])
    expect(await by(select().like('title', '%e%'))).toEqual([1, 2, 3])
    expect(await by(select().ilike('title', 're*'))).toEqual([2])
    expect(await by(select().not('n', 'in', '(1,2)'))).toEqual([3])
    expect(await by(select().or('n.eq.1,and(n.gt.2,done.is.false)'))).toEqual([1, 3])
    expect(await by(select().contains('tags', ['b']))).toEqual([1, 2])
    expect(await by(select().containedBy('tags', ['a', 'b']))).toEqual([1, 3])
    expect(await by(select().overlaps('tags', ['c', 'x']))).toEqual([2])
    expect(await by(select().contains('meta', { k: 1 }))).toEqual([1])
    expect(await by(select().eq('meta->>city', 'Oslo'))).toEqual([2])
    expect(await by(select().eq('meta->k', 2))).toEqual([2])
    expect(await by(select().gte('due', '2026-01-15'))).toEqual([2])
    expect(await by(select().filter('amount', 'gte', 20))).toEqual([2, 3])
    expect(await by(select().match({ n: 1, done: false }))).toEqual([1])
    expect(await by(select().likeAnyOf('title', ['W%', 'R%']))).toEqual([1, 2])
    expect(await by(select().ilikeAllOf('title', ['%r%', '%d']))).toEqual([2])
    expect(await by(select().filter('n', 'isdistinct', 1))).toEqual([2, 3, null])
    const { data } = await shop.secret
      .from('comments')
      .select('stars')
      .textSearch('body', 'fat cat', { type: 'websearch', config: 'english' })
    expect(data).toEqual([{ stars: 1 }])
    expect(await by(select().filter('title', 'match', '^[RS]'))).toEqual([2, 3])
  })

  test('order, limit, range and counts', async () => {
    const ordered = await todos().select('title').order('n', { ascending: false, nullsFirst: false }).order('title')
    expect(titles(ordered.data)).toEqual(['Sleep', 'Read', 'Write, "quote"', 'Fly'])
    const page = await todos().select('title', { count: 'exact' }).order('title').range(1, 2)
    expect({ titles: titles(page.data), count: page.count, status: page.status }).toEqual({
      titles: ['Read', 'Sleep'],
      count: 4,
      status: 206,
    })
    const head = await todos().select('*', { count: 'exact', head: true })
    expect({ data: head.data, count: head.count, status: head.status }).toEqual({ data: null, count: 4, status: 200 })
    for (const count of ['planned', 'estimated'] as const)
      expect((await todos().select('id', { count }).limit(1)).count).toBeGreaterThan(0)
    expect((await todos().select('title').order('meta->>city').limit(1)).data).toEqual([{ title: 'Read' }])
    const beyond = await todos().select('*', { count: 'exact' }).range(100, 110)
    expect(beyond).toMatchObject({ status: 416, error: { code: 'PGRST103' } })
  })

  test('aliases, casts, paths and aggregates', async () => {
    const { data, error } = await todos()
      .select('label:title,city:meta->>city,amount::text,meta->list->0,kk:meta->k')
      .eq('n', 1)
    expect(error).toBeNull()
    expect(data).toEqual([{ label: 'Write, "quote"', city: 'Rome', amount: '10.50', list: 1, kk: 1 }])
    expect((await todos().select('count()')).data).toEqual([{ count: 4 }])
    expect((await todos().select('done,n.sum(),count()').order('done')).data).toEqual([
      { done: false, sum: 4, count: 3 },
      { done: true, sum: 2, count: 1 },
    ])
  })

  test('embeds in both directions, through a table between, and nested', async () => {
    const up = await todos().select('title,author:people!author_id(name)').eq('n', 1).single()
    expect(up.error).toBeNull()
    expect(up.data).toEqual({ title: 'Write, "quote"', author: { name: 'Ada' } })
    const none = await todos().select('author:people!author_id(name)').is('n', null).single()
    expect(none.data).toEqual({ author: null })
    const byColumn = await todos().select('author_id(name)').eq('n', 3).single()
    expect(byColumn.data).toEqual({ author_id: { name: 'Grace' } })
    const down = await shop.secret
      .from('people')
      .select('name,todos!author_id(title,comments(body))')
      .eq('name', 'Ada')
      .order('n', { referencedTable: 'todos', ascending: false })
      .single()
    expect(down.data).toEqual({
      name: 'Ada',
      todos: [
        { title: 'Read', comments: [{ body: 'fine' }] },
        { title: 'Write, "quote"', comments: [{ body: 'good cats eat' }, { body: 'a fat cat sat' }] },
      ],
    })
    const through = await todos().select('title,labels(name)').eq('n', 1).single()
    expect(through.data).toEqual({ title: 'Write, "quote"', labels: [{ name: 'red' }, { name: 'blue' }] })
    const counted = await todos().select('n,comments(count)').order('n').limit(2)
    expect(counted.data).toEqual([
      { n: 1, comments: [{ count: 2 }] },
      { n: 2, comments: [{ count: 1 }] },
    ])
    const spread = await todos().select('n,...people!author_id(who:name)').eq('n', 1)
    expect(spread.data).toEqual([{ n: 1, who: 'Ada' }])
  })

  test('filters, orders and limits of embeds, and inner ones', async () => {
    const limited = await todos()
      .select('n,comments(stars)')
      .order('stars', { referencedTable: 'comments' })
      .limit(1, { referencedTable: 'comments' })
      .order('n')
      .limit(1)
    expect(limited.data).toEqual([{ n: 1, comments: [{ stars: 1 }] }])
    const filtered = await todos().select('n,comments(stars)').gt('comments.stars', 3).order('n').limit(2)
    expect(filtered.data).toEqual([
      { n: 1, comments: [{ stars: 5 }] },
      { n: 2, comments: [] },
    ])
    const inner = await todos().select('n,comments!inner(stars)').gt('comments.stars', 3)
    expect(inner.data).toEqual([{ n: 1, comments: [{ stars: 5 }] }])
    const author = await todos().select('n,author:people!author_id!inner(name)').eq('author.name', 'Grace')
    expect(author.data).toEqual([{ n: 3, author: { name: 'Grace' } }])
    const or = await todos()
      .select('n,comments!inner(stars)')
      .or('stars.eq.5,stars.eq.3', { referencedTable: 'comments' })
      .order('n')
    expect(or.data).toEqual([
      { n: 1, comments: [{ stars: 5 }] },
      { n: 2, comments: [{ stars: 3 }] },
    ])
    const without = await todos().select('n,comments()').is('comments', null).order('n')
    expect(without.data).toEqual([{ n: 3 }, { n: null }])
    const byAuthor = await todos()
      .select('n,people!author_id(name)')
      .order('people(name)', { ascending: false })
      .order('n')
      .limit(1)
    expect(byAuthor.data).toEqual([{ n: null, people: null }])
  })

  test('ambiguous and missing relations say so', async () => {
    expect(await todos().select('people(name)')).toMatchObject({ status: 300, error: { code: 'PGRST201' } })
    expect(await todos().select('nothing(name)')).toMatchObject({ status: 400, error: { code: 'PGRST200' } })
    expect(await todos().select('id').eq('people.name', 'x')).toMatchObject({
      status: 400,
      error: { code: 'PGRST108' },
    })
  })

  test('single and maybeSingle', async () => {
    expect(await todos().select('n').single()).toMatchObject({
      status: 406,
      error: { code: 'PGRST116', details: 'The result contains 4 rows' },
    })
    expect(await todos().select('n').eq('n', 99).single()).toMatchObject({
      status: 406,
      error: { code: 'PGRST116', details: 'The result contains 0 rows' },
    })
    expect(await todos().select('n').eq('n', 99).maybeSingle()).toMatchObject({ data: null, error: null })
  })

  test('csv', async () => {
    const { data } = await todos().select('n,title,tags').order('n').limit(1).csv()
    expect(data).toBe('n,title,tags\n1,"Write, ""quote""","{a,b}"')
  })

  test('inserts, with and without an answer', async () => {
    const bare = await todos().insert({ title: 'bare', code: 'b1' })
    expect(bare).toMatchObject({ status: 201, data: null, error: null })
    const one = await todos().insert({ title: 'one', n: 100 }).select('title,n,done').single()
    expect(one).toMatchObject({ status: 201, data: { title: 'one', n: 100, done: false } })
    const many = await todos()
      .insert([{ title: 'p' }, { title: 'q', n: 101, done: true }])
      .select('title,n,done')
    expect(many.data).toEqual([
      { title: 'p', n: null, done: null },
      { title: 'q', n: 101, done: true },
    ])
    const defaults = await todos()
      .insert([{ title: 'r' }, { title: 's', done: true }], { defaultToNull: false })
      .select('done')
    expect(defaults.data).toEqual([{ done: false }, { done: true }])
    const joined = await todos()
      .insert({ title: 't', author_id: id(1) })
      .select('title,author:people!author_id(name)')
      .single()
    expect(joined.data).toEqual({ title: 't', author: { name: 'Ada' } })
    const gone = await todos().delete().in('title', ['bare', 'one', 'p', 'q', 'r', 's', 't']).select('title')
    expect(gone.data).toHaveLength(7)
  })

  test('upserts', async () => {
    const first = await todos().upsert({ code: 'u1', title: 'first' }, { onConflict: 'code' }).select('title').single()
    expect(first).toMatchObject({ status: 201, data: { title: 'first' } })
    const second = await todos()
      .upsert(
        [
          { code: 'u1', title: 'second' },
          { code: 'u2', title: 'new' },
        ],
        { onConflict: 'code' },
      )
      .select('code,title')
    expect(second.error).toBeNull()
    expect(second.data).toEqual([
      { code: 'u1', title: 'second' },
      { code: 'u2', title: 'new' },
    ])
    const ignored = await todos()
      .upsert(
        [
          { code: 'u1', title: 'third' },
          { code: 'u3', title: 'new too' },
        ],
        { onConflict: 'code', ignoreDuplicates: true },
      )
      .select('title')
    expect(ignored.data).toEqual([{ title: 'new too' }])
    const byId = await todos()
      .upsert({ id: id(11), title: 'Write, "quote"', n: 1 })
      .select('n')
      .single()
    expect(byId.data).toEqual({ n: 1 })
    expect(await todos().upsert({ title: 'x' }, { onConflict: 'title' })).toMatchObject({
      status: 400,
      error: { code: '42P10' },
    })
    const between = await shop.secret
      .from('todo_labels')
      .upsert({ todo_id: id(11), label_id: id(31) }, { ignoreDuplicates: true })
    expect(between.error).toBeNull()
    await todos().delete().in('code', ['u1', 'u2', 'u3'])
  })

  test('updates and deletes', async () => {
    const changed = await todos().update({ n: 42 }).eq('id', id(14)).select('title,n')
    expect(changed).toMatchObject({ status: 200, data: [{ title: 'Fly', n: 42 }] })
    const counted = await todos().update({ n: null }, { count: 'exact' }).eq('id', id(14))
    expect(counted).toMatchObject({ status: 204, data: null, count: 1 })
    expect(await todos().update({ n: 7 }).eq('id', id(999)).select()).toMatchObject({ status: 200, data: [] })
    await todos().insert([{ title: 'x' }, { title: 'x' }])
    expect(await todos().delete().eq('title', 'x').maxAffected(1)).toMatchObject({
      status: 400,
      error: { code: 'PGRST124' },
    })
    const gone = await todos().delete({ count: 'exact' }).eq('title', 'x')
    expect(gone).toMatchObject({ status: 204, count: 2 })
    const tried = await todos().delete().eq('id', id(11)).select('title').rollback()
    expect(tried.error).toBeNull()
    expect(tried.data).toEqual([{ title: 'Write, "quote"' }])
    expect((await todos().select('id').eq('id', id(11))).data).toHaveLength(1)
  })

  test('errors have the codes of Postgres', async () => {
    expect(await todos().insert({ title: 'twice', code: 'x1' })).toMatchObject({
      status: 409,
      error: { code: '23505' },
    })
    expect(await todos().insert({ title: 'lost', author_id: id(999) })).toMatchObject({
      status: 409,
      error: { code: '23503' },
    })
    expect(await todos().insert({ n: 1 })).toMatchObject({ status: 400, error: { code: '23502' } })
    expect(await todos().insert({ title: 'x', n: 'many' })).toMatchObject({ status: 400, error: { code: '22P02' } })
    expect(await todos().insert({ title: 'x', nope: 1 })).toMatchObject({ status: 400, error: { code: 'PGRST204' } })
    expect(await todos().select('nope')).toMatchObject({ status: 400, error: { code: '42703' } })
    expect(await todos().select('id').eq('nope', 1)).toMatchObject({ status: 400, error: { code: '42703' } })
    expect(await todos().select('id').eq('n', 'x')).toMatchObject({ status: 400, error: { code: '22P02' } })
    expect(await shop.secret.from('nope').select()).toMatchObject({ status: 404, error: { code: 'PGRST205' } })
    expect(await shop.secret.rpc('add', { a: 1 })).toMatchObject({ status: 404, error: { code: 'PGRST202' } })
    expect(await shop.secret.schema('other').from('todos').select()).toMatchObject({
      status: 406,
      error: { code: 'PGRST106' },
    })
    expect(await shop.secret.from('users').select('password_hash')).toMatchObject({
      status: 400,
      error: { code: '42703' },
    })
    expect(await todos().select('*,,')).toMatchObject({ status: 400, error: { code: 'PGRST100' } })
    expect(await todos().delete()).toMatchObject({ status: 400, error: { code: '21000' } })
  })

  test('what apps ask now and then', async () => {
    const nested = await todos()
      .select('n')
      .or('and(n.gte.1,or(title.eq."Write, \\"quote\\"",meta->>city.eq.Oslo)),not.and(n.lte.3,done.not.is.null)')
      .order('n')
    expect(nested.error).toBeNull()
    expect(nested.data).toEqual([{ n: 1 }, { n: 2 }])
    const deep = await todos()
      .select('n')
      .contains('meta', { list: [2] })
      .overrideTypes<{ n: number }[]>()
    expect(deep.data).toEqual([{ n: 1 }])
    const stripped = await todos().select('n,code,reviewer_id').eq('id', id(11)).stripNulls()
    expect(stripped.data).toEqual([{ n: 1, code: 'x1' }])
    const beyond = await todos().select('n').range(100, 110)
    expect(beyond).toMatchObject({ status: 200, data: [], error: null })
    const planned = await todos().select('*', { count: 'planned', head: true })
    expect({ status: planned.status, error: planned.error }).toEqual({ status: planned.status, error: null })
    expect(planned.count).toBeGreaterThan(0)
    const many = await todos().select('n').maybeSingle()
    expect(many).toMatchObject({ data: null, error: { code: 'PGRST116' } })
    const phrase = await shop.secret.from('comments').select('stars').textSearch('body', 'fat cat', { type: 'phrase' })
    expect(phrase.data).toEqual([{ stars: 1 }])
    const spread = await shop.secret
      .from('comments')
      .select('stars,...todos!inner(todo:title,...people!author_id(writer:name))')
      .eq('todos.n', 2)
    expect(spread.data).toEqual([{ stars: 3, todo: 'Read', writer: 'Ada' }])
    const grandchild = await shop.secret
      .from('people')
      .select('name,todos!author_id!inner(n,comments!inner(stars))')
      .gte('todos.comments.stars', 5)
      .order('stars', { referencedTable: 'todos.comments' })
    expect(grandchild.data).toEqual([{ name: 'Ada', todos: [{ n: 1, comments: [{ stars: 5 }] }] }])
    const gone = new AbortController()
    const aborted = todos().select('n').abortSignal(gone.signal)
    gone.abort()
    expect((await aborted).error?.message).toMatch(/abort/i)
    const csv = await todos().select('n,meta').eq('n', 99).csv()
    expect(csv).toMatchObject({ data: 'n,meta', error: null })
  })

  test('a publishable key sees nothing until a rule opens it', async () => {
    const { client } = tenant
    const tableId = shop.tables.get('people') ?? ''
    const { databaseId } = shop
    expect(await shop.anon.from('people').select()).toMatchObject({ status: 401, data: null, error: { code: '42501' } })
    expect(await shop.anon.from('people').insert({ name: 'x' })).toMatchObject({ status: 401 })
    await client.rules.set({ databaseId, tableId, select: { allow: 'public', where: { city: 'London' } } })
    expect((await shop.anon.from('people').select('name')).data).toEqual([{ name: 'Ada' }])
    expect((await shop.anon.from('people').select('name', { count: 'exact', head: true })).count).toBe(1)
    expect(await shop.anon.from('people').update({ name: 'x' }).eq('city', 'London')).toMatchObject({ status: 401 })
    await client.rules.set({
      databaseId,
      tableId,
      select: 'public',
      insert: { allow: 'public', where: { city: 'Paris' } },
      hidden: ['city'],
    })
    expect(await shop.anon.from('people').select('city')).toMatchObject({ status: 400, error: { code: '42703' } })
    expect(await shop.anon.from('people').insert({ name: 'Z' })).toMatchObject({
      status: 401,
      error: { code: '42501' },
    })
    await client.rules.set({ databaseId, tableId })
    expect(await shop.anon.from('people').select()).toMatchObject({ status: 401 })
  })
})
