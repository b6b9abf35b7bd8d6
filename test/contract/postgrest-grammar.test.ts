import type { OutgoingHttpHeaders } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHttpStudio, type HttpAnswer, type HttpStudio } from '../helpers/http-studio'
import { signUpTenant } from '../helpers/test-studio'

/** What apps send without the official client: forms, CSV, PUT, ranges, and the whole of the grammar. */

let studio: HttpStudio
let ref: string
let key: string
beforeAll(async () => {
  studio = await createHttpStudio()
  const { client } = await signUpTenant(studio, 'ada@example.org')
  const { project } = await client.projects.create({ name: 'Grammar' })
  const { database } = await client.databases.create({ projectId: project.id })
  ref = database.ref
  const databaseId = database.id
  key = (await client.keys.create({ databaseId, name: 'server', kind: 'secret' })).secret
  const columns = [
    { name: 'id', type: 'integer', primary_key: true },
    { name: 'name', type: 'text', required: true },
    { name: 'done', type: 'boolean', default: 'false' },
    { name: 'tags', type: 'text[]' },
    { name: 'meta', type: 'jsonb' },
  ]
  await client.tables.create({ databaseId, schemaJson: { name: 'lists', columns } })
  const items = [
    { name: 'id', type: 'integer', primary_key: true },
    { name: 'list_id', type: 'integer', references: { table: 'lists', column: 'id' } },
    { name: 'title', type: 'text' },
    { name: 'n', type: 'integer' },
  ]
  await client.tables.create({ databaseId, schemaJson: { name: 'items', columns: items } })
  await send('POST', 'lists', [
    { id: 1, name: 'first', done: true, tags: ['a', 'b c'], meta: { k: { deep: [1, 2] }, s: 'x' } },
    { id: 2, name: 'second', tags: ['b'], meta: { k: { deep: [3] }, s: 'y' } },
    { id: 3, name: 'third, "quoted"', tags: [], meta: null },
  ])
  await send('POST', 'items', [
    { id: 11, list_id: 1, title: 'one', n: 1 },
    { id: 12, list_id: 1, title: 'two', n: 2 },
    { id: 13, list_id: 2, title: 'three', n: null },
  ])
})
afterAll(() => studio.close())

function send(method: string, path: string, body?: unknown, headers: OutgoingHttpHeaders = {}): Promise<HttpAnswer> {
  const isText = typeof body === 'string'
  return studio.send({
    method,
    path: `/p/${ref}/rest/v1/${path}`,
    headers: {
      apikey: key,
      ...(isText || body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  })
}

const read = async (path: string) => {
  const { status, text } = await send('GET', path)
  return status === 200 ? JSON.parse(text) : `${status} ${JSON.parse(text).code}`
}
const idsOf = async (filter: string) => {
  const rows = await read(`lists?select=id&order=id&${filter}`)
  return Array.isArray(rows) ? rows.map(({ id }: { id: number }) => id) : rows
}

describe('conditions', () => {
  test.each([
    ['id=eq.1', [1]],
    ['id=not.eq.1', [2, 3]],
    ['id=neq.1', [2, 3]],
    ['id=gt.1&id=lte.3', [2, 3]],
    ['name=like.*ir*', [1, 3]],
    ['name=ilike.SEC*', [2]],
    ['name=match.^f', [1]],
    ['name=imatch.^F', [1]],
    ['name=like(any).{f*,s*}', [1, 2]],
    ['name=ilike(all).{*R*,*D*}', [3]],
    ['id=eq(any).{1,3}', [1, 3]],
    ['id=gt(all).{0,1}', [2, 3]],
    ['id=in.(1,3)', [1, 3]],
    ['id=not.in.(1,3)', [2]],
    ['name=in.("third, \\"quoted\\"",first)', [1, 3]],
    ['id=in.()', []],
    ['meta=is.null', [3]],
    ['meta=not.is.null', [1, 2]],
    ['done=is.true', [1]],
    ['done=is.not_null', [1, 2, 3]],
    ['name=isdistinct.first', [2, 3]],
    ['tags=cs.{b}', [2]],
    ['tags=cd.{b,x}', [2, 3]],
    ['tags=ov.{"b c",z}', [1]],
    ['tags=eq.{b}', [2]],
    ['meta=cs.{"s":"x"}', [1]],
    ['meta->k->deep->0=eq.3', [2]],
    ['meta->>s=eq.x', [1]],
    ['meta->k->>deep=eq.[3]', [2]],
    ['name=fts.first', [1]],
    ['name=plfts(english).second', [2]],
    ['name=phfts.third', [3]],
    ['name=wfts(simple).first or second', [1, 2]],
    ['or=(id.eq.1,and(id.gt.1,meta.is.null))', [1, 3]],
    ['or=(name.eq."third, \\"quoted\\"",id.in.(1,9))', [1, 3]],
    ['not.or=(id.eq.1,id.eq.2)', [3]],
    ['and=(id.gt.1,or(done.is.true,not.and(id.lt.3,done.is.false)))', [3]],
    ['or=(tags.cs.{b},meta->>s.eq.x)', [1, 2]],
    ['name=eq.third, "quoted"', [3]],
    ['id=sl.(1,5)', '400 42883'],
    ['id=sr.(1,5)', '400 42883'],
    ['id=nxl.(1,5)', '400 42883'],
    ['id=nxr.(1,5)', '400 42883'],
    ['id=adj.(1,5)', '400 42883'],
    ['id=like.1*', '400 42883'],
    ['id=between.1', '400 PGRST100'],
    ['id=eq.x', '400 22P02'],
    ['nope=eq.1', '400 42703'],
    ['or=(id.eq.1', '400 PGRST100'],
  ] as const)('%s', async (filter, found) => {
    const encoded = filter.replaceAll(' ', '%20').replaceAll('"', '%22').replaceAll('\\', '%5C')
    expect(await idsOf(encoded)).toEqual(found)
  })
})

describe('embeds', () => {
  test.each([
    [
      'lists?select=id,items(title)&id=eq.1&items.order=n.desc',
      [{ id: 1, items: [{ title: 'two' }, { title: 'one' }] }],
    ],
    [
      'lists?select=id,items(title)&id=eq.1&items.limit=1&items.offset=1&items.order=n',
      [{ id: 1, items: [{ title: 'two' }] }],
    ],
    ['lists?select=id,all:items(n)&id=eq.2', [{ id: 2, all: [{ n: null }] }]],
    ['lists?select=id,items!inner(n)&items.n=gt.1', [{ id: 1, items: [{ n: 2 }] }]],
    ['lists?select=id,items!list_id(n)&id=eq.2', [{ id: 2, items: [{ n: null }] }]],
    ['lists?select=id,items!items_list_id_fkey(n)&id=eq.2', [{ id: 2, items: [{ n: null }] }]],
    ['items?select=title,lists(name)&id=eq.13', [{ title: 'three', lists: { name: 'second' } }]],
    ['items?select=title,...lists(list:name)&id=eq.13', [{ title: 'three', list: 'second' }]],
    [
      'lists?select=id,...items(titles:title,n)&id=lt.3&order=id&items.order=id',
      [
        { id: 1, titles: ['one', 'two'], n: [1, 2] },
        { id: 2, titles: ['three'], n: [null] },
      ],
    ],
    ['items?select=id&order=lists(name).desc,id&limit=2', '400 PGRST108'],
    ['items?select=id,lists(name)&order=lists(name).desc,id&limit=1', [{ id: 13, lists: { name: 'second' } }]],
    ['lists?select=id,items(count)&id=eq.1', [{ id: 1, items: [{ count: 2 }] }]],
    ['lists?select=id&items=is.null', '400 42703'],
    ['lists?select=id,items()&items=is.null', [{ id: 3 }]],
    ['lists?select=id,items()&or=(items.not.is.null,id.eq.3)&order=id', [{ id: 1 }, { id: 2 }, { id: 3 }]],
    ['lists?select=id,nothing(x)', '400 PGRST200'],
    ['items?select=lists(items(lists(id)))&id=eq.13', [{ lists: { items: [{ lists: { id: 2 } }] } }]],
  ] as const)('%s', async (path, found) => {
    expect(await read(path)).toEqual(found)
  })
})

describe('order, ranges and counts', () => {
  test('NULLs go where they are asked to', async () => {
    const order = async (text: string) =>
      (await read(`items?select=id&order=${text}`)).map(({ id }: { id: number }) => id)
    expect(await order('n')).toEqual([11, 12, 13])
    expect(await order('n.desc')).toEqual([13, 12, 11])
    expect(await order('n.desc.nullslast')).toEqual([12, 11, 13])
    expect(await order('n.asc.nullsfirst,id.desc')).toEqual([13, 11, 12])
    expect(await order('n.nullsfirst')).toEqual([13, 11, 12])
  })

  test('a range in the header, a part, and what lies beyond', async () => {
    const part = await send('GET', 'lists?select=id&order=id', undefined, {
      range: '0-1',
      'range-unit': 'items',
      prefer: 'count=exact',
    })
    expect(part).toMatchObject({ status: 206, text: '[{"id":1}, \n {"id":2}]' })
    expect(part.headers).toMatchObject({ 'content-range': '0-1/3', 'preference-applied': 'count=exact' })
    const open = await send('GET', 'lists?select=id&order=id', undefined, { range: '1-' })
    expect(open).toMatchObject({ status: 200, headers: { 'content-range': '1-2/*' } })
    expect((await send('GET', 'lists', undefined, { range: '5-1' })).status).toBe(416)
    const none = await send('GET', 'lists?limit=0', undefined, { prefer: 'count=exact' })
    expect(none).toMatchObject({ text: '[]', headers: { 'content-range': '*/3' } })
    const beyond = await send('GET', 'lists?offset=9', undefined, { prefer: 'count=exact' })
    expect(beyond.status).toBe(416)
    expect(JSON.parse(beyond.text).code).toBe('PGRST103')
    const head = await send('HEAD', 'lists?limit=1', undefined, { prefer: 'count=exact' })
    expect(head).toMatchObject({ status: 206, text: '', headers: { 'content-range': '0-0/3' } })
  })

  test('one object, or 406', async () => {
    const accept = 'application/vnd.pgrst.object+json'
    const one = await send('GET', 'lists?select=id&id=eq.1', undefined, { accept })
    expect(one).toMatchObject({ status: 200, text: '{"id":1}' })
    expect(one.headers['content-type']).toContain(accept)
    const none = await send('GET', 'lists?id=eq.9', undefined, { accept })
    expect(none.status).toBe(406)
    expect(JSON.parse(none.text)).toEqual({
      code: 'PGRST116',
      details: 'The result contains 0 rows',
      hint: null,
      message: 'Cannot coerce the result to a single JSON object',
    })
    const stripped = await send('GET', 'items?select=id,n&id=eq.13', undefined, {
      accept: 'application/vnd.pgrst.array+json;nulls=stripped',
    })
    expect(JSON.parse(stripped.text)).toEqual([{ id: 13 }])
    expect((await send('GET', 'lists', undefined, { accept: 'image/png' })).status).toBe(406)
  })
})

describe('bodies and answers', () => {
  test('CSV in and out', async () => {
    const csv = 'id,name,done,tags,meta\n21,"a, b",true,"{x,""y z""}","{""k"":1}"\n22,plain,NULL,,\n'
    const made = await send('POST', 'lists?select=id,name,done,tags,meta', csv, {
      'content-type': 'text/csv',
      prefer: 'return=representation',
    })
    expect({ status: made.status, body: JSON.parse(made.text) }).toEqual({
      status: 201,
      body: [
        { id: 21, name: 'a, b', done: true, tags: ['x', 'y z'], meta: { k: 1 } },
        { id: 22, name: 'plain', done: null, tags: null, meta: null },
      ],
    })
    const shown = await send('GET', 'lists?select=id,name,done,tags,meta&id=gt.20&order=id', undefined, {
      accept: 'text/csv',
    })
    expect(shown.headers['content-type']).toContain('text/csv')
    expect(shown.text).toBe(
      'id,name,done,tags,meta\n21,"a, b",t,"{x,""y z""}","{""k"": 1}"\n22,plain,,,'.replace('": 1', '":1'),
    )
    const broken = await send('POST', 'lists', 'id,name\n1', { 'content-type': 'text/csv' })
    expect({ status: broken.status, code: JSON.parse(broken.text).code }).toEqual({ status: 400, code: 'PGRST102' })
    await send('DELETE', 'lists?id=gt.20')
  })

  test('a form is one record, and JSON needs no header', async () => {
    const form = await send('POST', 'lists', 'id=31&name=from+a+form', {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(form).toMatchObject({ status: 201, text: '' })
    expect((await send('POST', 'lists', '{"id":32,"name":5}')).status).toBe(201)
    expect(await read('lists?select=id,name&id=gt.30&order=id')).toEqual([
      { id: 31, name: 'from a form' },
      { id: 32, name: '5' },
    ])
    expect((await send('POST', 'lists', '{"id":')).status).toBe(400)
    await send('DELETE', 'lists?id=gt.30')
  })

  test('PUT creates or replaces the record of its primary key', async () => {
    const prefer = { prefer: 'return=representation' }
    const record = { id: 41, name: 'put', done: false, tags: null, meta: null }
    expect(await send('PUT', 'lists?id=eq.41&select=name', record, prefer)).toMatchObject({
      status: 201,
      text: '[{"name":"put"}]',
    })
    expect(await send('PUT', 'lists?id=eq.41', { ...record, name: 'again' })).toMatchObject({ status: 204, text: '' })
    expect(await send('PUT', 'lists?id=eq.41&select=name', { ...record, name: 'third' }, prefer)).toMatchObject({
      status: 200,
      text: '[{"name":"third"}]',
    })
    const failure = async (path: string, body: unknown = record) => {
      const { status, text } = await send('PUT', path, body)
      return `${status} ${JSON.parse(text).code}`
    }
    expect(await failure('lists?id=eq.42')).toBe('400 PGRST115')
    expect(await failure('lists?id=gt.41')).toBe('405 PGRST105')
    expect(await failure('lists?name=eq.x')).toBe('405 PGRST105')
    expect(await failure('lists')).toBe('405 PGRST105')
    expect(await failure('lists?id=eq.41&limit=1')).toBe('400 PGRST114')
    expect(await failure('lists?id=eq.41', [record, record])).toBe('400 PGRST102')
    await send('DELETE', 'lists?id=eq.41')
  })

  test('what is preferred is done, and said', async () => {
    const headers = await send('POST', 'lists', { id: 51, name: 'x' }, { prefer: 'return=headers-only' })
    expect(headers).toMatchObject({ status: 201, text: '', headers: { location: '/lists?id=eq.51' } })
    const minimal = await send('PATCH', 'lists?id=eq.51', { name: 'y' }, { prefer: 'return=minimal, count=exact' })
    expect(minimal).toMatchObject({ status: 204, text: '', headers: { 'content-range': '0-0/1' } })
    const undone = await send('DELETE', 'lists?id=eq.51', undefined, { prefer: 'tx=rollback, return=representation' })
    expect(undone.headers['preference-applied']).toContain('tx=rollback')
    expect(await idsOf('id=eq.51')).toEqual([51])
    const many = await send('PATCH', 'lists?id=gt.0', { done: true }, { prefer: 'handling=strict, max-affected=1' })
    expect({ status: many.status, code: JSON.parse(many.text).code }).toEqual({ status: 400, code: 'PGRST124' })
    const unknown = await send('GET', 'lists', undefined, { prefer: 'handling=strict, colour=red' })
    expect({ status: unknown.status, code: JSON.parse(unknown.text).code }).toEqual({ status: 400, code: 'PGRST122' })
    const merged = await send(
      'POST',
      'lists?on_conflict=id&columns=id,name',
      [{ id: 51, name: 'merged', done: true }],
      {
        prefer: 'resolution=merge-duplicates,return=representation',
      },
    )
    expect(JSON.parse(merged.text)).toMatchObject([{ id: 51, name: 'merged', done: false }])
    const left = await send(
      'POST',
      'lists?select=id',
      [
        { id: 51, name: 'left' },
        { id: 52, name: 'new' },
      ],
      {
        prefer: 'resolution=ignore-duplicates,return=representation,missing=default',
      },
    )
    expect(JSON.parse(left.text)).toEqual([{ id: 52 }])
    expect(await send('POST', 'lists', [])).toMatchObject({ status: 201, text: '' })
    await send('DELETE', 'lists?id=gt.50')
  })

  test('OPTIONS says what there is, and an unknown method is refused', async () => {
    const options = await send('OPTIONS', 'lists')
    expect(options).toMatchObject({ status: 204, headers: { allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' } })
    expect((await send('TRACE', 'lists')).status).toBe(405)
    const anonymous = await studio.send({ method: 'GET', path: `/p/${ref}/rest/v1/lists` })
    expect({ status: anonymous.status, body: JSON.parse(anonymous.text) }).toMatchObject({
      status: 401,
      body: { message: 'No API key found in request' },
    })
  })

  test('every answer tells what is left of the rates', async () => {
    for (const [method, path] of [
      ['GET', 'lists'],
      ['GET', 'nothing'],
      ['POST', 'lists'],
    ] as const) {
      const { headers } = await send(method, path)
      for (const name of ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'])
        expect(Number(headers[name])).toBeGreaterThan(0)
    }
  })
})
