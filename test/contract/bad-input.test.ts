import { connect } from 'node:net'
import { errorStatus, isErrorCode } from '@shared/app-error'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jsonTexts, naughtyStrings, sqlInjections } from '../helpers/bad-input'
import { callOf, type Route, routesOf } from '../helpers/http-routes'
import { createHttpStudio, type HttpAnswer, type HttpStudio, type RawCall } from '../helpers/http-studio'
import { signUpTenant, type Tenant } from '../helpers/test-studio'

const routes = routesOf()
const nowhere = '01920000-0000-7000-8000-000000000000'

let studio: HttpStudio
let ada: Tenant
let projectId: string
let databaseId: string
let tableId: string
let recordId: string

beforeAll(async () => {
  studio = await createHttpStudio()
  ada = await signUpTenant(studio, 'ada@example.org')
  const { client } = ada
  projectId = (await client.projects.create({ name: 'Shop' })).project.id
  databaseId = (await client.databases.create({ projectId })).database.id
  tableId = (
    await client.tables.create({
      databaseId,
      schemaJson: {
        name: 'notes',
        columns: [
          { name: 'title', type: 'text' },
          { name: 'doc', type: 'jsonb' },
          { name: 'n', type: 'integer' },
        ],
      },
    })
  ).table.id
  const { record } = await client.records.create({ databaseId, tableName: 'notes', record: { title: 'One' } })
  recordId = record?._id ?? ''
})

afterAll(() => studio?.close())

/**
 * One good input for each route, with ids that exist or lead nowhere. Those that would succeed and change something
 * lead nowhere, so that what is let through by mistake shows as NOT_FOUND and can be tried again and again.
 */
function sampleOf(procedure: string): Readonly<Record<string, unknown>> {
  const edits = [{ type: 'renameTable', table: 'notes', name: 'other' }]
  const record = { title: 'Text', n: 1 }
  const query = { table: 'notes' }
  const samples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'host.health': {},
    'auth.signup': { email: 'new@example.org', password: 'correct horse' },
    'auth.login': { email: 'nobody@example.org', password: 'correct horse' },
    'auth.refresh': { refresh_token: 'unknown' },
    'auth.logout': { everywhere: false },
    'endUsers.signup': { databaseId: nowhere, email: 'new@example.org', password: 'correct horse', full_name: 'New' },
    'endUsers.login': { databaseId: nowhere, email: 'nobody@example.org', password: 'correct horse' },
    'endUsers.refresh': { databaseId: nowhere, refresh_token: 'unknown' },
    'endUsers.logout': { databaseId: nowhere, everywhere: false },
    'projects.list': { deleted: true },
    'projects.create': { name: 'New', description: 'Words' },
    'projects.get': { projectId },
    'projects.update': { projectId: nowhere, name: 'New', description: 'Words' },
    'projects.delete': { projectId: nowhere },
    'projects.restore': { projectId: nowhere },
    'databases.create': { projectId: nowhere },
    'databases.get': { databaseId },
    'databases.space': { databaseId },
    'databases.audit': { databaseId, cursor: 'none' },
    'tables.list': { databaseId },
    'tables.create': { databaseId: nowhere, schemaJson: { name: 'more', columns: [{ name: 'a', type: 'text' }] } },
    'tables.get': { databaseId, tableId },
    'tables.update': { databaseId: nowhere, tableId, edits },
    'tables.preview': { databaseId, tableId, edits },
    'tables.delete': { databaseId: nowhere, tableId },
    'tables.restore': { databaseId: nowhere, tableId },
    'records.create': { databaseId, tableName: 'missing', record },
    'records.query': {
      databaseId,
      tableName: 'notes',
      filters: { column: 'n', op: 'gte', value: 1 },
      sort: [{ column: 'n', direction: 'asc' }],
      select: ['title'],
      limit: 10,
      offset: 0,
      count: 'exact',
    },
    'records.get': { params: { databaseId, recordId }, query },
    'records.replace': { params: { databaseId, recordId: nowhere }, query, body: { record, revision: 1 } },
    'records.update': { params: { databaseId, recordId: nowhere }, query, body: { record, revision: 1 } },
    'records.delete': { params: { databaseId, recordId: nowhere }, query },
    'records.deleteMany': { databaseId, tableName: 'missing', filters: { n: 1 }, expected: 0 },
    'records.saveMany': {
      databaseId,
      tableName: 'missing',
      key: nowhere,
      create: [{ record }],
      update: [{ id: nowhere, revision: 1, record, base: { n: 0 } }],
      delete: [{ id: recordId, revision: 1 }],
    },
    'records.updateMany': { databaseId, tableName: 'missing', filters: { n: 1 }, record, expected: 0 },
    'records.count': { databaseId, tableName: 'notes', filters: { column: 'n', op: 'gte', value: 1 }, mode: 'exact' },
    'records.summary': { databaseId, tableName: 'notes', filters: { n: 1 }, columns: ['title', 'n'] },
    'records.distribution': { databaseId, tableName: 'notes', filters: { n: 1 }, column: 'n', buckets: 5 },
    'records.values': { databaseId, tableName: 'notes', filters: { n: 1 }, column: 'title', search: 'O', limit: 5 },
    'records.references': { databaseId, tableName: 'missing', column: 'title', search: 'O', limit: 5 },
    'records.find': {
      databaseId,
      tableName: 'notes',
      filters: { n: 1 },
      sort: [{ column: 'n', direction: 'asc' }],
      columns: ['title'],
      text: 'One',
      limit: 10,
    },
    'schema.get': { databaseId },
    'schema.apply': { databaseId: nowhere, edits, dryRun: true, name: 'One', base: 1 },
    'schema.versions': { databaseId, cursor: 'none' },
    'schema.version': { databaseId, number: 1 },
    'schema.renameVersion': { databaseId, number: 999_999, name: 'One' },
    'schema.diff': { databaseId, from: 1, to: 2 },
    'schema.fromSql': { databaseId: nowhere, sql: 'create table a (b int)', draft: { tables: [] }, taken: 'refuse' },
    'schema.applyTemplate': { databaseId: nowhere, template: 'blog', samples: true },
    'schema.layout': { databaseId },
    'schema.saveLayout': {
      databaseId: nowhere,
      layout: {
        tables: { notes: { x: 1.5, y: -2, pinned: true } },
        areas: { a: { name: 'Sales', hue: 'blue', x: 0, y: 0, width: 10, height: 10 } },
        notes: { n: { text: 'Words', x: 0, y: 0, width: 10, height: 10 } },
      },
      revision: 0,
    },
    'views.list': { databaseId, tableId },
    'views.create': {
      databaseId: nowhere,
      tableId,
      name: 'Mine',
      filters: { n: 1 },
      sort: [{ column: 'n', direction: 'asc' }],
      columns: [{ column: 'title', hidden: false, pinned: true, width: 200 }],
    },
    'views.update': { databaseId, tableId, viewId: nowhere, name: 'Mine', filters: null },
    'views.delete': { databaseId, tableId, viewId: nowhere },
    'indexes.list': { databaseId, tableId },
    'indexes.create': { databaseId: nowhere, tableId, columns: ['title'] },
    'indexes.drop': { databaseId: nowhere, tableId, index: 'i_none' },
    'indexes.setStorage': { databaseId: nowhere, tableId, tier: 'auto' },
    'changes.history': { params: { databaseId, recordId }, query: { ...query, cursor: 'none' } },
    'changes.restore': { params: { databaseId, recordId: nowhere }, query, body: { change: '1' } },
    'changes.undo': { databaseId, operation: nowhere, force: true },
    'changes.previewMoment': { databaseId, tableName: 'notes', moment: new Date().toISOString() },
    'changes.restoreMoment': { databaseId: nowhere, tableName: 'notes', moment: new Date().toISOString() },
    'changes.retention': { databaseId },
    'changes.setRetention': { databaseId: nowhere, days: 30 },
    'sql.run': { databaseId: nowhere, query: 'select 1', params: [], limit: 10, timeoutMs: 1000, readOnly: true },
    'assistant.generateSchema': {
      databaseId: nowhere,
      description: 'A blog',
      draft: { tables: [] },
      messages: [{ role: 'user', content: 'A blog' }],
    },
    'assistant.generateSql': { databaseId: nowhere, question: 'All notes', mayWrite: false, sql: 'select 1' },
    'connection.get': { databaseId },
    'connection.create': { databaseId: nowhere },
    'connection.rotate': { databaseId: nowhere },
    'connection.revoke': { databaseId: nowhere },
    'keys.list': { databaseId },
    'keys.create': {
      databaseId: nowhere,
      name: 'web',
      kind: 'publishable',
      scopes: [{ table: 'notes', verbs: ['select'] }],
      expires_at: '2099-01-01T00:00:00Z',
    },
    'keys.revokeNamed': { params: { databaseId: nowhere }, query: {}, body: { id: nowhere } },
    'keys.revoke': { databaseId: nowhere, keyId: nowhere },
    'keys.rotate': { databaseId: nowhere, keyId: nowhere, overlap: 60 },
    'rules.get': { databaseId, tableId },
    'rules.list': { databaseId },
    'rules.test': { databaseId, tableId, verb: 'select', as: 'anonymous' },
    'api.settings': { databaseId },
    'api.setSettings': { databaseId: nowhere, origins: ['https://app.example.org'], rates: { key: 10 } },
    'api.requests': { databaseId, cursor: 'none', status: 'ok', method: 'GET', keyId: nowhere, search: 'x' },
    'api.traffic': { databaseId, span: 'hour' },
    'api.document': { databaseId, format: 'openapi' },
    'rules.set': { databaseId: nowhere, tableId, select: 'public', insert: { owner: 'title' }, hidden: ['n'] },
  }
  const sample = samples[procedure]
  if (sample === undefined) throw new Error(`The route of ${procedure} has no sample here`)
  return sample
}

/** Words that only the inside of the server uses. */
const inner =
  /\bat .*:\d+:\d+|node_modules|\bSQLSTATE|syntax error|\brelation\b|pg_|studio\.|TypeError|RangeError|undefined|\[object/

/** Why an answer is not as documented; null when it is. `codes`: those that it may have; 'any' also lets it succeed. */
function complaint({ status, text, headers }: HttpAnswer, codes: readonly string[] | 'any'): string | null {
  const said = `${status} ${text.slice(0, 300)}`
  if (status < 400) return codes === 'any' ? null : `succeeded: ${said}`
  if (!headers['content-type']?.startsWith('application/json')) return `is no JSON: ${said}`
  const body: unknown = JSON.parse(text)
  if (typeof body !== 'object' || body === null) return `is no object: ${said}`
  const { error, code, ...rest }: { error?: unknown; code?: unknown } = body
  if (!isErrorCode(code) || errorStatus[code] !== status) return `has no documented code: ${said}`
  if (status >= 500) return `failed: ${said}`
  if (typeof error !== 'string' || !/^["A-Z].*\.$/s.test(error) || error.length > 500) return `is no sentence: ${said}`
  if (inner.test(error.replace(/"(\\.|[^"])*"/g, ''))) return `shows the inside: ${said}`
  if (Object.keys(rest).some((key) => key !== 'details')) return `has more than documented: ${said}`
  if (codes !== 'any' && !codes.includes(code)) return `has another code than ${codes.join(' or ')}: ${said}`
  return null
}

interface Try {
  readonly name: string
  readonly call: RawCall
  readonly codes: readonly string[] | 'any'
}

/** Sends them all, eight at a time. */
async function tryAll(tries: readonly Try[]): Promise<void> {
  const wrong: string[] = []
  const waiting = [...tries]
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const answer = await send(next.call)
      const reason = complaint(answer, next.codes)
      if (reason !== null) wrong.push(`${next.name}: ${reason}`)
    }
  }
  await Promise.all(Array.from({ length: 8 }, work))
  expect(wrong.slice(0, 40)).toEqual([])
  expect(tries.length).toBeGreaterThan(0)
}

const json = { 'content-type': 'application/json' }

/** Logging out succeeds once for each sign-in, and everywhere for each account, so every try has one of its own. */
async function send(call: RawCall): Promise<HttpAnswer> {
  // An id of ".." leads there as well.
  if (new URL(call.path, studio.url).pathname !== '/api/auth/logout') return studio.send(call)
  const guest = `guest-${++guests}`
  const { access_token } = await studio
    .client({ address: guest })
    .auth.signup({ email: `${guest}@example.org`, password: 'correct horse' })
  return studio.send({ ...call, headers: { ...call.headers, authorization: `Bearer ${access_token}` } })
}

let guests = 0

function headersOf(): Record<string, string> {
  return { authorization: `Bearer ${ada.accessToken}` }
}

/** The route with another body: text as it is, anything else as JSON. */
function withBody(route: Route, body: unknown, sample: unknown = sampleOf(route.procedure)): RawCall {
  const { method, path } = callOf(route, sample)
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body)
  return { method, path, headers: { ...headersOf(), ...json }, body: text }
}

function bodyOf(route: Route): unknown {
  return callOf(route, sampleOf(route.procedure)).body
}

/** Routes whose body says something. Elsewhere a body is not part of the call. */
const withFields = () => routes.filter((route) => isFilled(bodyOf(route)))

function isFilled(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.keys(body).length > 0
}

type Path = readonly (string | number)[]

/** Every place in a value. */
function* placesIn(value: unknown, path: Path = []): Generator<{ readonly path: Path; readonly value: unknown }> {
  if (path.length > 0) yield { path, value }
  if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* placesIn(item, [...path, index])
  else if (typeof value === 'object' && value !== null)
    for (const [key, item] of Object.entries(value)) yield* placesIn(item, [...path, key])
}

/** The JSON text of `value` with something else at `path`, given as JSON text; null takes the place out. */
function textWith(value: unknown, path: Path, replacement: string | null): string {
  const mark = 'replaced-by-the-test'
  const copy: unknown = structuredClone(value)
  let parent: unknown = copy
  for (const key of path.slice(0, -1)) parent = Reflect.get(Object(parent), key)
  const last = path.at(-1) ?? ''
  if (replacement === null) Reflect.deleteProperty(Object(parent), last)
  else Reflect.set(Object(parent), last, mark)
  return JSON.stringify(copy).replace(`"${mark}"`, () => replacement ?? '')
}

/** Where any JSON belongs: what is wrong there depends on the table. */
const isFree = (path: Path) => /^((create|update)\.\d+\.)?(record|records|filters|base)\./.test(path.join('.'))

test('every route has a sample, and is answered as documented when nothing is wrong', async () => {
  await tryAll(
    routes.map((route) => {
      const body = bodyOf(route)
      const { method, path } = callOf(route, sampleOf(route.procedure))
      const call = { method, path, headers: headersOf() }
      return { name: route.procedure, call: body === undefined ? call : withBody(route, body), codes: 'any' }
    }),
  )
  // The tests below prove nothing where the sample itself is refused as invalid.
  for (const route of withFields()) {
    const { status, text } = await send(withBody(route, bodyOf(route)))
    if (status >= 400)
      expect({ route: route.procedure, text }).toMatchObject({
        text: expect.stringMatching(/"(NOT_FOUND|UNAUTHENTICATED|CONFLICT|RATE_LIMITED)"/),
      })
  }
})

describe('the body', () => {
  test('that is no JSON, or not an object', async () => {
    const broken: readonly (readonly [string, string | Buffer])[] = [
      ['an open brace', '{'],
      ['no value', '{"name":}'],
      ['a comma too many', '{"name":"x",}'],
      ['single quotes', "{'name':'x'}"],
      ['half a word', 'nul'],
      ['NaN', '{"name":NaN}'],
      ['two values', '{}{}'],
      ['a comment', '{/* */}'],
      ['white space only', '   '],
      ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
      ['UTF-16', Buffer.from('{"name":"x"}', 'utf16le')],
      ['zero bytes', Buffer.alloc(16)],
      ['null', 'null'],
      ['a number', '1'],
      ['a text', '"text"'],
      ['a list', '[]'],
      ['a list of objects', '[{}]'],
      ['true', 'true'],
      ['levels without end', '['.repeat(100_000)],
      ['201 levels', `${'{"a":'.repeat(200)}{}${'}'.repeat(200)}`],
      ['half a million levels', `${'['.repeat(500_000)}${']'.repeat(500_000)}`],
    ]
    await tryAll(
      withFields().flatMap((route) =>
        broken.map(([name, body]) => ({
          name: `${route.procedure}: ${name}`,
          call: withBody(route, body),
          codes: ['VALIDATION'],
        })),
      ),
    )
  })

  test('of the lists of JSON texts', async () => {
    const route = routes.find(({ procedure }) => procedure === 'projects.create')
    if (route === undefined) throw new Error('projects.create has a route')
    const texts = jsonTexts()
    expect(texts.size).toBeGreaterThan(300)
    await tryAll([...texts].map(([name, text]) => ({ name, call: withBody(route, text), codes: ['VALIDATION'] })))
  })

  test('with a field that is missing, unknown or of another type', async () => {
    const tries: Try[] = []
    for (const route of withFields()) {
      const body = bodyOf(route)
      const add = (name: string, text: string, codes: Try['codes']) =>
        tries.push({ name: `${route.procedure}: ${name}`, call: withBody(route, text), codes })
      for (const extra of [
        '"unknown":1',
        '"__proto__":{"admin":true}',
        '"constructor":{"prototype":{"admin":true}}',
        '"":0',
      ])
        add(
          `with ${extra}`,
          JSON.stringify(body).replace('{', () => `{${extra},`),
          ['VALIDATION'],
        )
      for (const { path, value } of placesIn(body)) {
        const codes = isFree(path) ? 'any' : ['VALIDATION']
        add(`without ${path.join('.')}`, textWith(body, path, null), 'any')
        for (const other of [
          'null',
          'true',
          '0',
          '-1',
          '1.5',
          '1e400',
          '-1e400',
          '1e308',
          '"\\u0000"',
          '"\\ud800"',
          '[]',
          '{}',
          '[[]]',
          '{"__proto__":{"a":1}}',
          '12345678901234567890123',
        ]) {
          const isSame = typeof JSON.parse(other) === typeof value && other !== 'null'
          const isBigNumber = typeof value === 'number' && /^-?[0-9.e]+$/.test(other)
          const mayBeNull =
            other === 'null' &&
            (['description', 'scopes', 'expires_at', 'origins', 'rates'].includes(String(path.at(-1))) ||
              route.procedure === 'schema.renameVersion' ||
              (path.at(-1) === 'filters' && route.procedure.startsWith('views.')))
          add(
            `${path.join('.')} is ${other}`,
            textWith(body, path, other),
            isSame || isBigNumber || mayBeNull ? 'any' : codes,
          )
        }
      }
    }
    expect(tries.length).toBeGreaterThan(800)
    await tryAll(tries)
  })

  test('without what is needed', async () => {
    const needed: Readonly<Record<string, readonly string[]>> = {
      'auth.signup': ['email', 'password'],
      'auth.login': ['email', 'password'],
      'auth.refresh': ['refresh_token'],
      'endUsers.signup': ['email', 'password'],
      'endUsers.login': ['email', 'password'],
      'endUsers.refresh': ['refresh_token'],
      'projects.create': ['name'],
      'databases.create': ['projectId'],
      'tables.create': [
        'schemaJson',
        'schemaJson.name',
        'schemaJson.columns',
        'schemaJson.columns.0.name',
        'schemaJson.columns.0.type',
      ],
      'tables.update': ['edits', 'edits.0.type', 'edits.0.table', 'edits.0.name'],
      'tables.preview': ['edits', 'edits.0.type', 'edits.0.table', 'edits.0.name'],
      'records.create': ['tableName', 'record'],
      'records.query': ['tableName', 'sort.0.column', 'sort.0.direction'],
      'records.replace': ['record'],
      'records.update': ['record'],
      'records.deleteMany': ['tableName', 'filters'],
      'records.saveMany': ['tableName', 'create.0.record', 'update.0.id', 'update.0.record', 'delete.0.id'],
      'records.updateMany': ['tableName', 'filters', 'record'],
      'records.count': ['tableName'],
      'records.summary': ['tableName'],
      'records.distribution': ['tableName', 'column'],
      'records.values': ['tableName', 'column'],
      'records.references': ['tableName', 'column'],
      'records.find': ['tableName', 'text', 'sort.0.column', 'sort.0.direction'],
      'schema.apply': ['edits', 'edits.0.type', 'edits.0.table', 'edits.0.name'],
      'schema.renameVersion': ['name'],
      'schema.fromSql': ['sql'],
      'schema.applyTemplate': ['template'],
      'schema.saveLayout': [
        'layout',
        'layout.tables',
        'layout.areas',
        'layout.notes',
        'layout.areas.a.hue',
        'layout.notes.n.text',
        'revision',
      ],
      'views.create': ['name', 'sort.0.column', 'sort.0.direction', 'columns.0.column'],
      'indexes.create': ['columns'],
      'indexes.setStorage': ['tier'],
      'changes.restore': ['change'],
      'changes.previewMoment': ['tableName', 'moment'],
      'changes.restoreMoment': ['tableName', 'moment'],
      'changes.setRetention': ['days'],
      'sql.run': ['query'],
      'assistant.generateSchema': ['description'],
      'assistant.generateSql': ['question'],
      'keys.create': ['name', 'kind', 'scopes.0.table', 'scopes.0.verbs'],
      'rules.test': ['verb', 'as'],
    }
    const isOptional = [
      'auth.logout',
      'endUsers.logout',
      'projects.update',
      'views.update',
      'changes.undo',
      'keys.revokeNamed',
      'keys.rotate',
      'rules.set',
      'api.setSettings',
    ]
    expect(
      withFields()
        .map(({ procedure }) => procedure)
        .sort(),
    ).toEqual([...Object.keys(needed), ...isOptional].sort())
    await tryAll(
      withFields().flatMap((route) =>
        (needed[route.procedure] ?? []).map((place) => {
          const path = place.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key))
          const text = textWith(bodyOf(route), path, null)
          return { name: `${route.procedure} without ${place}`, call: withBody(route, text), codes: ['VALIDATION'] }
        }),
      ),
    )
    await tryAll(
      Object.keys(needed).flatMap((procedure) => {
        const route = routes.find((each) => each.procedure === procedure)
        if (route === undefined) return []
        const { method, path } = callOf(route, sampleOf(procedure))
        return [
          { name: `${procedure} with nothing`, call: { method, path, headers: headersOf() }, codes: ['VALIDATION'] },
          { name: `${procedure} with {}`, call: withBody(route, '{}'), codes: ['VALIDATION'] },
        ]
      }),
    )
  })

  test('of another content type', async () => {
    const types = [
      {},
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'multipart/form-data; boundary=x' },
      { 'content-type': 'multipart/form-data' },
      { 'content-type': 'application/octet-stream' },
      { 'content-type': 'application/json2' },
      { 'content-type': ';;;' },
      { ...json, 'content-encoding': 'gzip' },
      { ...json, 'content-encoding': 'x' },
    ]
    await tryAll(
      withFields().flatMap((route) =>
        types.map((type) => ({
          name: `${route.procedure} as ${JSON.stringify(type)}`,
          call: { ...withBody(route, bodyOf(route)), headers: { ...headersOf(), ...type } },
          codes: ['VALIDATION'],
        })),
      ),
    )
  })

  test('of more than 10 MB, with its length and in pieces', async () => {
    const large = `{"name":"${'x'.repeat(10 * 1024 * 1024)}"}`
    for (const route of routes.filter(({ method }) => method !== 'GET'))
      for (const chunked of [false, true]) {
        const call = { ...withBody(route, large), chunked }
        const reason = complaint(await send(call), ['TOO_LARGE'])
        expect({ route: route.procedure, chunked, reason }).toEqual({ route: route.procedure, chunked, reason: null })
      }
    // Just below it, the fields are looked at.
    const below = {
      ...withBody(
        routes.find(({ procedure }) => procedure === 'projects.create') ?? fail(),
        `{"name":"${'x'.repeat(10_000_000)}"}`,
      ),
    }
    expect(complaint(await send(below), ['VALIDATION'])).toBeNull()
  })
})

function fail(): never {
  throw new Error('No such route')
}

describe('the address', () => {
  const badIds = [
    'x',
    '0',
    '-1',
    '1e400',
    'null',
    'undefined',
    'NaN',
    '%00',
    '%0a',
    '%20',
    '..',
    '%2e%2e',
    '..%2f..%2fetc%2fpasswd',
    '%ff',
    '%c0%80',
    '%ed%a0%80',
    '%',
    '%zz',
    '%u0000',
    '__proto__',
    'constructor',
    "'%20or%20true--",
    '{}',
    '[]',
    '*',
    '%2a',
    `${nowhere}0`,
    nowhere.slice(1),
    `{${nowhere}}`,
    `%7B${nowhere}%7D`,
    `${nowhere}%00`,
    `${nowhere}%20`,
    nowhere.replace(/-/g, ''),
    'a'.repeat(5_000),
    '%F0%9F%92%A9',
    '\u00e9'.replace('\u00e9', '%C3%A9'),
    `${nowhere};x=1`,
    `${nowhere},${nowhere}`,
  ]

  test('with an id that is none', async () => {
    const tries: Try[] = []
    for (const route of routes) {
      const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
      const { path: whole, body } = callOf(route, sampleOf(route.procedure))
      const [, query] = whole.split('?')
      for (const name of names)
        for (const bad of badIds) {
          const path = route.path.replace(/\{(\w+)\}/g, (_, each) => (each === name ? bad : nowhere))
          const call: RawCall = {
            method: route.method,
            path: query === undefined ? path : `${path}?${query}`,
            headers: { ...headersOf(), ...(body !== undefined && json) },
            ...(body !== undefined && { body: JSON.stringify(body) }),
          }
          // '.' and '..' name another address.
          const leadsAway = /^(\.\.|%2e%2e)$/.test(bad)
          tries.push({
            name: `${route.procedure} ${name}=${bad.slice(0, 60)}`,
            call,
            codes: leadsAway ? 'any' : ['VALIDATION', 'NOT_FOUND'],
          })
        }
    }
    expect(tries.length).toBeGreaterThan(500)
    const withoutMethod = (each: Try) => !/=(\.\.|%2e%2e)$/.test(each.name)
    await tryAll(tries.filter(withoutMethod))
    for (const { name, call } of tries.filter((each) => !withoutMethod(each))) {
      const { status, text } = await send(call)
      expect({ name, status, isError: status < 400 || /^\{"error":"[^"]+.*"code":"[A-Z_]+"/.test(text) }).toMatchObject(
        { isError: true },
      )
      expect(status, name).toBeLessThan(500)
    }
  })

  test('with a query that is wrong', async () => {
    const queries = [
      'unknown=1',
      'deleted=maybe',
      'deleted=',
      'deleted=true&deleted=false',
      'deleted[x]=1',
      'deleted[]=true',
      '__proto__[admin]=1',
      'constructor[prototype][a]=1',
      'cursor=%00',
      'cursor=%ff',
      'cursor=%',
      'cursor=&cursor=',
      `cursor=${'x'.repeat(5_000)}`,
      'deleted[999999999]=1',
      `${'a['.repeat(2_000)}${']'.repeat(2_000)}=1`,
      `a${'[b]'.repeat(3_000)}=1`,
      '%',
      '=',
      '&&&',
      '[]=1',
      '[',
      ']=[',
    ]
    const lists = ['projects.list', 'databases.audit', 'projects.get', 'tables.list', 'databases.get', 'tables.get']
    await tryAll(
      routes
        .filter(({ procedure }) => lists.includes(procedure))
        .flatMap((route) =>
          queries.map((query) => {
            const path = `${callOf(route, sampleOf(route.procedure)).path.split('?')[0] ?? ''}?${query}`
            const harmless = /^(=|&&&|%)$/.test(query)
            const call = { method: 'GET', path, headers: headersOf() }
            return {
              name: `${route.procedure}?${query.slice(0, 60)}`,
              call,
              codes: harmless ? ('any' as const) : ['VALIDATION'],
            }
          }),
        ),
    )
    const tables = [
      '',
      'table=',
      'table',
      'table=%00',
      'table=%ff',
      'table=notes&table=users',
      'table[]=notes',
      'table[x]=notes',
      'table=Notes',
      'table=notes%20',
      'table=pg_catalog.pg_class',
      "table=notes'%20or%20true--",
      `table=${'a'.repeat(64)}`,
      'table=notes&unknown=1',
      'table=notes&__proto__[a]=1',
      'TABLE=notes',
    ]
    await tryAll(
      routes
        .filter(({ isDetailed }) => isDetailed)
        .flatMap((route) =>
          tables.map((query) => {
            const { method, path, body } = callOf(route, sampleOf(route.procedure))
            const call: RawCall = {
              method,
              path: `${path.split('?')[0]}?${query}`,
              headers: { ...headersOf(), ...(body !== undefined && json) },
              ...(body !== undefined && { body: JSON.stringify(body) }),
            }
            // A key to revoke may be named in the body alone.
            const codes = route.procedure === 'keys.revokeNamed' && query === '' ? ('any' as const) : ['VALIDATION']
            return { name: `${route.procedure}?${query.slice(0, 60)}`, call, codes }
          }),
        ),
    )
  })

  test('that nobody answers, or not to this method', async () => {
    const paths = [
      '/api',
      '/api/',
      '/api/x',
      '/api/projects/x/y/z',
      '/api//projects',
      '/api/projects//',
      '/api/%70rojects/%00',
      '/api/__proto__',
      '/api/constructor',
    ]
    await tryAll(
      ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].flatMap((method) =>
        paths
          .filter((path) => !(path.startsWith('/api/projects//') || path.startsWith('/api/%70')))
          .map((path) => ({
            name: `${method} ${path}`,
            call: { method, path, headers: headersOf() },
            codes: ['NOT_FOUND'],
          })),
      ),
    )
    for (const { method, path } of routes) {
      const taken = new Set(routes.filter((route) => pattern(route.path).test(path)).map((route) => route.method))
      for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        if (taken.has(other) || other === method) continue
        const answer = await send({
          method: other,
          path: path.replace(/\{\w+\}/g, nowhere),
          headers: headersOf(),
        })
        expect({
          other,
          path,
          status: answer.status,
          allow: answer.headers.allow !== undefined,
          text: answer.text,
        }).toEqual({
          other,
          path,
          status: 405,
          allow: true,
          text: expect.stringMatching(/^\{"error":"[A-Z].*\.","code":"METHOD_NOT_ALLOWED"/),
        })
      }
    }
  })

  const pattern = (path: string) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`)

  test('that is too long, and what is no HTTP at all', async () => {
    const { hostname, port } = new URL(studio.url)
    const say = (text: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(Number(port), hostname, () => socket.write(text))
        let answer = ''
        socket.on('data', (part) => {
          answer += part.toString()
        })
        socket.on('error', reject)
        socket.on('close', () => resolve(answer))
      })
    const host = `Host: ${hostname}:${port}\r\nConnection: close\r\n`
    for (const text of [
      'hello\r\n\r\n',
      `GET /api/${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`,
      `GET /api/projects HTTP/1.1\r\n${host}X: ${'x'.repeat(20_000)}\r\n\r\n`,
      `POST /api/projects HTTP/1.1\r\n${host}Content-Length: abc\r\n\r\n`,
      `POST /api/projects HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `POST /api/projects HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nzz\r\n\r\n`,
      `GET http://evil.example/api/projects HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
      `GET // HTTP/1.1\r\n${host}\r\n`,
      `GET /\\ HTTP/1.1\r\n${host}\r\n`,
      `GET // HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      `GET http://[ HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      `GET * HTTP/1.1\r\n${host}\r\n`,
      `GET /api/projects?\u0001 HTTP/1.1\r\n${host}\r\n`,
      `OPTIONS * HTTP/1.1\r\n${host}\r\n`,
      `GET http:// HTTP/1.1\r\n${host}\r\n`,
      `GET http://[ HTTP/1.1\r\n${host}\r\n`,
      `GET /api/projects HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n`,
      `GET /api/projects HTTP/1.1\r\nConnection: close\r\n\r\n`,
      `GET /api/projects HTTP/1.1\r\n${host}Expect: the-unexpected\r\n\r\n`,
    ]) {
      const answer = await say(text)
      expect(answer, text.slice(0, 80)).toMatch(/^HTTP\/1\.1 4\d\d /)
      expect(answer, text.slice(0, 80)).toMatch(/\r\n\r\n[\s\S]*\{"error":"[A-Z][^"]*\.","code":"[A-Z_]+"/)
    }
    // And it still lives.
    expect((await send({ method: 'GET', path: '/api/health' })).status).toBe(200)
  })
})

/** No half of a surrogate pair stands alone: UTF-8 has no bytes for one. */
function isWellFormed(text: string): boolean {
  return Buffer.from(text).toString() === text
}

describe('hostile words', () => {
  const special = [
    '\0',
    'a\0b',
    '\ud800',
    'x\udfff',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'prototype',
    '"',
    "'",
    '\\',
    '$1',
    '%s',
    '{}',
    '\u202e',
    'a'.repeat(100_000),
    '\ufeff',
    '\ufffe',
    '\ud83d\ude00',
  ]
  const injections = sqlInjections()
  const words = [...new Set([...special, ...naughtyStrings(), ...injections])]
  /** For what is asked in many ways: injections differ in details that no parameter ever sees. */
  const some = [...new Set([...special, ...naughtyStrings(), ...injections.filter((_, index) => index % 5 === 0)])]

  const call = (path: string, body: unknown, method = 'POST'): RawCall => ({
    method,
    path,
    headers: { ...headersOf(), ...json },
    body: JSON.stringify(body),
  })

  test('in names of tables and columns', async () => {
    expect(words.length).toBeGreaterThan(1_200)
    expect(some.length).toBeGreaterThan(600)
    const { client } = ada
    const before = (await client.tables.list({ databaseId })).tables.length
    const records = `/api/database/${databaseId}/records`
    const hostile = some.filter((word) => !/^[a-z][a-z0-9_]{0,62}$/.test(word))
    await tryAll(
      hostile.flatMap((word) => {
        const name = JSON.stringify(word).slice(0, 60)
        return [
          { name: `query of ${name}`, call: call(`${records}/query`, { tableName: word }), codes: ['VALIDATION'] },
          {
            name: `select ${name}`,
            call: call(`${records}/query`, { tableName: 'notes', select: [word] }),
            codes: ['VALIDATION'],
          },
          {
            name: `sort by ${name}`,
            call: call(`${records}/query`, { tableName: 'notes', sort: [{ column: word, direction: 'asc' }] }),
            codes: ['VALIDATION', 'NOT_FOUND'],
          },
          {
            name: `filter by ${name}`,
            call: call(`${records}/query`, { tableName: 'notes', filters: { column: word, op: 'eq', value: 1 } }),
            codes: ['VALIDATION', 'NOT_FOUND'],
          },
          {
            name: `table ${name}`,
            call: call(`/api/database/${databaseId}/tables/create`, { schemaJson: { name: word, columns: [] } }),
            codes: ['VALIDATION'],
          },
          {
            name: `column ${name}`,
            call: call(
              `/api/database/${databaseId}/tables/${tableId}`,
              { edits: [{ type: 'addColumn', table: 'notes', column: { name: word, type: 'text' } }] },
              'PATCH',
            ),
            codes: ['VALIDATION'],
          },
          {
            name: `type ${name}`,
            call: call(`/api/database/${databaseId}/tables/${tableId}/preview`, {
              edits: [{ type: 'addColumn', table: 'notes', column: { name: 'c', type: word } }],
            }),
            codes: ['VALIDATION'],
          },
          {
            name: `record field ${name}`,
            call: call(`${records}/create`, { tableName: 'notes', record: { [word]: 1 } }),
            codes: ['VALIDATION', 'NOT_FOUND'],
          },
        ]
      }),
    )
    expect((await client.tables.list({ databaseId })).tables).toHaveLength(before)
  })

  test('that are good names are names, nothing else', async () => {
    const good = words.filter((word) => /^[a-z][a-z0-9_]{0,62}$/.test(word))
    expect(good.length).toBeGreaterThan(5)
    for (const word of good.filter((each) => !['users', 'notes'].includes(each))) {
      const made = await send(
        call(`/api/database/${databaseId}/tables/create`, {
          schemaJson: { name: word, columns: [{ name: word, type: 'text' }], timestamps: false },
        }),
      )
      expect({ word, reason: complaint(made, 'any') }).toEqual({ word, reason: null })
      if (made.status >= 400) continue
      const kept = await send(
        call(`/api/database/${databaseId}/records/create`, { tableName: word, record: { [word]: word } }),
      )
      expect({ word, status: kept.status, text: kept.text }).toMatchObject({
        word,
        status: 201,
        text: expect.stringContaining(`"${word}":"${word}"`),
      })
    }
  })

  test('as values come back as they were, or are refused', async () => {
    const { client } = ada
    const isUnstorable = (word: string) => word.includes('\0') || !isWellFormed(word)
    const refused = words.filter(isUnstorable)
    const kept = words.filter((word) => !isUnstorable(word))
    expect(refused.length).toBeGreaterThanOrEqual(4)
    const path = `/api/database/${databaseId}/records/create`
    await tryAll(
      refused.flatMap((word) => [
        {
          name: `text ${JSON.stringify(word)}`,
          call: call(path, { tableName: 'notes', record: { title: word } }),
          codes: ['VALIDATION'],
        },
        {
          name: `json ${JSON.stringify(word)}`,
          call: call(path, { tableName: 'notes', record: { doc: { a: [word] } } }),
          codes: ['VALIDATION'],
        },
        {
          name: `json key ${JSON.stringify(word)}`,
          call: call(path, { tableName: 'notes', record: { doc: { [word]: 1 } } }),
          codes: ['VALIDATION'],
        },
      ]),
    )
    const made = await send(
      call(path, { tableName: 'notes', records: kept.map((word) => ({ title: word, doc: { [word]: word } })) }),
    )
    expect(made.status).toBe(201)
    const answered: { records: { title: string; doc: unknown }[] } = JSON.parse(made.text)
    expect(answered.records.map(({ title }) => title)).toEqual(kept)
    // Not through JSON.stringify of an object with __proto__, which would lose it on this side.
    expect(made.text).toContain('"doc":{"__proto__":"__proto__"}')
    const found = new Set<string>()
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page: { records: Record<string, unknown>[]; nextCursor: string | null } = await client.records.query({
        databaseId,
        tableName: 'notes',
        limit: 500,
        ...(cursor && { cursor }),
      })
      for (const { title } of page.records) found.add(String(title))
      cursor = page.nextCursor
    }
    expect(kept.filter((word) => !found.has(word))).toEqual([])
  })

  test('as values of filters find themselves, and nothing else', async () => {
    const path = `/api/database/${databaseId}/records/query`
    const wrong: string[] = []
    for (const word of words) {
      const answer = await send(
        call(path, { tableName: 'notes', filters: { column: 'title', op: 'eq', value: word }, select: ['title'] }),
      )
      const reason = complaint(answer, 'any')
      const titles =
        answer.status === 200 ? (JSON.parse(answer.text).records as { title: string }[]).map(({ title }) => title) : []
      const isStorable = !word.includes('\0') && isWellFormed(word)
      if (reason !== null) wrong.push(`${word}: ${reason}`)
      else if (titles.some((title) => title !== word)) wrong.push(`${word} found others`)
      else if (isStorable && titles.length === 0) wrong.push(`${word} was not found: ${answer.text.slice(0, 200)}`)
    }
    expect(wrong).toEqual([])
    await tryAll(
      some.flatMap((word) =>
        [
          ['integer', { column: 'n', op: 'eq', value: word }],
          ['like', { column: 'title', op: 'like', value: word }],
          ['ilike', { column: 'title', op: 'ilike', value: word }],
          ['in', { column: 'title', op: 'in', value: [word] }],
          ['contains', { column: 'doc', op: 'contains', value: { a: word } }],
          ['starts_with', { column: 'title', op: 'starts_with', value: word }],
          ['json path', { column: `doc.${word}`, op: 'eq', value: 1 }],
          ['short form', { title: word }],
        ].map(([name, filters]) => ({
          name: `${String(name)} ${JSON.stringify(word).slice(0, 60)}`,
          call: call(path, { tableName: 'notes', filters, limit: 1 }),
          codes: 'any' as const,
        })),
      ),
    )
  })

  test('in names of projects, cursors, addresses and sign-ins', async () => {
    const long = some.filter((word) => word.length <= 100 && word.trim() !== '')
    await tryAll(
      some.flatMap((word) => {
        const name = JSON.stringify(word).slice(0, 60)
        const inPath = encodeURIComponent(Buffer.from(word).toString()).slice(0, 3_000)
        return [
          {
            name: `audit from ${name}`,
            call: { method: 'GET', path: `/api/database/${databaseId}/audit?cursor=${inPath}`, headers: headersOf() },
            codes: inPath === '' ? 'any' : ['VALIDATION'],
          },
          {
            name: `page from ${name}`,
            call: call(`/api/database/${databaseId}/records/query`, { tableName: 'notes', cursor: word }),
            codes: ['VALIDATION'],
          },
          {
            name: `record ${name}`,
            call: {
              method: 'GET',
              path: `/api/database/${databaseId}/records/${nowhere}?table=${inPath}`,
              headers: headersOf(),
            },
            codes: ['VALIDATION', 'NOT_FOUND'],
          },
          { name: `project ${name}`, call: call('/api/projects', { name: word }), codes: 'any' },
          { name: `description ${name}`, call: call('/api/projects', { name: 'x', description: word }), codes: 'any' },
          {
            name: `login ${name}`,
            call: call('/api/auth/login', { email: word, password: word }),
            codes: ['VALIDATION', 'UNAUTHENTICATED', 'RATE_LIMITED'],
          },
          {
            name: `refresh ${name}`,
            call: call('/api/auth/refresh', { refresh_token: word }),
            codes: ['VALIDATION', 'UNAUTHENTICATED'],
          },
          {
            name: `sign-up ${name}`,
            call: call('/api/auth/signup', { email: word, password: 'correct horse' }),
            codes: ['VALIDATION', 'RATE_LIMITED'],
          },
        ] satisfies Try[]
      }),
    )
    const { projects } = await ada.client.projects.list()
    const names = new Set(projects.map(({ name }) => name))
    expect(long.filter((word) => !word.includes('\0') && isWellFormed(word) && !names.has(word.trim()))).toEqual([])
  })
})

test('prototypes are as they were, and nothing was unexpected', () => {
  expect(Reflect.get({}, 'admin')).toBeUndefined()
  expect(Reflect.get({}, 'a')).toBeUndefined()
  expect(studio.serverLog).toEqual([])
})
