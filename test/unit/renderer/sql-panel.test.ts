import { chartPoints, firstChoice } from '@renderer/features/sql-panel/chart-data'
import { complete, type SqlCatalogue } from '@renderer/features/sql-panel/complete'
import { rowsAs } from '@renderer/features/sql-panel/copy-rows'
import { type Draft, mergeDrafts } from '@renderer/features/sql-panel/draft-cache'
import { movedRange } from '@renderer/features/sql-panel/grid-range'
import { readPlan, suggestedIndex } from '@renderer/features/sql-panel/plan-tree'
import { queryTree } from '@renderer/features/sql-panel/query-tree'
import { describe, expect, test } from 'vitest'

const catalogue: SqlCatalogue = {
  tables: [
    {
      name: 'customers',
      columns: [
        { name: 'id', type: 'uuid' },
        { name: 'name', type: 'text' },
      ],
    },
    {
      name: 'order',
      columns: [
        { name: 'id', type: 'uuid' },
        { name: 'customer_id', type: 'uuid', references: { table: 'customers', column: 'id' } },
      ],
    },
  ],
  functions: [{ name: 'upper', takes: 'text', gives: 'text' }],
}

/** What is offered where `|` stands. */
function offered(text: string) {
  const at = text.indexOf('|')
  return complete(text.replace('|', ''), at, catalogue).suggestions
}
const labels = (text: string) => offered(text).map(({ label }) => label)

describe('completion', () => {
  test('offers tables after FROM, in quotes where their name is a word of SQL', () => {
    expect(offered('select * from |').map(({ insert }) => insert)).toEqual(['customers', '"order"'])
    expect(offered('select * from "o|').map(({ insert }) => insert)).toContain('"order"')
  })
  test('offers the columns of an alias, also one that is said later', () => {
    expect(labels('select c.| from customers c')).toEqual(['id', 'name'])
    expect(labels('select * from "order" o where o.|')).toEqual(['id', 'customer_id'])
  })
  test('offers whole joins and their conditions along references', () => {
    expect(labels('select * from customers c join |')[0]).toBe('"order" o on o.customer_id = c.id')
    expect(labels('select * from customers c join "order" o on |')[0]).toBe('o.customer_id = c.id')
  })
  test('says whose a column is that two tables have', () => {
    const all = labels('select | from customers c join "order" o on true')
    expect(all).toContain('c.id')
    expect(all).toContain('name')
    expect(all).not.toContain('id')
  })
  test('keeps capitals of keywords, and is silent in strings and comments', () => {
    expect(labels('select * from customers WH|')).toContain('WHERE')
    expect(labels('select * from customers wh|')).toContain('where')
    expect(labels("select 'from |'")).toEqual([])
    expect(labels('-- from |')).toEqual([])
  })
  test('knows what WITH gives', () => {
    expect(labels('with big as (select 1) select * from |')).toContain('big')
  })
})

test('rows are copied as other programs read them', () => {
  const rows = [
    ['a\tb', null, 1],
    ['x"y', "it's", 2],
  ]
  const names = ['one', 'two', 'three']
  const as = (form: Parameters<typeof rowsAs>[0]) => rowsAs(form, names, rows, { headers: true, table: 'things' })
  expect(as('tsv')).toBe('one\ttwo\tthree\n"a\tb"\t\t1\n"x""y"\tit\'s\t2')
  expect(as('csv')).toBe('one,two,three\r\na\tb,,1\r\n"x""y",it\'s,2')
  expect(as('insert')).toContain("('x\"y', 'it''s', 2);")
  expect(JSON.parse(as('json'))).toEqual([
    { one: 'a\tb', two: null, three: 1 },
    { one: 'x"y', two: "it's", three: 2 },
  ])
  expect(as('markdown').split('\n')[1]).toBe('| --- | --- | --- |')
})

test('of a draft the later edit counts, and one that was closed elsewhere is gone', () => {
  const draft = (id: string, more: Partial<Draft>): Draft => ({
    id,
    place: 1,
    name: id,
    text: '',
    queryId: null,
    outcomes: [],
    editedAt: 1,
    saved: true,
    known: true,
    ...more,
  })
  const local = {
    drafts: [
      draft('newer here', { editedAt: 3, text: 'mine' }),
      draft('newer there', { text: 'old' }),
      draft('closed elsewhere', {}),
      draft('never sent', { saved: false, known: false }),
    ],
    closed: ['closed here'],
    active: null,
  }
  const server = [
    draft('newer here', { editedAt: 2, text: 'theirs' }),
    draft('newer there', { editedAt: 2, text: 'new' }),
    draft('closed here', {}),
    draft('from another window', { place: 0 }),
  ]
  expect(mergeDrafts(local, server).map(({ id, text }) => [id, text])).toEqual([
    ['from another window', ''],
    ['newer here', 'mine'],
    ['newer there', 'new'],
    ['never sent', ''],
  ])
})

test('keys move and extend the range, within the result', () => {
  const start = { anchor: { row: 1, column: 1 }, cursor: { row: 1, column: 1 } }
  const size = { rows: 10, columns: 3, page: 4 }
  const move = (key: string, shift = false, mod = false) => movedRange(start, { key, shift, mod }, size)
  expect(move('ArrowDown', true)).toEqual({ anchor: start.anchor, cursor: { row: 2, column: 1 } })
  expect(move('ArrowDown', false, true)?.cursor).toEqual({ row: 9, column: 1 })
  expect(move('PageUp')?.cursor).toEqual({ row: 0, column: 1 })
  expect(move('x')).toBeNull()
})

test('a plan tells what takes most, and which index would spare it', () => {
  const scan = {
    'Node Type': 'Seq Scan',
    Table: 'orders',
    Columns: ['status'],
    'Plan Rows': 10,
    'Total Cost': 90,
    'Actual Total Time': 9,
    'Actual Rows': 10,
    'Actual Loops': 1,
    Filter: "(status = 'open')",
    'Rows Removed by Filter': 5000,
  }
  const plan = readPlan([
    {
      Plan: {
        'Node Type': 'Aggregate',
        'Plan Rows': 1,
        'Total Cost': 100,
        'Actual Total Time': 10,
        'Actual Rows': 1,
        'Actual Loops': 1,
        Plans: [scan],
      },
      'Planning Time': 0.1,
      'Execution Time': 10.2,
    },
  ])
  expect(plan).toMatchObject({ isMeasured: true, hot: { type: 'Seq Scan', own: 9, share: 0.9 } })
  expect(plan && suggestedIndex(plan.hot)).toEqual({ table: 'orders', columns: ['status'] })
  expect(plan && suggestedIndex(plan.root)).toBeNull()
  expect(readPlan([{ plain: 'text' }])).toBeNull()
})

test('a first chart is drawn over time, or over names', () => {
  const columns = [
    { name: 'day', type: 'date' },
    { name: 'total', type: 'numeric(10,2)' },
  ]
  expect(firstChoice(columns, 5)).toEqual({ kind: 'line', x: 0, y: [1] })
  expect(firstChoice([{ name: 'city', type: 'text' }, ...columns.slice(1)], 5)?.kind).toBe('bar')
  expect(firstChoice([{ name: 'city', type: 'text' }], 5)).toBeNull()
  expect(chartPoints([['2026-01-01', '1.50']], columns, { kind: 'line', x: 0, y: [1] })).toEqual([
    { x: '2026-01-01', s0: 1.5 },
  ])
  const latestFirst = [
    ['2026-03-01', '3'],
    [null, '0'],
    ['2026-01-01', '1'],
  ]
  const drawn = (kind: 'line' | 'bar') => chartPoints(latestFirst, columns, { kind, x: 0, y: [1] }).map(({ s0 }) => s0)
  expect(drawn('line')).toEqual([1, 3, 0])
  expect(drawn('bar')).toEqual([3, 0, 1])
})

test('saved queries stand in the folders of their paths', () => {
  const query = (folder: string, name: string) => ({ id: name, folder, name, text: '', updated_at: '' })
  const tree = queryTree([query('', 'a'), query('sales/2026', 'b'), query('sales', 'c')])
  expect(tree.queries.map(({ name }) => name)).toEqual(['a'])
  expect(tree.folders[0]).toMatchObject({ name: 'sales', queries: [{ name: 'c' }], folders: [{ path: 'sales/2026' }] })
})
