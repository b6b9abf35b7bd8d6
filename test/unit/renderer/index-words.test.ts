import { storageChoice, storageSentence, usageWords } from '@renderer/features/indexes/index-words'
import type { TableStorage } from '@shared/contract/indexes.contract'
import { expect, test } from 'vitest'

const storage = (given: Partial<TableStorage>): TableStorage => ({
  tier: 'shared',
  pinned: false,
  records: 12,
  bytes: 4096,
  moving: null,
  ...given,
})

test('says where the records of a table are', () => {
  expect(storageSentence(storage({}))).toBe('Kept with other small tables: 12 records, 4.0 kB.')
  expect(storageSentence(storage({ tier: 'dedicated', records: 120_000, bytes: 25_000_000 }))).toBe(
    'Has its own storage: 120,000 records, 24 MB.',
  )
})

test('says how far a move is', () => {
  const moving = { done: 52_000, total: 120_000 }
  expect(storageSentence(storage({ moving: { to: 'dedicated', ...moving } }))).toBe(
    'Moving to its own storage: 52,000 of 120,000 records.',
  )
  expect(storageSentence(storage({ tier: 'dedicated', moving: { to: 'shared', ...moving } }))).toBe(
    'Moving back to the other small tables: 52,000 of 120,000 records.',
  )
})

test('a wish counts from the moment it is made', () => {
  expect(storageChoice(storage({ tier: 'dedicated' }))).toBe('auto')
  expect(storageChoice(storage({ pinned: true }))).toBe('shared')
  expect(storageChoice(storage({ pinned: true, moving: { to: 'dedicated', done: 0, total: 9 } }))).toBe('dedicated')
})

test('says how often an index was used', () => {
  expect([0, 1, 8812].map(usageWords)).toEqual(['Not used yet', 'Used 1 time', 'Used 8,812 times'])
})
