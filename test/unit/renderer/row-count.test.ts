import { describeCount, settleRowCount } from '@renderer/features/table-editor/row-count'
import { expect, test } from 'vitest'

test('what was seen corrects what was counted', () => {
  expect(settleRowCount(null, { end: null, known: 100 })).toEqual({ count: 100, estimated: true })
  expect(settleRowCount({ count: 90, estimated: true }, { end: null, known: 100 })).toEqual({
    count: 100,
    estimated: true,
  })
  expect(settleRowCount({ count: 500, estimated: true }, { end: 480, known: 480 })).toEqual({
    count: 480,
    estimated: false,
  })
  expect(settleRowCount({ count: 500, estimated: false }, { end: null, known: 100 })).toEqual({
    count: 500,
    estimated: false,
  })
})

test('an estimate is told as one', () => {
  expect(describeCount({ count: 1_200_000, estimated: true })).toBe('~1,200,000 records')
  expect(describeCount({ count: 1, estimated: false })).toBe('1 record')
})
