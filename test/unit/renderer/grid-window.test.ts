import {
  blockOrigin,
  canvasHeight,
  columnEdges,
  layerOffset,
  scrollToColumn,
  scrollTopFor,
  scrollToRow,
  virtualTop,
  visibleColumns,
  visibleRows,
} from '@renderer/features/table-editor/grid-window'
import { describe, expect, test } from 'vitest'

const hundredThousand = { rows: 100_000, rowHeight: 32, viewport: 640 }
const threeMillion = { rows: 3_000_000, rowHeight: 32, viewport: 640 }

describe('rows', () => {
  test('the window holds what is on screen and a little more', () => {
    const span = visibleRows(hundredThousand, 32_000, 8)
    expect(span.first).toBeLessThanOrEqual(992)
    expect(span.end).toBeGreaterThanOrEqual(1028)
    expect(span.end - span.first).toBeLessThan(60)
  })

  test('a step of a few pixels needs no new window', () => {
    expect(visibleRows(hundredThousand, 32_000, 8)).toEqual(visibleRows(hundredThousand, 32_020, 8))
  })

  test('never reaches outside the table', () => {
    expect(visibleRows(hundredThousand, 0, 8).first).toBe(0)
    expect(visibleRows(hundredThousand, 3_199_360, 8).end).toBe(100_000)
    expect(visibleRows({ ...hundredThousand, rows: 0 }, 0, 8)).toEqual({ first: 0, end: 0 })
  })

  test('scrolls as little as a row needs', () => {
    expect(scrollToRow(hundredThousand, 3200, 105)).toBe(3200)
    expect(scrollToRow(hundredThousand, 3200, 50)).toBe(1600)
    expect(scrollToRow(hundredThousand, 3200, 200)).toBe(201 * 32 - 640)
  })
})

describe('a canvas taller than a browser can lay out', () => {
  test('is scaled, and its ends are the ends of the table', () => {
    expect(canvasHeight(threeMillion)).toBeLessThan(33_554_428)
    expect(virtualTop(threeMillion, 0)).toBe(0)
    const bottom = canvasHeight(threeMillion) - threeMillion.viewport
    expect(virtualTop(threeMillion, bottom)).toBeCloseTo(3_000_000 * 32 - 640)
    expect(visibleRows(threeMillion, bottom, 8).end).toBe(3_000_000)
  })

  test('every row can be brought into view', () => {
    for (const row of [0, 1, 1_234_567, 2_999_999]) {
      const top = virtualTop(threeMillion, scrollToRow(threeMillion, 0, row))
      expect(row * 32).toBeGreaterThanOrEqual(Math.floor(top))
      expect(row * 32 + 32).toBeLessThanOrEqual(Math.ceil(top) + 640)
    }
  })

  test('rows are drawn where the viewport is, at small positions', () => {
    const scrollTop = scrollTopFor(threeMillion, 2_000_000 * 32)
    const span = visibleRows(threeMillion, scrollTop, 8)
    const origin = blockOrigin(threeMillion, span)
    const place = 2_000_000 * 32 - origin
    expect(place).toBeLessThan(50_100 * 32)
    expect(place + layerOffset(threeMillion, origin, scrollTop)).toBeCloseTo(scrollTop, 0)
  })
})

describe('columns', () => {
  const edges = columnEdges([100, 200, 50, 300])

  test('edges end in the whole width', () => expect(edges).toEqual([0, 100, 300, 350, 650]))

  test('those that touch the viewport are drawn', () => {
    expect(visibleColumns(edges, 0, 120, 0)).toEqual({ first: 0, end: 2 })
    expect(visibleColumns(edges, 310, 20, 0)).toEqual({ first: 2, end: 3 })
    expect(visibleColumns(edges, 310, 20, 1)).toEqual({ first: 1, end: 4 })
    expect(visibleColumns([0], 0, 500, 1)).toEqual({ first: 0, end: 0 })
  })

  test('a column comes into view from either side, a wide one by its left edge', () => {
    expect(scrollToColumn(edges, 0, 200, 2)).toBe(150)
    expect(scrollToColumn(edges, 310, 200, 0)).toBe(0)
    expect(scrollToColumn(edges, 0, 200, 3)).toBe(350)
    expect(scrollToColumn(edges, 100, 300, 2)).toBe(100)
  })
})
