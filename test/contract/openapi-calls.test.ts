import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpStudio, type HttpAnswer, type HttpStudio } from '../helpers/http-studio'
import { arbitraryOf, type JsonSchema } from '../helpers/schema-arbitrary'
import { signUpTenant, type Tenant } from '../helpers/test-studio'

/** Every operation of the document is called with what it says, and with what it does not, and answers what it says. */

interface Operation {
  readonly parameters?: readonly {
    readonly name: string
    readonly in: 'path' | 'query'
    readonly required?: boolean
    readonly schema: JsonSchema
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>> }>
  >
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** Calls of each operation with inputs of its schema, and as many with something wrong in them. */
const runs = 5

let studio: HttpStudio
let ada: Tenant
/** Whose session may end. */
let leaving: Tenant
let known: Readonly<Record<string, string>>
let document: Document

beforeAll(async () => {
  studio = await createHttpStudio()
  ada = await signUpTenant(studio, 'ada@example.org')
  leaving = await signUpTenant(studio, 'leaving@example.org')
  const { client } = ada
  const projectId = (await client.projects.create({ name: 'Notes' })).project.id
  const databaseId = (await client.databases.create({ projectId })).database.id
  const columns = [
    { name: 'title', type: 'text' },
    { name: 'n', type: 'integer' },
  ]
  const { table } = await client.tables.create({ databaseId, schemaJson: { name: 'notes', columns } })
  const { record } = await client.records.create({ databaseId, tableName: 'notes', record: { title: 'One', n: 1 } })
  known = { projectId, databaseId, tableId: table.id, recordId: record?._id ?? '', table: 'notes', tableName: 'notes' }
  document = JSON.parse((await studio.send({ method: 'GET', path: '/api/openapi.json' })).text)
})
afterAll(() => studio.close())

test('every operation answers as the document says, whatever it is asked', async () => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  expect(operations.length).toBeGreaterThan(80)
  const wrong: string[] = []
  for (const { path, method, operation } of operations) {
    const check = answerCheck(operation)
    const inputs = fc.sample(inputOf(operation), { numRuns: runs, seed: 7 })
    for (const input of [...inputs, ...inputs.map(spoilt)]) {
      const answer = await call(path, method, input, destroys(method, path))
      const problem = check(answer) ?? signedOut(path, answer)
      if (problem !== null)
        wrong.push(`${method} ${path} ${JSON.stringify(input).slice(0, 300)}: ${answer.status} ${problem}`)
    }
  }
  expect(wrong).toEqual([])
  expect(studio.serverLog.filter((line) => line.includes('"level":50'))).toEqual([])
}, 400_000)

interface Input {
  readonly path: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
}

function inputOf({ parameters = [], requestBody }: Operation): fc.Arbitrary<Input> {
  const of = (place: 'path' | 'query') => {
    const own = parameters.filter((one) => one.in === place)
    const parts = Object.fromEntries(own.map(({ name, schema }) => [name, arbitraryOf(schema)]))
    const needed = own.filter(({ required }) => place === 'path' || required === true).map(({ name }) => name)
    return fc.record(parts, { requiredKeys: needed })
  }
  const schema = requestBody?.content['application/json']?.schema
  return fc.record({
    path: of('path'),
    query: of('query'),
    body: schema === undefined ? fc.constant(undefined) : arbitraryOf(schema),
  })
}

/** Ids that exist where nothing is lost by it; tables by their name. */
function call(path: string, method: string, { path: params, query, body }: Input, isSafe: boolean) {
  const real = (name: string, value: unknown) => (isSafe ? String(value) : (known[name] ?? String(value)))
  const target = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(real(name, params[name])))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    search.set(name, name === 'table' ? 'notes' : typeof value === 'string' ? value : JSON.stringify(value))
  return studio.call(
    { method, path: search.size === 0 ? target : `${target}?${search}`, ...(body === undefined ? {} : { body }) },
    path === '/api/auth/logout' ? leaving.accessToken : ada.accessToken,
  )
}

/** A call that is not even looked at shows nothing of the document. */
function signedOut(path: string, { status, text }: HttpAnswer): string | null {
  return status === 401 && !path.includes('/auth/') ? `was not let in: ${text}` : null
}

/** What would take away what the other calls need is asked of ids that lead nowhere. */
function destroys(method: string, path: string): boolean {
  return method === 'DELETE' || /\/(logout|password|restore|undo|import|rotate|archive)/.test(path)
}

/** One value of the body, or the body itself, is something that it must not be. */
function spoilt({ path, query, body }: Input, index: number): Input {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { path, query, body: [body ?? 1] }
  const [name] = Object.keys(body).slice(index % Math.max(1, Object.keys(body).length))
  const bad = [{ unexpected: [null] }, -1e300, ['\u0000'], 'x'.repeat(2_000)][index % 4]
  return { path, query, body: { ...body, [name ?? 'unknown_field']: bad } }
}

/** Null when the answer is one of those in the document. */
function answerCheck({ responses }: Operation): (answer: HttpAnswer) => string | null {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false })
  const checks = new Map<string, ValidateFunction | null>()
  const files = new Set<string>()
  for (const [status, { content }] of Object.entries(responses)) {
    if (content !== undefined && Object.keys(content).length > 1) files.add(status)
    const schema = content?.['application/json']?.schema
    checks.set(status, schema === undefined ? null : ajv.compile(schema))
  }
  return ({ status, text }) => {
    if (files.has(String(status))) return null
    if (status === 500) return `is an error of ours: ${text.slice(0, 200)}`
    const check = checks.get(checks.has(String(status)) ? String(status) : 'default')
    if (check === undefined) return `is not in the document: ${text.slice(0, 200)}`
    if (check === null) return text === '' ? null : 'has a body that is not in the document'
    if (text === '') return 'has no body, and the document says it has one'
    return check(JSON.parse(text)) ? null : `${ajv.errorsText(check.errors)}: ${text.slice(0, 300)}`
  }
}
