import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createJsonTablesSplitter, type TablePiece } from '../../../src/main/features/transfers/formats/json-tables'

function split(text: string, sizes: readonly number[]): readonly TablePiece[] | null {
  const splitter = createJsonTablesSplitter()
  const pieces: TablePiece[] = []
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    const found = splitter.push(text.slice(at, at + size))
    if (found === null) return null
    pieces.push(...found)
    at += size
  }
  const last = splitter.end()
  return last === null ? null : [...pieces, ...last]
}

const record = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }))
const tables = fc.dictionary(fc.string(), fc.array(record, { maxLength: 4 }), { minKeys: 1, maxKeys: 4 })
const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })

test('every record of every table comes out once, wherever the text is cut', () => {
  fc.assert(
    fc.property(tables, sizes, fc.constantFrom(0, 2), (given, cuts, indent) => {
      const pieces = split(JSON.stringify(given, null, indent), cuts)
      const found = (pieces ?? []).map(({ table, piece }) => [
        table,
        piece !== null && 'text' in piece ? JSON.parse(piece.text) : piece,
      ])
      const expected = Object.entries(JSON.parse(JSON.stringify(given))).flatMap(([table, records]) =>
        Array.isArray(records) ? [null, ...records].map((one) => [table, one]) : [],
      )
      expect(found).toEqual(expected)
    }),
  )
})

test('lines are counted over all lists, and what is no tables is told', () => {
  const pieces = split('{\n"a": [\n{},\n{}],\n\n"b":\n[{}]}', [3])
  expect(pieces?.flatMap(({ table, piece }) => (piece === null ? [] : [[table, piece.line]]))).toEqual([
    ['a', 3],
    ['a', 4],
    ['b', 7],
  ])
  for (const text of ['[{}]', '{"a": 1}', '{"a": [{}], "b": null}', '{"a": [{}]}\n{"a": []}', '{"a" [{}]}', 'x'])
    expect(split(text, [4])).toBeNull()
  expect(split('{"a": [{}]', [4])?.at(-1)?.piece).toMatchObject({ problem: expect.stringContaining('is missing') })
})
