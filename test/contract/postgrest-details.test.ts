import type { OutgoingHttpHeaders } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHttpStudio, type HttpStudio } from '../helpers/http-studio'
import { signUpTenant, type Tenant } from '../helpers/test-studio'

/** Where an answer could be nearly that of PostgREST: names that collide, values that are read leniently, words of errors. */

let studio: HttpStudio
let tenant: Tenant
let databaseId: string
let ref: string
let secret: string
let publishable: string
let booksId: string
beforeAll(async () => {
  studio = await createHttpStudio()
  tenant = await signUpTenant(studio, 'ada@example.org')
  const { client } = tenant
  const { project } = await client.projects.create({ name: 'Details' })
  const { database } = await client.databases.create({ projectId: project.id })
  databaseId = database.id
  ref = database.ref
  secret = (await client.keys.create({ databaseId, name: 'server', kind: 'secret' })).secret
  publishable = (await client.keys.create({ databaseId, name: 'web', kind: 'publishable' })).secret
  const authors = [
    { name: 'id', type: 'integer', primary_key: true },
    { name: 'email', type: 'text', unique: true },
    // As the rows of statements are called.
    ...['r', 't', 'x', 'd', 'given'].map((name) => ({ name, type: 'double' })),
  ]
  await client.tables.create({ databaseId, schemaJson: { name: 'authors', columns: authors, timestamps: false } })
  const books = [
    { name: 'id', type: 'integer', primary_key: true },
    { name: 'title', type: 'text', required: true },
    { name: 'author_id', type: 'integer', references: { table: 'authors', column: 'id' } },
    { name: 'editor_id', type: 'integer', references: { table: 'authors', column: 'id' } },
    { name: 'parent_id', type: 'integer', references: { table: 'books', column: 'id' } },
    { name: 'code', type: 'varchar(5)' },
    { name: 'out', type: 'date' },
    { name: 'at', type: 'timestamp' },
    { name: 'clock', type: 'time' },
    { name: 'ok', type: 'boolean' },
    { name: 'tags', type: 'text[]' },
    { name: 'meta', type: 'jsonb' },
  ]
  const made = await client.tables.create({
    databaseId,
    schemaJson: { name: 'books', columns: books, timestamps: false },
  })
  booksId = made.table.id
  await client.tables.create({
    databaseId,
    schemaJson: {
      name: 'lines',
      columns: [{ name: 'line', type: 'text' }],
      primary_key: false,
      timestamps: false,
    },
  })
  await call('POST', 'authors', [
    { id: 1, email: 'ann@example.org', r: 1, t: 2, x: 3, d: 4, given: 5 },
    { id: 2, r: 6, t: 7, x: 8, d: 9, given: 10 },
  ])
  await call('POST', 'books', [
    { id: 1, title: 'One', author_id: 1, meta: { none: null, n: 5 } },
    { id: 2, title: 'Two', author_id: 1, editor_id: 2, parent_id: 1 },
    { id: 3, title: 'Three', author_id: 2, parent_id: 1 },
  ])
})
afterAll(() => studio.close())

async function call(method: string, path: string, body?: unknown, headers: OutgoingHttpHeaders = {}, key = secret) {
  const { text, ...answer } = await studio.send({
    method,
    path: `/p/${ref}/rest/v1/${path}`,
    headers: { apikey: key, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { ...answer, body: text === '' ? null : JSON.parse(text), range: answer.headers['content-range'] }
}
const read = async (path: string) => (await call('GET', path)).body
const shown = { prefer: 'return=representation' }
const object = { ...shown, accept: 'application/vnd.pgrst.object+json' }

test('columns may be called as anything', async () => {
  const whole = { id: 2, email: null, r: 6, t: 7, x: 8, d: 9, given: 10 }
  expect(await read('authors?id=eq.2')).toEqual([whole])
  expect(await read('authors?select=t,x:r&id=eq.2')).toEqual([{ t: 7, x: 6 }])
  expect(await read('books?select=id,author_id(r,t,x)&id=eq.3')).toEqual([{ id: 3, author_id: { r: 6, t: 7, x: 8 } }])
  expect(await read('authors?select=x,books!author_id(r:id,x:id)&id=eq.2')).toEqual([{ x: 8, books: [{ r: 3, x: 3 }] }])
  expect((await call('PATCH', 'authors?id=eq.2', { r: 6 }, shown)).body).toEqual([whole])
  expect((await call('PATCH', 'authors?id=eq.99', { r: 6 }, shown)).body).toEqual([])
  const made = await call('POST', 'authors', { id: 3, t: 1 }, shown)
  expect(made.body).toEqual([{ id: 3, email: null, r: null, t: 1, x: null, d: null, given: null }])
  expect((await call('DELETE', 'authors?id=eq.3', undefined, shown)).body).toEqual(made.body)
})

test('where one object was asked for and is not there, nothing is kept', async () => {
  const two = await call('POST', 'authors', [{ id: 50 }, { id: 51 }], object)
  expect(two).toMatchObject({ status: 406, body: { code: 'PGRST116', details: 'The result contains 2 rows' } })
  expect((await call('PATCH', 'authors?id=lt.3', { r: 0 }, object)).status).toBe(406)
  // Written by somebody who may not read it.
  const open = { select: { allow: 'public', where: { title: 'seen' } }, insert: 'public' } as const
  await tenant.client.rules.set({ databaseId, tableId: booksId, ...open })
  const unseen = await call('POST', 'books', { id: 52, title: 'unseen' }, object, publishable)
  expect(unseen).toMatchObject({ status: 406, body: { details: 'The result contains 0 rows' } })
  const seen = await call('POST', 'books?select=id', { id: 53, title: 'seen' }, object, publishable)
  expect(seen).toMatchObject({ status: 201, body: { id: 53 } })
  await tenant.client.rules.set({ databaseId, tableId: booksId })
  expect(await read('authors?select=id,r&order=id')).toEqual([
    { id: 1, r: 1 },
    { id: 2, r: 6 },
  ])
  expect(await read('books?select=id&id=gt.50')).toEqual([{ id: 53 }])
  await call('DELETE', 'books?id=eq.53')
})

test('a table that refers to itself: by its column upwards, by its name downwards', async () => {
  expect(await read('books?select=id,parent_id(title)&id=eq.2')).toEqual([{ id: 2, parent_id: { title: 'One' } }])
  const children = [{ id: 1, children: [{ id: 2 }, { id: 3 }] }]
  for (const hint of ['', '!parent_id', '!books_parent_id_fkey'])
    expect(await read(`books?select=id,children:books${hint}(id)&children.order=id&id=eq.1`)).toEqual(children)
})

test('values are read as Postgres reads them', async () => {
  const sent = {
    id: 10,
    title: 5,
    out: '2024-02-01T23:30:00.000Z',
    at: '2024-02-01T10:00:00+02:00',
    clock: '10:00:00+02',
    ok: 1,
    tags: [1, 'b', null],
  }
  const { body } = await call('POST', 'books?select=title,out,at,clock,ok,tags', sent, shown)
  expect(body).toEqual([
    {
      title: '5',
      out: '2024-02-01',
      at: '2024-02-01T10:00:00.000000',
      clock: '10:00:00.000000',
      ok: true,
      tags: ['1', 'b', null],
    },
  ])
  const found = async (filter: string) => (await read(`books?select=id&${filter}`)).length
  expect(await found('out=eq.2024-02-01T10:00:00Z')).toBe(1)
  expect(await found('at=eq.2024-02-01T10:00:00-07:00')).toBe(1)
  // A null of JSON is a value, and what is not there is none.
  expect(await found('meta->none=is.null&id=eq.1')).toBe(0)
  expect(await found('meta->none=eq.null&id=eq.1')).toBe(1)
  expect(await found('meta->>none=is.null&id=eq.1')).toBe(1)
  expect(await found('meta->nothing=is.null&id=eq.1')).toBe(1)
  await call('DELETE', 'books?id=eq.10')
})

describe('errors have the words of Postgres, and ours as the hint', () => {
  test.each([
    [
      'POST',
      'authors',
      { id: 1 },
      409,
      '23505',
      'duplicate key value violates unique constraint "authors_id_key"',
      'Key (id)=(1) already exists.',
    ],
    [
      'POST',
      'authors',
      { id: 9, email: 'ann@example.org' },
      409,
      '23505',
      'duplicate key value violates unique constraint "authors_email_key"',
      'Key (email)=(ann@example.org) already exists.',
    ],
    [
      'POST',
      'books',
      { id: 9 },
      400,
      '23502',
      'null value in column "title" of relation "books" violates not-null constraint',
      'Column title.',
    ],
    [
      'POST',
      'books',
      { id: 9, title: 'x', author_id: 99 },
      409,
      '23503',
      'insert or update on table "books" violates foreign key constraint "books_author_id_fkey"',
      'Key (author_id)=(99) is not present in table "authors".',
    ],
    [
      'DELETE',
      'authors?id=eq.2',
      undefined,
      409,
      '23503',
      'update or delete on table "authors" violates foreign key constraint "books_author_id_fkey" on table "books"',
      'Column author_id.',
    ],
  ] as const)('%s %s %j', async (method, path, sent, status, code, message, details) => {
    const { body, ...answer } = await call(method, path, sent)
    expect({ status: answer.status, ...body }).toEqual({ status, code, message, details, hint: expect.any(String) })
  })

  test.each([
    [{ code: 'toolong' }, '22001'],
    [{ id: 99_999_999_999 }, '22003'],
    [{ out: 'tomorrow or so' }, '22007'],
    [{ ok: 'maybe' }, '22P02'],
  ])('%j', async (more, code) => {
    expect(await call('POST', 'books', { id: 9, title: 'x', ...more })).toMatchObject({ status: 400, body: { code } })
  })

  test.each([
    ['books?out=gt.nonsense', 400, '22007'],
    ['authors?select=id,books!author_id(id)&books=eq.1', 400, 'PGRST120'],
    ['books?limit=-1', 416, 'PGRST103'],
    ['books?select=id::float', 200, undefined],
  ])('%s', async (path, status, code) => {
    const answer = await call('GET', path)
    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  test('an embed that may mean several things names them', async () => {
    const { status, body } = await call('GET', 'books?select=authors(id)')
    expect(status).toBe(300)
    expect(body).toEqual({
      code: 'PGRST201',
      message: "Could not embed because more than one relationship was found for 'books' and 'authors'",
      details: ['author_id', 'editor_id'].map((column) => ({
        cardinality: 'many-to-one',
        embedding: 'books with authors',
        relationship: `books_${column}_fkey using books(${column}) and authors(id)`,
      })),
      hint: "Try changing 'authors' to one of the following: 'authors!books_author_id_fkey', 'authors!books_editor_id_fkey'. Find the desired relationship in the 'details' key.",
    })
  })

  test('functions and methods that there are none of', async () => {
    const called = await call('POST', 'rpc/add', { a: 1, b: 2 })
    expect(called).toMatchObject({ status: 404, body: { code: 'PGRST202' } })
    expect(called.body.message).toBe('Could not find the function public.add(a, b) in the schema cache')
    expect((await call('GET', 'rpc/add')).body.message).toBe(
      'Could not find the function public.add without parameters in the schema cache',
    )
    expect((await call('TRACE', 'books')).body.message).toBe('Unsupported HTTP method: TRACE')
  })
})

test('ranges: beyond the last, and of what was deleted', async () => {
  const beyond = await call('GET', 'books?offset=9', undefined, { prefer: 'count=exact' })
  expect(beyond).toMatchObject({ status: 416, range: '*/3' })
  await call('POST', 'books', { id: 20, title: 'gone' })
  const gone = await call('DELETE', 'books?id=eq.20', undefined, { prefer: 'count=exact' })
  expect(gone).toMatchObject({ status: 204, range: '*/1' })
})

test('an upsert where nothing tells records apart inserts', async () => {
  const merge = { prefer: 'resolution=merge-duplicates' }
  for (let time = 0; time < 2; time += 1) expect((await call('POST', 'lines', { line: 'x' }, merge)).status).toBe(201)
  expect(await read('lines?select=line')).toEqual([{ line: 'x' }, { line: 'x' }])
})
