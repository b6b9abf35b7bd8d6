import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asAdmin } from '../helpers/database'
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
        { name: 'name', type: 'text', required: true },
        { name: 'price', type: 'numeric(12,2)' },
        { name: 'big', type: 'bigint' },
      ],
    },
  })
})
afterAll(() => studio.close())

async function post(body: unknown, token: string | undefined = tenant.accessToken, path = 'sql') {
  const answer = await studio.call({ method: 'POST', path: `/api/database/${databaseId}/${path}`, body }, token)
  return { status: answer.status, body: answer.text === '' ? null : JSON.parse(answer.text) }
}

describe('POST .../sql', () => {
  test('answers a result for each statement, with exact values', async () => {
    const { status, body } = await post({
      query: `insert into items (name, price, big) values ('Pen', 1.5, 9007199254740993); select name, price, big from items`,
    })
    expect(status).toBe(200)
    expect(body).toEqual({
      results: [
        { command: 'INSERT', columns: [], rows: [], rowCount: 1, truncated: false, ms: expect.any(Number) },
        {
          command: 'SELECT',
          columns: [
            { name: 'name', type: 'text' },
            { name: 'price', type: 'numeric(12,2)' },
            { name: 'big', type: 'bigint' },
          ],
          rows: [['Pen', '1.50', '9007199254740993']],
          rowCount: 1,
          truncated: false,
          ms: expect.any(Number),
        },
      ],
    })
  })

  test.each([
    [{ query: 'selec 1' }, 400, 'VALIDATION'],
    [{ query: '' }, 400, 'VALIDATION'],
    [{ query: 'select 1', limit: 0 }, 400, 'VALIDATION'],
    [{ query: 'select 1', extra: true }, 400, 'VALIDATION'],
    [{ query: 'drop table items', readOnly: true }, 403, 'FORBIDDEN'],
    [{ query: 'select 1; drop table items' }, 400, 'VALIDATION'],
    [{ query: 'delete from items', readOnly: true }, 403, 'FORBIDDEN'],
    [{ query: 'insert into items (price) values (1)' }, 422, 'CONSTRAINT'],
    [{ query: 'select pg_sleep(30)', timeoutMs: 100 }, 504, 'TIMEOUT'],
  ])('%j is %i', async (body, status, code) => {
    expect(await post(body)).toMatchObject({ status, body: { code, error: expect.stringMatching(/^["A-Z].*\.$/) } })
  })

  test('SQL that describes tables is a schema edit, for the owner alone', async () => {
    const query = 'create table ports (id uuid primary key, name text not null)'
    const other = await signUpTenant(studio, 'mallory@example.org')
    expect(await post({ query }, other.accessToken)).toMatchObject({ status: 404 })
    expect(await post({ query })).toEqual({
      status: 200,
      body: {
        results: [
          { command: 'CREATE TABLE', columns: [], rows: [], rowCount: 0, truncated: false, ms: expect.any(Number) },
        ],
      },
    })
    expect(await post({ query: "insert into ports (name) values ('Genoa')" })).toMatchObject({ status: 200 })
    const { tables } = await tenant.client.tables.list({ databaseId })
    expect(tables.map(({ table_name }) => table_name)).toContain('ports')
    const { versions } = await tenant.client.schema.versions({ databaseId })
    expect(versions[0]).toMatchObject({ sentence: expect.stringContaining('ports') })
    expect(await post({ query: 'drop table ports' })).toMatchObject({ status: 200 })
  })

  test('is for its owner', async () => {
    expect(await post({ query: 'select 1' }, 'nobody')).toMatchObject({ status: 401 })
    const other = await signUpTenant(studio, 'eve@example.org')
    expect(await post({ query: 'select 1' }, other.accessToken)).toMatchObject({ status: 404 })
  })

  test('a caller who hangs up is not worked for any more', async () => {
    const abort = new AbortController()
    const call = fetch(`${studio.url}/api/database/${databaseId}/sql`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tenant.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'select pg_sleep(55)' }),
      signal: abort.signal,
    })
    const failed = expect(call).rejects.toThrow()
    const busy = async () =>
      (
        await asAdmin(
          studio.adminUrl,
          `select from pg_stat_activity where datname = current_database() and query = 'select pg_sleep(55)' and state = 'active'`,
        )
      ).length
    await expect.poll(busy, { timeout: 15_000 }).toBe(1)
    abort.abort()
    await failed
    await expect.poll(busy, { timeout: 15_000 }).toBe(0)
  })
})

describe('.../connection', () => {
  test('is made, shown, changed and revoked', async () => {
    const path = `/api/database/${databaseId}/connection`
    const call = async (method: string, more = '') => {
      const answer = await studio.call({ method, path: `${path}${more}` }, tenant.accessToken)
      return { status: answer.status, body: answer.text === '' ? null : JSON.parse(answer.text) }
    }
    expect(await call('GET')).toEqual({ status: 200, body: { login: null } })
    expect(await call('POST', '/rotate')).toMatchObject({ status: 404 })
    const made = await call('POST')
    expect(made).toMatchObject({ status: 201, body: { login: { url: expect.stringMatching(/^postgres:\/\/tu_/) } } })
    expect((await call('GET')).body).toEqual(made.body)
    expect(await asAdmin(made.body.login.url, 'select name from items')).toEqual([{ name: 'Pen' }])
    const rotated = await call('POST', '/rotate')
    await expect(asAdmin(made.body.login.url, 'select 1')).rejects.toThrow(/password/)
    expect(await asAdmin(rotated.body.login.url, 'select 1 as one')).toEqual([{ one: 1 }])
    expect(await call('DELETE')).toEqual({ status: 204, body: null })
    await expect(asAdmin(rotated.body.login.url, 'select 1')).rejects.toThrow(/password/)
  })
})
