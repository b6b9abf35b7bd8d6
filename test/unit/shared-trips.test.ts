import { AppError } from '@shared/app-error'
import { expect, test } from 'vitest'
import type { BatchRows } from '../../src/main/db/batch'
import { bindMessages } from '../../src/main/db/bind-message'
import type { OneTrip, OneTripAnswer } from '../../src/main/db/one-trip'
import { shareTrips } from '../../src/main/db/shared-trips'

const answerOf = (text: string): BatchRows => ({ rows: [{ text }], texts: [], took: 0.1 })

function trip(text: string, more: Partial<OneTrip> = {}): OneTrip {
  const queries = [{ text, values: [], name: text }]
  return { accountId: 'a', databaseId: 'd', version: 'v', readOnly: true, queries, ...more }
}

/** Answers each statement with its own text, and tells what went together. */
function recorded(refuse: (texts: readonly string[]) => unknown = () => null) {
  const trips: (readonly string[])[] = []
  const run = async ({ queries }: OneTrip): Promise<OneTripAnswer> => {
    const texts = queries.map(({ text }) => text)
    trips.push(texts)
    await new Promise((resolve) => setImmediate(resolve))
    const error = refuse(texts)
    if (error !== null) throw error
    return { kind: 'done', answers: texts.map(answerOf) }
  }
  return { trips, share: shareTrips(run) }
}

const textsOf = (answers: readonly OneTripAnswer[]) =>
  answers.map((answer) => (answer.kind === 'done' ? answer.answers.map(({ rows }) => rows[0]?.text) : answer.kind))

test('calls of one database that meet go together, and each has its own answer', async () => {
  const { trips, share } = recorded()
  const answers = await Promise.all([share(trip('one')), share(trip('two')), share(trip('far', { databaseId: 'e' }))])
  expect(textsOf(answers)).toEqual([['one'], ['two'], ['far']])
  expect(trips).toEqual([['one', 'two'], ['far']])
})

test('reads, writes, and calls that know another schema never go together', async () => {
  const { trips, share } = recorded()
  await Promise.all([
    share(trip('read')),
    share(trip('write', { readOnly: false })),
    share(trip('new', { version: 'w' })),
  ])
  expect(trips).toEqual([['read'], ['write'], ['new']])
})

test('one that fails is made again alone, and so are the others', async () => {
  const { trips, share } = recorded((texts) => (texts.includes('bad') ? new AppError('CONSTRAINT', 'No.') : null))
  const [good, bad] = await Promise.allSettled([share(trip('good')), share(trip('bad'))])
  expect(good.status).toBe('fulfilled')
  expect(bad.status).toBe('rejected')
  expect(trips).toEqual([['good', 'bad'], ['good'], ['bad']])
})

test('what may have been written is not written again', async () => {
  const { trips, share } = recorded(() => new AppError('UNAVAILABLE', 'Lost.'))
  const writes = [share(trip('one', { readOnly: false })), share(trip('two', { readOnly: false }))]
  for (const answer of await Promise.allSettled(writes)) expect(answer.status).toBe('rejected')
  expect(trips).toHaveLength(1)
})

test('writes of one record are one statement, but not two of the same record', async () => {
  const { trips, share } = recorded()
  const write = (record: string) => {
    const merge = {
      name: 'insert',
      record,
      item: { record },
      together: (items: readonly object[]) => ({ text: JSON.stringify(items), values: [], name: 'many' }),
      part: ({ took }: BatchRows, asked: string): BatchRows => ({ rows: [{ text: asked }], texts: [], took }),
    }
    return share(trip('', { readOnly: false, queries: [], merge }))
  }
  const answers = await Promise.all([write('a'), write('b'), write('a')])
  expect(textsOf(answers)).toEqual([['a'], ['b'], ['a']])
  expect(trips.map((texts) => texts.slice(1))).toEqual([['[{"record":"a"},{"record":"b"}]', '[{"record":"a"}]']])
})

test('whoever has gone is not asked for', async () => {
  const { trips, share } = recorded()
  const asker = { isGone: () => true, signal: AbortSignal.abort() }
  const [gone] = await Promise.allSettled([share(trip('gone', { asker })), share(trip('here'))])
  expect(gone?.status).toBe('rejected')
  expect(trips).toEqual([['here']])
})

test('a statement and its values become the bytes that Postgres reads', () => {
  const bytes = bindMessages([{ name: 's', values: ['ü', null, Buffer.from([7])] }])
  expect(bytes.toString('hex')).toBe(
    // B, length, portal, name, formats, three values: 2 bytes, NULL, 1 byte; formats of the answer. E, length, portal, all rows.
    [
      '42',
      '0000001c',
      '00',
      '7300',
      '0000',
      '0003',
      '00000002c3bc',
      'ffffffff',
      '0000000107',
      '0000',
      '450000000900',
      '00000000',
    ].join(''),
  )
})
