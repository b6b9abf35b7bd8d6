import { expect, test } from 'vitest'
import { createWriteMarks } from '../../src/main/db/replicas/write-marks'

/** The end of the log is asked for by hand. */
function asked() {
  const questions: { answer(position: bigint): Promise<void>; fail(): Promise<void> }[] = []
  const marks = createWriteMarks(
    () =>
      new Promise((resolve, reject) => {
        const settled = () => new Promise<void>((done) => setImmediate(done))
        questions.push({
          answer(position) {
            resolve(position)
            return settled()
          },
          fail() {
            reject(new Error('no answer'))
            return settled()
          },
        })
      }),
  )
  return { marks, questions }
}

test('nothing is needed of who has written nothing', () => {
  expect(asked().marks.needed(['ada', 'shop'])).toBe(0n)
})

test('the latest write of any of the keys counts, in whatever order they are told', () => {
  const { marks } = asked()
  marks.mark(['ada', 'shop'], 20n)
  marks.mark(['ada'], 10n)
  marks.mark(['bob'], 30n)
  expect(marks.needed(['ada'])).toBe(20n)
  expect(marks.needed(['ada', 'bob'])).toBe(30n)
  expect(marks.needed(['shop'])).toBe(20n)
})

test('a write at an unknown place is asked for, once for all that came meanwhile', async () => {
  const { marks, questions } = asked()
  marks.mark(['ada'], null)
  marks.mark(['bob'], null)
  marks.mark(['ada'], null)
  expect(questions).toHaveLength(1)
  expect([marks.needed(['ada']), marks.needed(['bob']), marks.needed(['carl'])]).toEqual([null, null, 0n])
  await questions[0]?.answer(50n)
  // What came after the first question may lie behind its answer.
  expect(questions).toHaveLength(2)
  expect([marks.needed(['ada']), marks.needed(['bob'])]).toEqual([null, null])
  await questions[1]?.answer(60n)
  expect([marks.needed(['ada']), marks.needed(['bob'])]).toEqual([60n, 60n])
  expect(questions).toHaveLength(2)
})

test('a question without an answer is put again when it is time', async () => {
  const { marks, questions } = asked()
  marks.mark(['ada'], null)
  await questions[0]?.fail()
  expect(marks.needed(['ada'])).toBeNull()
  expect(questions).toHaveLength(1)
  marks.settle()
  await questions[1]?.answer(7n)
  expect(marks.needed(['ada'])).toBe(7n)
})

test('of very many, none is forgotten: the newest write counts for all', () => {
  const { marks } = asked()
  for (let n = 1; n <= 25_000; n++) marks.mark([`account ${n}`], BigInt(n))
  for (const n of [1, 9_999, 10_001, 24_999]) expect(marks.needed([`account ${n}`])).toBeGreaterThanOrEqual(BigInt(n))
  expect(marks.needed(['account 25000'])).toBe(25_000n)
})
