import { errorStatus } from '@shared/app-error'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeBadTokens } from '../helpers/bad-tokens'
import { callOf, type HttpCall, type Route, routesOf } from '../helpers/http-routes'
import { createHttpStudio, type HttpAnswer, type HttpStudio, type RawCall } from '../helpers/http-studio'
import { appSignIn, attacks, type CallProbe, callProbes } from '../helpers/isolation-probes'
import { createTwoTenants, digestOf, idsOf, secretText, type TwoTenants } from '../helpers/two-tenants'

let studio: HttpStudio
let tenants: TwoTenants
/** Sees everything: what is there before and after a probe. */
let admin: Client
let badTokens: ReadonlyMap<string, string>
let total = 0

beforeAll(async () => {
  studio = await createHttpStudio()
  tenants = await createTwoTenants(studio)
  badTokens = await makeBadTokens(studio, tenants)
  admin = new Client({ connectionString: studio.adminUrl })
  await admin.connect()
})

afterAll(async () => {
  await admin?.end()
  await studio?.close()
})

const routes = routesOf()

/** Routes that need no sign-in; what they can be asked is tried one by one below. */
const open = ['host.health', 'auth.signup', 'auth.login', 'auth.refresh']

/** Signed-in routes that take no id: a bad token is all that can be tried. */
const withoutId = ['auth.logout', 'projects.list', 'projects.create']

function routeOf(procedure: string): Route | undefined {
  return routes.find((route) => route.procedure === procedure)
}

/** Why the answer shows or does too much; null when it does not. */
async function verdict(
  send: () => Promise<HttpAnswer>,
  isFine: (answer: HttpAnswer) => boolean,
  { sent = '', repeatsIds = false }: { readonly sent?: string; readonly repeatsIds?: boolean | undefined } = {},
): Promise<string | null> {
  total++
  const before = await digestOf(admin, tenants.victim)
  const answer = await send()
  const said = `${answer.status} ${answer.text.slice(0, 200)}`
  if (before !== (await digestOf(admin, tenants.victim))) return `changed what is not theirs: ${said}`
  if (`${answer.text} ${JSON.stringify(answer.headers)}`.includes(secretText)) return `told ${said}`
  // A refusal may name what it refuses: that is what the intruder has sent.
  const known = answer.status >= 400 ? sent : ''
  const id = Object.values(idsOf(tenants.victim)).find((each) => answer.text.includes(each) && !known.includes(each))
  if (id !== undefined && !repeatsIds) return `told the id ${id}: ${said}`
  return isFine(answer) ? null : `answered ${said}`
}

/** An error in the documented form, with one of these statuses. */
function refuses(...statuses: readonly number[]): (answer: HttpAnswer) => boolean {
  return ({ status, text }) => {
    const body: unknown = text === '' ? null : JSON.parse(text)
    return (
      statuses.includes(status) &&
      typeof body === 'object' &&
      body !== null &&
      'error' in body &&
      'code' in body &&
      typeof body.error === 'string' &&
      typeof body.code === 'string'
    )
  }
}

async function tryAll(probes: Iterable<readonly [string, () => Promise<string | null>]>): Promise<void> {
  const through: string[] = []
  for (const [name, run] of probes) {
    const reason = await run()
    if (reason !== null) through.push(`${name}: ${reason}`)
  }
  expect(through).toEqual([])
}

test('every route of the contract is probed', () => {
  const probed = [...attacks.map(({ procedure }) => procedure), ...withoutId, ...open, ...appSignIn]
  expect(routes.map(({ procedure }) => procedure).filter((procedure) => !probed.includes(procedure))).toEqual([])
  expect(routes.length).toBeGreaterThan(25)
  for (const { procedure, path } of routes)
    if (/Id\}/.test(path) && !appSignIn.includes(procedure))
      expect(attacks.map((attack) => attack.procedure)).toContain(procedure)
})

test('the victim themselves can do over HTTP what the probes try', async () => {
  const { tenant, projectId, databaseId, plansTableId, recordId } = tenants.victim
  const paths = [
    `/api/projects/${projectId}`,
    `/api/database/${databaseId}`,
    `/api/database/${databaseId}/tables`,
    `/api/database/${databaseId}/tables/${plansTableId}`,
    `/api/database/${databaseId}/records/${recordId}?table=plans`,
    `/api/database/${databaseId}/audit`,
  ]
  for (const path of paths) {
    const { status, text } = await studio.call({ method: 'GET', path }, tenant.accessToken)
    expect({ path, status }).toEqual({ path, status: 200 })
    expect(text).toContain(secretText)
  }
})

test('no call with an id of the other tenant, in any position, reaches across', async () => {
  const probes = callProbes(tenants, badTokens).flatMap((probe) => {
    const route = routeOf(probe.procedure)
    return route === undefined ? [] : [[probe.name, () => tryProbe(probe, callOf(route, probe.input))] as const]
  })
  expect(probes.length).toBeGreaterThan(300)
  await tryAll(probes)
})

function tryProbe({ caller, expected, repeatsIds = false }: CallProbe, call: HttpCall): Promise<string | null> {
  const token =
    caller === 'intruder' ? tenants.intruder.tenant.accessToken : caller === 'nobody' ? undefined : caller.token
  const isFine =
    expected === 'nothing'
      ? ({ status }: HttpAnswer) => status >= 200 && status < 300
      : refuses(...expected.map((code) => errorStatus[code]))
  return verdict(() => studio.call(call, token), isFine, { sent: JSON.stringify(call), repeatsIds })
}

test('no route listens to a token that is forged, old, revoked or in another place', async () => {
  const { tenant, projectId, databaseId, plansTableId, recordId, sessionId } = tenants.victim
  const ids = { projectId, databaseId, tableId: plansTableId, recordId, sessionId }
  const signedIn = routes.filter(({ procedure }) => ![...open, ...appSignIn].includes(procedure))
  const good = tenant.accessToken
  const misplaced: readonly (readonly [string, (call: HttpCall) => RawCall])[] = [
    ['no token', (call) => raw(call, {})],
    ['the token as Basic', (call) => raw(call, { authorization: `Basic ${good}` })],
    ['the token without a scheme', (call) => raw(call, { authorization: good })],
    ['two tokens', (call) => raw(call, { authorization: `Bearer ${good} ${good}` })],
    ['the token in a cookie', (call) => raw(call, { cookie: `access_token=${good}; token=${good}` })],
    ['the token as a key', (call) => raw(call, { apikey: good, 'x-access-token': good })],
    [
      'the token in the address',
      (call) => raw({ ...call, path: `${call.path}${call.path.includes('?') ? '&' : '?'}access_token=${good}` }, {}),
    ],
    ...[...badTokens].map(
      ([name, token]) => [name, (call: HttpCall) => raw(call, { authorization: `Bearer ${token}` })] as const,
    ),
  ]
  const probes = signedIn.flatMap((route) => {
    const attack = attacks.find(({ procedure }) => procedure === route.procedure)
    const call = callOf(route, attack?.input(ids) ?? plainInput[route.procedure] ?? {})
    return misplaced.map(
      ([name, make]) =>
        [`${route.procedure} with ${name}`, () => verdict(() => studio.send(make(call)), refuses(401))] as const,
    )
  })
  expect(probes).toHaveLength(signedIn.length * 19)
  await tryAll(probes)
})

const plainInput: Readonly<Record<string, unknown>> = {
  'auth.logout': { everywhere: true },
  'projects.list': { deleted: true },
  'projects.create': { name: 'Planted' },
}

function raw({ method, path, body }: HttpCall, headers: Readonly<Record<string, string>>): RawCall {
  if (body === undefined) return { method, path, headers }
  return { method, path, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

test('the routes that are open to everybody tell and change nothing', async () => {
  const { victim, intruder } = tenants
  const post = (path: string, body: unknown, token?: string) => studio.call({ method: 'POST', path, body }, token)
  const { email, refreshToken, accessToken } = victim.tenant
  const guess = { email, password: 'a wrong guess' }
  await tryAll([
    [
      'health',
      () =>
        verdict(
          () => studio.call({ method: 'GET', path: '/api/health' }),
          ({ status }) => status === 200,
        ),
    ],
    [
      'the description',
      () =>
        verdict(
          () => studio.call({ method: 'GET', path: '/api/openapi.json' }),
          ({ status }) => status === 200,
        ),
    ],
    ['a wrong password', () => verdict(() => post('/api/auth/login', guess), refuses(401))],
    [
      'a wrong password, by somebody signed in',
      () => verdict(() => post('/api/auth/login', guess, intruder.tenant.accessToken), refuses(401)),
    ],
    ['the address again', () => verdict(() => post('/api/auth/signup', guess), refuses(409))],
    ...[accessToken, `${refreshToken} `, refreshToken.slice(1), victim.sessionId, ''].map(
      (refresh_token) =>
        [
          `the refresh token ${refresh_token}`,
          () => verdict(() => post('/api/auth/refresh', { refresh_token }), refuses(401)),
        ] as const,
    ),
  ])
})

test('what the intruder may log out is the intruder', async () => {
  const { victim } = tenants
  const other = await studio
    .client({ address: 'elsewhere' })
    .auth.signup({ email: 'guest@example.org', password: 'correct horse' })
  const logOut = () =>
    studio.call({ method: 'POST', path: '/api/auth/logout', body: { everywhere: true } }, other.access_token)
  expect(await verdict(logOut, ({ status }) => status === 204)).toBeNull()
  expect(await verdict(logOut, refuses(401))).toBeNull()
  const own = await studio.call({ method: 'GET', path: '/api/projects' }, victim.tenant.accessToken)
  expect(own.status).toBe(200)
})

test('nothing of it was unexpected', () => {
  expect(studio.serverLog).toEqual([])
  console.log(`isolation over HTTP: ${total} probes were refused`)
  expect(total).toBeGreaterThan(800)
})

test('and a hole would be found', async () => {
  await admin.query(
    `drop policy own_projects on studio.projects;
     create policy hole on studio.projects for all to studio_app using (true) with check (true)`,
  )
  const route = routeOf('projects.get')
  if (route === undefined) throw new Error('projects.get has a route')
  const call = callOf(route, { projectId: tenants.victim.projectId })
  expect(await verdict(() => studio.call(call, tenants.intruder.tenant.accessToken), refuses(404))).toContain('told')
})
