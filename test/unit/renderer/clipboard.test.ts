import { readBlock, writeBlock } from '@renderer/features/table-editor/clipboard/block-text'
import { copyText } from '@renderer/features/table-editor/clipboard/copy-formats'
import { readOwn, writeOwn } from '@renderer/features/table-editor/clipboard/own-format'
import { landingOf, pasteBlock, pasteInput } from '@renderer/features/table-editor/clipboard/paste-block'
import { type GridColumn, gridColumns } from '@renderer/features/table-editor/grid-column'
import { filledCells } from '@renderer/features/table-editor/grid-range-edits'
import type { GridSubject } from '@renderer/features/table-editor/grid-subject'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const columns = gridColumns({
  name: 'people',
  columns: [
    { name: 'name', type: 'text', required: true },
    { name: 'age', type: 'integer' },
    { name: 'note', type: 'text' },
    { name: 'doc', type: 'jsonb' },
  ],
})
const column = (name: string): GridColumn => {
  const found = columns.find((one) => one.name === name)
  if (!found) throw new Error(`No column ${name}`)
  return found
}
const texts = (text: string) =>
  readBlock(text).map((row) => row.map((cell) => (cell.kind === 'text' ? cell.text : null)))

describe('text of a block', () => {
  test('as Excel and Google Sheets write it', () => {
    expect(texts('a\tb\r\nc\td\r\n')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    expect(texts('"two\nlines"\t"a ""quote"""\n\tend')).toEqual([
      ['two\nlines', 'a "quote"'],
      ['', 'end'],
    ])
    expect(texts('5" pipe\t"open')).toEqual([['5" pipe', '"open']])
    expect(texts('a\t')).toEqual([['a', '']])
  })

  test('as CSV only where every line has as many cells', () => {
    expect(texts('name,age\n"Lovelace, Ada",36')).toEqual([
      ['name', 'age'],
      ['Lovelace, Ada', '36'],
    ])
    expect(texts('Dear all, hello')).toEqual([['Dear all, hello']])
    expect(texts('one, two\nthree')).toEqual([['one, two'], ['three']])
    expect(texts('plain')).toEqual([['plain']])
  })

  test('what is written is read again', () => {
    const cell = fc.oneof(fc.constant(null), fc.string(), fc.constantFrom('', '"', 'a\tb', 'a\nb', '\r\n', 'x"y'))
    const block = fc
      .integer({ min: 2, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }),
      )
    fc.assert(
      fc.property(block, (rows) => {
        const read = readBlock(writeBlock(rows))
        expect(
          read.map((row) =>
            row.map((one) => (one.kind === 'text' && (one.quoted || one.text !== '') ? one.text : null)),
          ),
        ).toEqual(rows)
      }),
    )
  })
})

describe('pasting', () => {
  const plain = (text: string, quoted = false) => ({ kind: 'text', text, quoted }) as const

  test('values are read by the type of their column, and numbers as sheets show them', () => {
    expect(pasteInput(column('age'), plain('1,234'))).toEqual({ kind: 'value', value: 1234 })
    expect(pasteInput(column('age'), plain(''))).toEqual({ kind: 'value', value: null })
    expect(pasteInput(column('age'), plain('many'))).toMatchObject({ kind: 'unfit', input: 'many' })
    expect(pasteInput(column('note'), plain(''))).toEqual({ kind: 'value', value: null })
    expect(pasteInput(column('note'), plain('', true))).toEqual({ kind: 'value', value: '' })
    expect(pasteInput(column('name'), plain(''))).toEqual({ kind: 'value', value: '' })
    expect(pasteInput(column('doc'), { kind: 'value', value: { a: [1] } })).toEqual({
      kind: 'value',
      value: { a: [1] },
    })
    expect(pasteInput(column('note'), { kind: 'value', value: 12 })).toEqual({ kind: 'value', value: '12' })
  })

  test('one cell fills the range, and a block is repeated where it fits', () => {
    const at = { rows: { first: 2, end: 6 }, columns: { first: 0, end: 2 } }
    expect(landingOf([[plain('x')]], at)).toEqual(at)
    expect(
      landingOf(
        [
          [plain('a'), plain('b')],
          [plain('c'), plain('d')],
        ],
        at,
      ),
    ).toEqual(at)
    expect(landingOf([[plain('a')], [plain('b')], [plain('c')]], at)).toEqual({
      rows: { first: 2, end: 5 },
      columns: { first: 0, end: 1 },
    })
  })

  test('rows past the end are new records, bad cells are kept, columns past the last are left out', () => {
    const record = { _id: 'r', _revision: 1, name: 'Ada', age: 36, note: null, doc: null }
    const there: GridSubject = { kind: 'record', id: 'r', record, staged: undefined }
    const block = readBlock('x\ty\tz\n5\t6\t7')
    const landing = landingOf(block, { rows: { first: 0, end: 1 }, columns: { first: 1, end: 2 } })
    const pasted = pasteBlock(block, landing, columns.slice(0, 3), [there])
    expect(pasted).toMatchObject({ cells: 4, unfit: 1, left: 2 })
    expect(pasted.changes[0]).toMatchObject({ column: 'age', to: { kind: 'unfit', input: 'x' } })
    expect(pasted.rows.map((cells) => Object.fromEntries(cells))).toMatchObject([
      { age: { value: 5 }, note: { value: '6' } },
    ])
  })

  test('a fill repeats its sources', () => {
    const subject = (key: string, age: number): GridSubject => ({
      kind: 'record',
      id: key,
      record: { _id: key, _revision: 1, name: key, age, note: null, doc: null },
      staged: undefined,
    })
    const filled = filledCells(
      [column('age')],
      [subject('a', 1), subject('b', 2)],
      ['c', 'd', 'e'].map((key) => subject(key, 0)),
    )
    expect(filled.map(({ to }) => (to.kind === 'value' ? to.value : null))).toEqual([1, 2, 1])
  })
})

describe('copying', () => {
  const copied = {
    tableName: 'people',
    columns: columns.slice(0, 3),
    rows: [
      ['Ada', 36, null],
      ['O\'Neil, "Tip"', null, 'a|b'],
    ],
  } as const

  test('as CSV, JSON, Markdown, SQL and TypeScript', () => {
    expect(copyText('csv', copied)).toBe('name,age,note\nAda,36,\n"O\'Neil, ""Tip""",,a|b')
    expect(JSON.parse(copyText('json', copied))[1]).toEqual({ name: 'O\'Neil, "Tip"', age: null, note: 'a|b' })
    expect(copyText('markdown', copied)).toContain('| --- | ---: | --- |\n| Ada | 36 |  |')
    expect(copyText('markdown', copied)).toContain('a\\|b')
    expect(copyText('sql', copied)).toBe(
      "insert into people (name, age, note) values\n  ('Ada', 36, null),\n  ('O''Neil, \"Tip\"', null, 'a|b');",
    )
    expect(copyText('typescript', copied)).toContain('interface People {\n  name: string\n  age: number | null\n')
  })

  test('values come back as they were', () => {
    expect(readOwn(writeOwn([[null, '', { a: 1 }]]))).toEqual([
      [
        { kind: 'value', value: null },
        { kind: 'value', value: '' },
        { kind: 'value', value: { a: 1 } },
      ],
    ])
    expect(readOwn('nonsense')).toBeNull()
  })
})
