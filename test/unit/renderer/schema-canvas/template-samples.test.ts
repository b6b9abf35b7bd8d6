import { followEdits } from '@renderer/features/schema-canvas/waiting-samples'
import { expect, test } from 'vitest'

const samples = [
  { table: 'authors', records: [{ id: 1, name: 'Ada', bio: 'Counts' }] },
  { table: 'posts', records: [{ title: 'Loops', author_id: 1 }] },
]
const made = (name: string) => ({ type: 'addTable', table: { name, columns: [{ name: 'x', type: 'text' }] } }) as const

test('sample records are there for tables that are made, and follow their names', () => {
  expect(followEdits(samples, [])).toEqual([])
  expect(
    followEdits(samples, [
      made('authors'),
      { type: 'renameColumn', table: 'authors', column: 'name', name: 'full_name' },
      { type: 'renameTable', table: 'authors', name: 'writers' },
      { type: 'dropColumn', table: 'writers', column: 'bio' },
      made('posts'),
      { type: 'dropTable', table: 'posts' },
    ]),
  ).toEqual([{ table: 'writers', records: [{ id: 1, full_name: 'Ada' }] }])
})

test('a table that is made again, with another key, keeps them', () => {
  const edits = [made('posts'), { type: 'dropTable', table: 'posts' } as const, made('posts')]
  expect(followEdits(samples, edits)).toEqual([samples[1]])
})
