import { neighboursOf, placeTables } from '@renderer/features/schema-canvas/place-tables'
import { overlaps, tableBox } from '@renderer/features/schema-canvas/table-geometry'
import type { TableSchema } from '@shared/domain/table-schema'
import { expect, it } from 'vitest'

const plain = (name: string, ...to: string[]): TableSchema => ({
  name,
  columns: [
    { name: 'id', type: 'uuid', primary_key: true },
    ...to.map((table) => ({ name: `${table}_id`, type: 'uuid', references: { table, column: 'id' } })),
  ],
})

it('lays nothing over anything, and what is there stays', () => {
  const tables = [plain('a'), ...Array.from({ length: 60 }, (_, index) => plain(`t${index}`, index % 2 ? 'a' : 't0'))]
  const places = { a: { x: 100, y: 100 } }
  const found = placeTables(tables, places)
  expect(found).not.toHaveProperty('a')
  const boxes = tables.map((table) => tableBox({ ...places, ...found }[table.name] ?? { x: 0, y: 0 }, table))
  for (const [index, box] of boxes.entries())
    expect(boxes.slice(index + 1).filter((other) => overlaps(box, other))).toEqual([])
})

it('lays a table beside those it belongs to', () => {
  const tables = [plain('far'), plain('near'), plain('more', 'near')]
  const found = placeTables(tables, { far: { x: 0, y: 0 }, near: { x: 3000, y: 2000 } })
  expect(Math.abs((found.more?.x ?? 0) - 3000)).toBeLessThan(600)
  expect(Math.abs((found.more?.y ?? 0) - 2000)).toBeLessThan(300)
})

it('knows the neighbours in either direction', () => {
  const tables = [plain('a', 'b'), plain('b', 'b'), plain('c', 'b')]
  expect(neighboursOf(tables[1] ?? plain(''), tables)).toEqual(['a', 'c'])
})
