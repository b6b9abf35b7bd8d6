import {
  chipsFilter,
  type FilterChip,
  noFilters,
  operatorsFor,
  readChip,
  treeFilter,
} from '@renderer/features/table-editor/filter-chips'
import { treeOf } from '@renderer/features/table-editor/filter-from-saved'
import { cycleSort, viewFromParams, viewToParams, wholeTable } from '@renderer/features/table-editor/view-params'
import { parseColumnType } from '@shared/domain/column-type'
import type { Filter } from '@shared/domain/filter'
import { describe, expect, test } from 'vitest'

const columns = [
  { name: 'email', type: 'text' },
  { name: 'age', type: 'integer' },
  { name: 'balance', type: 'numeric(10,2)' },
  { name: 'active', type: 'boolean' },
  { name: 'meta', type: 'jsonb' },
]
const chip = (column: string, op: FilterChip['op'], value = ''): FilterChip => ({ column, op, value })

describe('a chip means a condition', () => {
  test.each<[FilterChip, unknown]>([
    [chip('email', 'contains', 'a b'), { column: 'email', op: 'contains', value: 'a b' }],
    [chip('age', 'gte', '18'), { column: 'age', op: 'gte', value: 18 }],
    [chip('balance', 'eq', '1.5'), { column: 'balance', op: 'eq', value: '1.50' }],
    [chip('active', 'eq', 'false'), { column: 'active', op: 'eq', value: false }],
    [chip('age', 'in', '1, 2,3'), { column: 'age', op: 'in', value: [1, 2, 3] }],
    [chip('email', 'is_null'), { column: 'email', op: 'is', value: null }],
    [chip('email', 'is_not_null'), { not: { column: 'email', op: 'is', value: null } }],
    [chip('meta', 'contains', '{"a":1}'), { column: 'meta', op: 'contains', value: { a: 1 } }],
    [chip('meta.plan', 'eq', 'pro'), { column: 'meta.plan', op: 'eq', value: 'pro' }],
    [chip('email', 'eq', ''), { column: 'email', op: 'eq', value: '' }],
  ])('%j', (given, filter) => expect(readChip(given, columns)).toEqual({ ok: true, filter }))

  test.each([
    chip('gone', 'eq', '1'),
    chip('age', 'eq', 'x'),
    chip('age', 'eq', ''),
    chip('age', 'in', '1,x'),
    chip('email.path', 'eq', 'x'),
  ])('%j means none, and says why', (given) => {
    const read = readChip(given, columns)
    expect(read.ok).toBe(false)
    expect(!read.ok && read.reason).toMatch(/\.$/)
  })
})

test('chips join by and, or by or; those that mean nothing are left out', () => {
  const age = chip('age', 'gte', '18')
  const email = chip('email', 'is_null')
  expect(chipsFilter([age, email, chip('gone', 'eq', '1')], 'all', columns)).toEqual({
    and: [
      { column: 'age', op: 'gte', value: 18 },
      { column: 'email', op: 'is', value: null },
    ],
  })
  expect(chipsFilter([age], 'any', columns)).toEqual({ or: [{ column: 'age', op: 'gte', value: 18 }] })
  expect(chipsFilter([], 'all', columns)).toBeUndefined()
})

describe('groups are joined the other way', () => {
  const age = { column: 'age', op: 'gte', value: 18 } as const
  const active = { column: 'active', op: 'eq', value: true } as const
  const email = { column: 'email', op: 'is', value: null } as const
  const tree = {
    ...noFilters,
    chips: [chip('age', 'gte', '18')],
    groups: [[chip('active', 'eq', 'true'), chip('email', 'is_null')]],
  }

  test('any of them where all must hold, and all of them where one is enough', () => {
    expect(treeFilter(tree, columns)).toEqual({ and: [age, { or: [active, email] }] })
    expect(treeFilter({ ...tree, match: 'any' }, columns)).toEqual({ or: [age, { and: [active, email] }] })
  })

  test('what chips cannot say must hold as well', () => {
    expect(treeFilter({ ...tree, groups: [], custom: { not: active } }, columns)).toEqual({
      and: [{ not: active }, { and: [age] }],
    })
    expect(treeFilter({ ...noFilters, custom: { not: active } }, columns)).toEqual({ not: active })
  })

  test.each<[string, Filter]>([
    ['one condition', { and: [age] }],
    ['any of two', { or: [age, email] }],
    ['NULL tests and lists', { and: [{ not: email }, { column: 'age', op: 'in', value: [1, 2] }] }],
    ['a group', { and: [age, { or: [active, email] }] }],
    ['a group of another join', { or: [{ and: [age, active] }, { and: [email, age] }] }],
    ['a path', { and: [{ column: 'meta.plan', op: 'eq', value: 'pro' }] }],
    ['a moment', { and: [{ column: 'at', op: 'gte', value: '2026-01-31T12:30:00.250000Z' }] }],
    ['a group of one', { and: [{ or: [active] }] }],
  ])('a stored filter comes back as chips: %s', (_, filter) => {
    const all = [...columns, { name: 'at', type: 'timestamptz' }]
    const read = treeOf(filter, all)
    expect(read.custom).toBeNull()
    expect(treeFilter(read, all)).toEqual(filter)
  })

  test.each<[string, Filter]>([
    ['not', { and: [{ not: age }] }],
    ['deeper groups', { and: [{ or: [{ and: [age, email] }, active] }] }],
    ['a list whose value has a comma', { and: [{ column: 'email', op: 'in', value: ['a,b'] }] }],
  ])('what chips cannot say stays whole: %s', (_, filter) => {
    expect(treeOf(filter, columns)).toEqual({ ...noFilters, custom: filter })
  })
})

test('every type offers NULL, and only what can be answered', () => {
  for (const name of ['text', 'integer', 'boolean', 'uuid', 'jsonb', 'text[]', 'timestamptz', 'bytea']) {
    const type = parseColumnType(name)
    const ops = type ? operatorsFor(type).map(({ op }) => op) : []
    expect(ops).toContain('is_null')
    expect(ops.includes('gt')).toBe(name === 'integer' || name === 'timestamptz')
  }
})

describe('the address', () => {
  test('keeps chips and order, whatever is in them', () => {
    const view = {
      chips: [chip('email', 'contains', 'a:b&c=d ü%25'), chip('meta.a:b', 'eq', 'line\ntwo'), chip('age', 'is_null')],
      match: 'any',
      groups: [[chip('age', 'gt', '1'), chip('email', 'eq', 'x')], [chip('active', 'eq', 'true')]],
      custom: { not: { column: 'age', op: 'eq', value: 3 } },
      viewId: '7d444840-9dc0-11d1-b245-5ffdce74fad2',
      sort: [
        { column: 'age', direction: 'desc' },
        { column: 'email', direction: 'asc' },
      ],
    } as const
    expect(viewFromParams(new URLSearchParams(viewToParams(view).toString()))).toEqual(view)
  })

  test('of the whole table is empty', () => {
    expect(viewToParams({ ...wholeTable, match: 'any' }).toString()).toBe('')
  })

  test('leaves out what makes no sense', () => {
    const params = new URLSearchParams(
      'where=x&where=a:nope:1&where=%25zz:eq:1&sort=a&sort=b:up&match=most&group1=x&filter={',
    )
    expect(viewFromParams(params)).toEqual(wholeTable)
  })
})

test('clicking a header goes round: up, down, not at all', () => {
  const up = cycleSort([], 'a', false)
  expect(up).toEqual([{ column: 'a', direction: 'asc' }])
  const down = cycleSort(up, 'a', false)
  expect(down).toEqual([{ column: 'a', direction: 'desc' }])
  expect(cycleSort(down, 'a', false)).toEqual([])
  expect(cycleSort(down, 'b', false)).toEqual([{ column: 'b', direction: 'asc' }])
  expect(cycleSort(down, 'b', true)).toEqual([...down, { column: 'b', direction: 'asc' }])
  expect(cycleSort([...down, { column: 'b', direction: 'asc' }], 'a', true)).toEqual([
    { column: 'b', direction: 'asc' },
  ])
})
