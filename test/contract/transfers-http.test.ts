import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHttpStudio, type HttpStudio } from '../helpers/http-studio'
import { signUpTenant, type Tenant } from '../helpers/test-studio'

let studio: HttpStudio
let tenant: Tenant
let databaseId: string

beforeAll(async () => {
  studio = await createHttpStudio()
  tenant = await signUpTenant(studio, 'ada@example.org')
  const { project } = await tenant.client.projects.create({ name: 'Shop' })
  databaseId = (await tenant.client.databases.create({ projectId: project.id })).database.id
  await tenant.client.tables.create({
    databaseId,
    schemaJson: {
      name: 'items',
      columns: [
        { name: 'id', type: 'integer', primary_key: true },
        { name: 'name', type: 'text', required: true },
        { name: 'price', type: 'numeric(12,2)' },
        { name: 'big', type: 'bigint' },
        { name: 'made', type: 'timestamptz' },
        { name: 'meta', type: 'jsonb' },
        { name: 'tags', type: 'text[]' },
        { name: 'ok', type: 'boolean' },
      ],
    },
  })
})
afterAll(() => studio.close())

async function send(method: string, path: string, body?: string | Buffer, token = tenant.accessToken) {
  const response = await fetch(`${studio.url}/api/database/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  return { status: response.status, headers: response.headers, bytes, text: bytes.toString('utf8') }
}

const post = async (query: string, body: string) => {
  const answer = await send('POST', `${databaseId}/import?${query}`, body)
  return { status: answer.status, body: JSON.parse(answer.text) }
}
const get = (query: string) => send('GET', `${databaseId}/export?${query}`)

const csv = `id,name,price,big,made,meta,tags,ok
1,"Pen, blue",1.50,9007199254740993,2026-01-02T03:04:05.123456Z,"{""a"":[1,2]}","{x,""y z""}",true
2,"two
lines",,,,,,false
3,"",0.00,-1,,,{},
`

describe('POST .../import', () => {
  test('takes the good rows and says of the others where and why', async () => {
    const answer = await post('format=csv&table=items', `${csv}x,bad id,1,1,,,,\n5,,1,1,,,,\n6,short\n1,again,,,,,,\n`)
    expect(answer).toMatchObject({
      status: 200,
      body: {
        inserted: 3,
        rejected: [
          { line: 6, column: 'id', reason: '"x" is not a whole number. The column takes integer.' },
          { line: 7, column: 'name', reason: 'Column "name" is required, and there is no value.' },
          { line: 8, column: null, reason: 'The record has 2 values, and the file has 8 columns.' },
          { line: 9, column: 'id' },
        ],
        rejectedCount: 4,
      },
    })
    const { records } = await tenant.client.records.query({
      databaseId,
      tableName: 'items',
      sort: [{ column: 'id', direction: 'asc' }],
    })
    expect(records).toMatchObject([
      {
        id: 1,
        name: 'Pen, blue',
        price: '1.50',
        big: '9007199254740993',
        made: '2026-01-02T03:04:05.123456Z',
        meta: { a: [1, 2] },
        tags: ['x', 'y z'],
        ok: true,
      },
      { id: 2, name: 'two\nlines', price: null, big: null, ok: false },
      { id: 3, name: '', price: '0.00', big: '-1', tags: [], ok: null },
    ])
  })

  test('changes nothing where one is wrong and that was asked for', async () => {
    const answer = await post('format=csv&table=items&on_error=stop', 'id,name\n10,ten\nx,bad\n')
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'CONSTRAINT', details: { rejected: [{ line: 3, column: 'id' }] } },
    })
    expect((await tenant.client.records.count({ databaseId, tableName: 'items' })).count).toBe(3)
  })

  test('changes records with the same key', async () => {
    const answer = await post(
      'format=json&table=items&mode=upsert&key=id',
      '[{"id":3,"name":"three"},{"id":4,"name":"four"}]',
    )
    expect(answer).toMatchObject({ status: 200, body: { inserted: 1, updated: 1 } })
    const { records } = await tenant.client.records.query({ databaseId, tableName: 'items', filters: { id: 3 } })
    expect(records).toMatchObject([{ name: 'three', big: '-1' }])
  })

  test('makes a table that is not there', async () => {
    const answer = await post('format=csv&table=people', 'Full Name,age,joined\nAda,36,2026-01-02\nGrace,,2026-01-03\n')
    expect(answer).toMatchObject({ status: 200, body: { inserted: 2, rejected: [] } })
    const { tables } = await tenant.client.tables.list({ databaseId })
    expect(tables.find(({ table_name }) => table_name === 'people')?.schema_json.columns).toMatchObject([
      { name: 'id', type: 'uuid' },
      { name: 'full_name', type: 'text' },
      { name: 'age', type: 'integer' },
      { name: 'joined', type: 'date' },
    ])
  })

  test('says what is wrong with the call', async () => {
    expect(await post('format=csv&table=items', 'id,colour\n1,red\n')).toMatchObject({
      status: 400,
      body: { code: 'VALIDATION', details: { column: 'colour' } },
    })
    expect(await post('format=csv', 'id\n1\n')).toMatchObject({ status: 400 })
    expect(await post('format=pdf&table=items', 'x')).toMatchObject({ status: 400, body: { code: 'VALIDATION' } })
    expect(await post('format=csv&table=items', '')).toMatchObject({ status: 400 })
    expect((await send('POST', `${databaseId}/import?format=csv&table=items`, 'id\n1', 'nonsense')).status).toBe(401)
  })

  test('is nobody else’s', async () => {
    const other = await signUpTenant(studio, 'eve@example.org')
    const answers = await Promise.all([
      send('POST', `${databaseId}/import?format=csv&table=items`, 'id,name\n99,x', other.accessToken),
      send('GET', `${databaseId}/export?format=json&table=items`, undefined, other.accessToken),
      send('GET', `${databaseId}/export?format=sql`, undefined, other.accessToken),
    ])
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404])
  })

  test('a large file goes into a table of its own, and its wrong rows are told as well', async () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, at) => `${at + 1},person number ${at + 1},${at % 100}.25,2026-01-02 10:00:00+00,true,{}`,
    )
    lines[100] = '101,dup,1,,,'
    lines[200] = '101,dup of 101,1,,,'
    lines[300] = 'x,bad,1,,,'
    await tenant.client.tables.create({
      databaseId,
      schemaJson: {
        name: 'big',
        columns: [
          { name: 'id', type: 'integer', primary_key: true },
          { name: 'name', type: 'text', required: true },
          { name: 'price', type: 'numeric(10,2)' },
          { name: 'at', type: 'timestamptz' },
          { name: 'ok', type: 'boolean' },
          { name: 'meta', type: 'jsonb' },
        ],
      },
    })
    const answer = await post('format=csv&table=big', `id,name,price,at,ok,meta\n${lines.join('\n')}\n`)
    expect(answer).toMatchObject({
      status: 200,
      body: {
        inserted: 19_998,
        rejected: [
          { line: 302, column: 'id' },
          { line: 202, column: 'id', reason: 'A record before it has the same "id".' },
        ],
      },
    })
    const { count } = await tenant.client.records.count({ databaseId, tableName: 'big' })
    expect(count).toBe(19_998)
    const operation = (answer.body as { tables: { operation: string }[] }).tables[0]?.operation ?? ''
    const undone = await tenant.client.changes.undo({ databaseId, operation })
    expect(undone.undone).toBe(19_998)
    expect((await tenant.client.records.count({ databaseId, tableName: 'big' })).count).toBe(0)
  })
})

describe('GET .../export', () => {
  test('CSV comes in again as it was', async () => {
    const before = await get('format=csv&table=items')
    expect(before.status).toBe(200)
    expect(before.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(before.headers.get('content-disposition')).toMatch(/attachment; filename="items-.*\.csv"/)
    expect(await post('format=csv&table=items&mode=replace', before.text)).toMatchObject({
      status: 200,
      body: { inserted: 4, rejected: [] },
    })
    expect((await get('format=csv&table=items')).text).toBe(before.text)
  })

  test('JSON, NDJSON and TSV come in again as they were', async () => {
    const before = (await get('format=csv&table=items')).text
    for (const format of ['json', 'ndjson', 'tsv']) {
      const file = await get(`format=${format}&table=items`)
      expect(await post(`format=${format}&table=items&mode=replace`, file.text)).toMatchObject({
        status: 200,
        body: { inserted: 4, rejected: [] },
      })
      expect((await get('format=csv&table=items')).text).toBe(before)
    }
  })

  test('a workbook comes in again as it was', async () => {
    const before = (await get('format=csv&table=items')).text
    const file = await get('format=xlsx&table=items')
    expect(file.bytes.subarray(0, 2).toString()).toBe('PK')
    const answer = await send('POST', `${databaseId}/import?format=xlsx&table=items&mode=replace`, file.bytes)
    expect(JSON.parse(answer.text)).toMatchObject({ inserted: 4, rejected: [] })
    // A sheet knows no difference between nothing and an empty text.
    expect((await get('format=csv&table=items')).text.replaceAll('""', '')).toBe(before.replaceAll('""', ''))
  })

  test('a whole database is a zip of CSV, an object of JSON, and SQL', async () => {
    const zip = unzipSync(new Uint8Array((await get('format=csv')).bytes))
    expect(Object.keys(zip).sort()).toEqual(['big.csv', 'items.csv', 'people.csv', 'users.csv'])
    expect(Buffer.from(zip['people.csv'] ?? []).toString()).toContain('Ada')
    const all = JSON.parse((await get('format=json')).text)
    expect(all.people).toHaveLength(2)
    const sql = (await get('format=sql')).text
    expect(sql).toContain('CREATE TABLE public."items"')
    expect(sql.trimEnd().endsWith('COMMIT;')).toBe(true)
  })

  test('says what is wrong before it begins', async () => {
    expect((await get('format=csv&table=nothing')).status).toBe(404)
    expect((await get('format=pdf')).status).toBe(400)
    expect((await get('table=items')).status).toBe(400)
  })
})
