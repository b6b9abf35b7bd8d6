import {
  type ColumnSetting,
  changeSettings,
  sameSettings,
  showColumns,
} from '@renderer/features/table-editor/columns/column-settings'
import { gridColumns } from '@renderer/features/table-editor/grid-column'
import { describe, expect, test } from 'vitest'

const columns = gridColumns({
  name: 't',
  columns: ['a', 'b', 'c', 'd'].map((name) => ({ name, type: 'text' })),
})
const names = (settings: readonly ColumnSetting[]) => showColumns(columns, settings).shown.map(({ name }) => name)

describe('what is shown', () => {
  test('is the table as it is, as long as nobody says otherwise', () => {
    expect(showColumns(columns, [])).toMatchObject({ shown: columns, hidden: [], pinned: null, widths: {} })
  })

  test('is in the order of the settings; pinned ones come first and new ones last', () => {
    expect(names([{ column: 'c' }, { column: 'gone' }, { column: 'a' }])).toEqual(['c', 'a', 'b', 'd'])
    const settings = [{ column: 'a' }, { column: 'b', hidden: true }, { column: 'c', pinned: true, width: 90 }]
    expect(names(settings)).toEqual(['c', 'a', 'd'])
    expect(showColumns(columns, settings)).toMatchObject({ pinned: 1, widths: { c: 90 } })
  })

  test('is never nothing', () => {
    expect(names(columns.map(({ name }) => ({ column: name, hidden: true })))).toEqual(['a'])
  })
})

describe('a change', () => {
  test('of the order, by where it is dropped', () => {
    const moved = changeSettings(columns, [], { kind: 'move', column: 'd', over: 'b' })
    expect(names(moved)).toEqual(['a', 'd', 'b', 'c'])
    expect(names(changeSettings(columns, moved, { kind: 'move', column: 'a', over: 'c' }))).toEqual([
      'd',
      'b',
      'c',
      'a',
    ])
  })

  test('pinning another column says that the first one is pinned', () => {
    const pinned = changeSettings(columns, [], { kind: 'pinned', column: 'c', pinned: true })
    expect(names(pinned)).toEqual(['a', 'c', 'b', 'd'])
    expect(showColumns(columns, pinned).pinned).toBe(2)
    const none = ['a', 'c'].reduce(
      (now, column) => changeSettings(columns, now, { kind: 'pinned', column, pinned: false }),
      pinned,
    )
    expect(showColumns(columns, none).pinned).toBe(0)
  })

  test('dropped among the pinned it is pinned', () => {
    const pinned = changeSettings(columns, [], { kind: 'pinned', column: 'b', pinned: true })
    const moved = changeSettings(columns, pinned, { kind: 'move', column: 'd', over: 'b' })
    expect(names(moved)).toEqual(['a', 'd', 'b', 'c'])
    expect(showColumns(columns, moved).pinned).toBe(3)
  })

  test('hiding and showing, and all at once', () => {
    const hidden = ['a', 'c'].reduce<readonly ColumnSetting[]>(
      (now, column) => changeSettings(columns, now, { kind: 'hidden', column, hidden: true }),
      [],
    )
    expect(names(hidden)).toEqual(['b', 'd'])
    expect(names(changeSettings(columns, hidden, { kind: 'all shown' }))).toEqual(['a', 'b', 'c', 'd'])
  })
})

test('two settings are the same when they show the same', () => {
  expect(sameSettings(columns, [], [{ column: 'a' }, { column: 'b', hidden: false }])).toBe(true)
  expect(sameSettings(columns, [], [{ column: 'b' }])).toBe(false)
  expect(sameSettings(columns, [{ column: 'a', width: 90 }], [])).toBe(false)
})
