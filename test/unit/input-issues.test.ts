import { contract } from '@shared/contract'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { describeIssues } from '../../src/main/rpc/input-issues'

function sentenceOf(schema: z.ZodType | undefined, input: unknown): string {
  const result = (schema ?? z.never()).safeParse(input)
  return result.success ? '' : describeIssues(result.error.issues, input).sentence
}

function inputOf(procedure: { '~orpc': { inputSchema?: unknown } }): z.ZodType {
  const schema = procedure['~orpc'].inputSchema
  if (!(schema instanceof z.ZodType)) throw new Error('No input')
  return schema
}

const id = '7d444840-9dc0-41d1-b245-5ffdce74fad2'

test.each([
  [contract.projects.create, {}, '"name": This field is missing.'],
  [contract.projects.create, { name: '  ' }, '"name": Give the project a name.'],
  [contract.projects.create, { name: 5 }, '"name": This must be a text.'],
  [contract.projects.create, { name: 'x', colour: 'red' }, '"colour" is not a field of this call.'],
  [contract.projects.create, { name: 'x', a: 1, b: 2 }, '"a", "b" are not fields of this call.'],
  [contract.projects.create, undefined, 'This field is missing.'],
  [contract.projects.create, 'x', 'This must be an object.'],
  [
    contract.projects.get,
    { projectId: '1' },
    '"projectId": This is not an id. Ids look like 7d444840-9dc0-11d1-b245-5ffdce74fad2.',
  ],
  [contract.auth.signup, { email: 'x', password: 'long enough' }, '"email": This is not an e-mail address.'],
  [contract.auth.signup, { email: 'a@b.de', password: 'short' }, '"password": Use at least 8 characters.'],
  [contract.records.query, { databaseId: id, tableName: 'a', limit: 5000 }, '"limit": This must be at most 1000.'],
  [
    contract.records.query,
    { databaseId: id, tableName: 'a', count: 'some' },
    '"count": This must be "none" or "estimated" or "exact".',
  ],
  [
    contract.records.get,
    { params: { databaseId: id, recordId: 'x' }, query: { table: 'a' } },
    '"recordId": This is not an id. Ids look like 7d444840-9dc0-11d1-b245-5ffdce74fad2.',
  ],
  [
    contract.tables.create,
    { databaseId: id, schemaJson: { name: 'a', columns: [{ name: 'b', type: 'text', unique: 'yes' }] } },
    '"schemaJson.columns[0].unique": This must be true or false.',
  ],
])('%# says what is wrong in one sentence', (procedure, input, sentence) => {
  expect(sentenceOf(inputOf(procedure), input)).toBe(sentence)
})

test('of a union, the form that was meant is explained', () => {
  const schema = z.object({ shape: z.union([z.object({ round: z.number() }), z.object({ side: z.number() })]) })
  expect(sentenceOf(schema, { shape: { side: 'x' } })).not.toBe('')
  expect(sentenceOf(schema, { shape: 3 })).toBe('"shape": This does not have a form that is understood here.')
})

test('thousands of mistakes are answered with a few', () => {
  const result = z.array(z.string()).safeParse(Array.from({ length: 5000 }, () => 1))
  expect(describeIssues(result.error?.issues ?? [], []).issues).toHaveLength(20)
})
