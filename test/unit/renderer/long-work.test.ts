import { Works } from '@renderer/features/transfers/works'
import { AppError } from '@shared/app-error'
import { expect, test } from 'vitest'

/** Work that ends when it is told to. */
function held<R>() {
  const ends: { done: (result: R) => void; fail: (error: unknown) => void; signal: AbortSignal }[] = []
  const work = ({ signal }: { readonly signal: AbortSignal }) =>
    new Promise<R>((done, fail) => {
      ends.push({ done, fail, signal })
      signal.addEventListener('abort', () => fail(new DOMException('Aborted', 'AbortError')))
    })
  return { ends, work }
}

test('work is where it was begun, whoever looks, until it is done', async () => {
  const works = new Works<number>()
  const { ends, work } = held<number>()
  let told = 0
  const forget = works.listen(() => told++)
  const running = works.run('a', 'Beginning', work)
  expect(works.at('a')).toMatchObject({ progress: { step: 'Beginning' }, failure: null, result: null })
  expect(works.at('b').progress).toBeNull()
  // The same object as long as nothing changes, or a view would be drawn for ever.
  expect(works.at('a')).toBe(works.at('a'))
  forget()
  const before = told
  ends[0]?.done(7)
  await running
  expect(works.at('a')).toEqual({ progress: null, failure: null, result: 7 })
  expect(told).toBe(before)
  works.cancel('a')
  expect(works.at('a').result).toBeNull()
})

test('what is cancelled is told to the work, says nothing, and does not come back', async () => {
  const works = new Works<number>()
  const { ends, work } = held<number>()
  const first = works.run('a', 'First', work)
  const second = works.run('a', 'Second', work)
  await first
  expect(ends[0]?.signal.aborted).toBe(true)
  expect(works.at('a')).toMatchObject({ progress: { step: 'Second' }, failure: null })
  works.cancel('a')
  await second
  expect(works.at('a')).toEqual({ progress: null, failure: null, result: null })
})

test('a failure stays until the next attempt, and the result of the last good one beyond it', async () => {
  const works = new Works<number>()
  await works.run('a', null, async () => 1)
  await works.run('a', null, async () => {
    throw new AppError('CONFLICT', 'It went wrong.')
  })
  expect(works.at('a')).toEqual({ progress: null, failure: 'It went wrong.', result: 1 })
  const { ends, work } = held<number>()
  const running = works.run('a', 'Again', work)
  expect(works.at('a').failure).toBeNull()
  ends[0]?.done(2)
  await running
  expect(works.at('a')).toEqual({ progress: null, failure: null, result: 2 })
})
