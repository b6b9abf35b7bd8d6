import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createHttpStudio, type HttpStudio } from '../helpers/http-studio'
import { signUpTenant, testSecret } from '../helpers/test-studio'

/** What a plan allows: said clearly by every way to write when it is used up, and no longer than it is. */

const most = 4
let studio: HttpStudio
let token: string
let databaseId: string
let ref: string
let secret: string
beforeAll(async () => {
  const plans = { small: { records: most } }
  studio = await createHttpStudio(testSecret, { PLANS: JSON.stringify(plans), DEFAULT_PLAN: 'small' })
  const { client, accessToken } = await signUpTenant(studio, 'ada@example.org')
  token = accessToken
  const { project } = await client.projects.create({ name: 'Small' })
  const { database } = await client.databases.create({ projectId: project.id })
  databaseId = database.id
  ref = database.ref
  const columns = [{ name: 'line', type: 'text' }]
  await client.tables.create({ databaseId, schemaJson: { name: 'lines', columns } })
  secret = (await client.keys.create({ databaseId, name: 'server', kind: 'secret' })).secret
})
afterAll(() => studio.close())

async function rest(method: string, body?: object, search = '') {
  const { status, text } = await studio.send({
    method,
    path: `/p/${ref}/rest/v1/lines${search}`,
    headers: { apikey: secret, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  return { status, body: text === '' ? null : JSON.parse(text) }
}

test('the last record that fits is taken, and the next is refused, by whatever way it comes', async () => {
  for (let line = 0; line < most; line += 1) expect((await rest('POST', { line: String(line) })).status).toBe(201)
  const refused = await rest('POST', { line: 'too many' })
  expect(refused).toMatchObject({ status: 403, body: { code: '42501' } })
  const sentence =
    'The small plan holds 4 records for a project, and this one is full. Delete records, or choose another plan.'
  expect(refused.body.message).toBe(sentence)
  const path = `/api/database/${databaseId}`
  const record = { tableName: 'lines', record: { line: 'x' } }
  const managed = await studio.call({ method: 'POST', path: `${path}/records/create`, body: record }, token)
  expect({ status: managed.status, ...JSON.parse(managed.text) }).toEqual({
    status: 403,
    code: 'FORBIDDEN',
    error: sentence,
    details: { quota: 'records', limit: most, used: most, plan: 'small' },
  })
  const person = { email: 'eve@example.org', password: 'correct horse' }
  const signUp = await studio.send({
    method: 'POST',
    path: `/p/${ref}/auth/v1/signup`,
    headers: { apikey: secret, 'content-type': 'application/json' },
    body: JSON.stringify(person),
  })
  expect({ status: signUp.status, code: JSON.parse(signUp.text).code }).toEqual({ status: 403, code: 'quota_reached' })
  expect((await rest('GET')).body).toHaveLength(most)
})

test('who has deleted records writes on', async () => {
  expect((await rest('DELETE', undefined, '?line=eq.0')).status).toBe(204)
  await vi.waitFor(async () => expect((await rest('POST', { line: 'again' })).status).toBe(201), {
    timeout: 20_000,
    interval: 100,
  })
})
