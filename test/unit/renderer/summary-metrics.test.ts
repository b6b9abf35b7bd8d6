import { gridColumns } from '@renderer/features/table-editor/grid-column'
import { firstMetric, metricText } from '@renderer/features/table-editor/summary/summary-metrics'
import { expect, test } from 'vitest'

const [amount, day, done, ref] = gridColumns({
  name: 't',
  columns: [
    { name: 'amount', type: 'numeric(40,2)' },
    { name: 'day', type: 'timestamptz' },
    { name: 'done', type: 'boolean' },
    { name: 'ref', type: 'integer', references: { table: 'o', column: 'id' } },
  ],
})
if (!amount || !day || !done || !ref) throw new Error('The columns are not there.')
const base = { count: 12_345, empty: 3, distinct: 7 }

test.each([
  ['12345678901234567890123.45', '12,345,678,901,234,567,890,123.45'],
  ['-1234.50', '−1,234.50'],
  ['999', '999'],
  ['NaN', 'NaN'],
])('a sum of %s keeps every digit', (sum, text) => {
  expect(metricText('sum', amount, { ...base, column: 'amount', sum })).toBe(text)
})

test('an average is cut to four places, counts are grouped, estimates say so', () => {
  const summary = { ...base, column: 'amount', avg: '1234.56789012', distinctEstimated: true }
  expect(metricText('avg', amount, summary)).toBe('1,234.5678')
  expect(metricText('avg', amount, { ...summary, avg: '10.0000' })).toBe('10')
  expect(metricText('filled', amount, summary)).toBe('12,345')
  expect(metricText('distinct', amount, summary)).toBe('~7')
})

test('what a column does not have is not told', () => {
  const summary = { ...base, column: 'done', truths: 4 }
  expect(metricText('sum', done, summary)).toBeNull()
  expect(metricText('min', day, { ...base, column: 'day' })).toBeNull()
  expect(metricText('true', done, summary)).toBe('4')
})

test('the first figure is one that says something', () => {
  expect(firstMetric(amount, { ...base, column: 'amount', sum: '1' })).toBe('sum')
  expect(firstMetric(done, { ...base, column: 'done', truths: 1 })).toBe('true')
  expect(firstMetric(day, { ...base, column: 'day' })).toBe('empty')
  expect(firstMetric(ref, { ...base, column: 'ref', empty: 0, sum: '1' })).toBe('none')
})
