import { isTypedCharacter, moveCell, stepOfKey } from '@renderer/features/table-editor/grid-position'
import { describe, expect, test } from 'vitest'

const bounds = { rows: 100, columns: 5, pageRows: 20 }
const from = { row: 50, column: 2 }

describe('where a key takes the active cell', () => {
  test.each([
    ['up', { row: 49, column: 2 }],
    ['down', { row: 51, column: 2 }],
    ['left', { row: 50, column: 1 }],
    ['right', { row: 50, column: 3 }],
    ['rowStart', { row: 50, column: 0 }],
    ['rowEnd', { row: 50, column: 4 }],
    ['pageUp', { row: 30, column: 2 }],
    ['pageDown', { row: 70, column: 2 }],
    ['top', { row: 0, column: 2 }],
    ['bottom', { row: 99, column: 2 }],
    ['gridStart', { row: 0, column: 0 }],
    ['gridEnd', { row: 99, column: 4 }],
    ['next', { row: 50, column: 3 }],
    ['previous', { row: 50, column: 1 }],
  ] as const)('%s', (step, to) => expect(moveCell(from, step, bounds)).toEqual(to))

  test('stays inside at every edge', () => {
    const first = { row: 0, column: 0 }
    const last = { row: 99, column: 4 }
    for (const step of ['up', 'left', 'pageUp', 'previous'] as const)
      expect(moveCell(first, step, bounds)).toEqual(first)
    for (const step of ['down', 'right', 'pageDown', 'next'] as const)
      expect(moveCell(last, step, bounds)).toEqual(last)
  })

  test('next and previous go on in the neighbouring row', () => {
    expect(moveCell({ row: 3, column: 4 }, 'next', bounds)).toEqual({ row: 4, column: 0 })
    expect(moveCell({ row: 3, column: 0 }, 'previous', bounds)).toEqual({ row: 2, column: 4 })
  })

  test('an empty grid has only its first place', () => {
    expect(moveCell({ row: 0, column: 0 }, 'gridEnd', { rows: 0, columns: 0, pageRows: 0 })).toEqual({
      row: 0,
      column: 0,
    })
  })
})

test('Ctrl and Cmd jump to the edges', () => {
  expect(stepOfKey({ key: 'ArrowDown', ctrlKey: false, metaKey: false })).toBe('down')
  expect(stepOfKey({ key: 'ArrowDown', ctrlKey: true, metaKey: false })).toBe('bottom')
  expect(stepOfKey({ key: 'Home', ctrlKey: false, metaKey: true })).toBe('gridStart')
  expect(stepOfKey({ key: 'a', ctrlKey: false, metaKey: false })).toBeNull()
})

test('only visible characters begin an edit', () => {
  const key = (name: string, more = {}) => ({
    key: name,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    ...more,
  })
  expect(isTypedCharacter(key('a'))).toBe(true)
  expect(isTypedCharacter(key('😀'))).toBe(true)
  expect(isTypedCharacter(key('F5'))).toBe(false)
  expect(isTypedCharacter(key('c', { ctrlKey: true }))).toBe(false)
  expect(isTypedCharacter(key('a', { isComposing: true }))).toBe(false)
})
