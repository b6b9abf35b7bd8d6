import { type FetchLabels, ReferenceLabels } from '@renderer/features/table-editor/editors/reference-labels'
import type { JsonValue } from '@shared/json'
import { expect, test, vi } from 'vitest'

const authors = { table: 'authors', column: 'id' }
const cities = { table: 'cities', column: 'code' }

function labelsOf(known: Readonly<Record<string, string>>) {
  const asked: [string, readonly JsonValue[]][] = []
  const fetch: FetchLabels = async (at, values) => {
    asked.push([at.table, values])
    return new Map(
      values.flatMap((value) => {
        const label = known[String(value)]
        return label === undefined ? [] : [[JSON.stringify(value), label]]
      }),
    )
  }
  return { labels: new ReferenceLabels(fetch), asked }
}

test('what is on screen is asked for together, once, by table', async () => {
  const { labels, asked } = labelsOf({ a: 'Ada', b: 'Bob', x: 'Xanten' })
  for (const value of ['a', 'b', 'a']) labels.show(authors, value)
  labels.show(cities, 'x')
  await vi.waitFor(() => expect(labels.of(cities, 'x')).toBe('Xanten'))
  expect(labels.of(authors, 'a')).toBe('Ada')
  expect(asked).toEqual([
    ['authors', ['a', 'b']],
    ['cities', ['x']],
  ])
})

test('a record without a label has none, and is not asked for again', async () => {
  const { labels, asked } = labelsOf({ b: 'Bob' })
  labels.show(authors, 'a')
  labels.show(authors, 'b')
  await vi.waitFor(() => expect(labels.of(authors, 'b')).toBe('Bob'))
  expect(labels.of(authors, 'a')).toBeNull()
  labels.show(authors, 'a')
  labels.show(cities, 'z')
  await vi.waitFor(() => expect(asked).toHaveLength(2))
  expect(asked[1]).toEqual(['cities', ['z']])
})

test('after a change, only what is on screen is asked for again, and stays meanwhile', async () => {
  const known: Record<string, string> = { a: 'Ada', b: 'Bob' }
  const { labels, asked } = labelsOf(known)
  const hide = labels.show(authors, 'a')
  labels.show(authors, 'b')
  await vi.waitFor(() => expect(labels.of(authors, 'b')).toBe('Bob'))
  hide()
  known.b = 'Bert'
  labels.refresh()
  expect(labels.of(authors, 'a')).toBeNull()
  expect(labels.of(authors, 'b')).toBe('Bob')
  await vi.waitFor(() => expect(labels.of(authors, 'b')).toBe('Bert'))
  expect(asked.at(-1)).toEqual(['authors', ['b']])
})
