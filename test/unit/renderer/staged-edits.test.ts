import { gridColumns } from '@renderer/features/table-editor/grid-column'
import {
  lacking,
  markConflicts,
  markRefused,
  planSave,
  settleSaved,
} from '@renderer/features/table-editor/staged/staged-batch'
import { StagedEdits } from '@renderer/features/table-editor/staged/staged-edits'
import {
  type CellChange,
  createRecords,
  deleteRecords,
  rebase,
  type StagedCells,
  type StagedPatch,
  type StagedRecord,
  setCells,
  settle,
} from '@renderer/features/table-editor/staged/staged-record'
import { stagedSql } from '@renderer/features/table-editor/staged/staged-sql'
import { readPatch, writePatch } from '@renderer/features/table-editor/staged/staged-text'
import type { TableRecord } from '@shared/contract/records.contract'
import type { JsonValue } from '@shared/json'
import { describe, expect, test } from 'vitest'

const id = '7d444840-9dc0-11d1-b245-5ffdce74fad2'
const ada: TableRecord = { _id: id, _revision: 3, name: 'Ada', age: 36, note: null }
const schema = {
  name: 'people',
  columns: [
    { name: 'name', type: 'text', required: true },
    { name: 'age', type: 'integer' },
    { name: 'note', type: 'text' },
  ],
}
const columns = gridColumns(schema)

const to = (column: string, value: JsonValue, target: TableRecord | string = ada): CellChange => ({
  target,
  column,
  to: { kind: 'value', value },
})
const none = () => undefined
const readIn = (patch: StagedPatch) => (key: string) => patch.get(key) ?? undefined
const cellsOf = (entry: StagedRecord | null | undefined) =>
  entry && entry.kind !== 'delete' ? Object.fromEntries(entry.cells) : entry
const typed = (values: { readonly [column: string]: JsonValue }): StagedCells =>
  new Map(Object.entries(values).map(([column, value]) => [column, { kind: 'value', value }]))

describe('what is staged', () => {
  test('a value set back to what it was leaves the queue', () => {
    const first = setCells(none, [to('age', 37), to('note', '')])
    expect(cellsOf(first.get(id))).toEqual({
      age: { kind: 'value', value: 37, base: 36 },
      note: { kind: 'value', value: '', base: null },
    })
    const second = setCells(readIn(first), [to('age', 36)])
    expect(cellsOf(second.get(id))).toEqual({ note: { kind: 'value', value: '', base: null } })
    expect(setCells(readIn(second), [to('note', null)]).get(id)).toBeNull()
  })

  test('the base stays the one of the first edit, also when the record is read anew', () => {
    const first = setCells(none, [to('age', 37)])
    const second = setCells(readIn(first), [to('age', 38, { ...ada, _revision: 4, age: 50 })])
    expect(cellsOf(second.get(id))).toEqual({ age: { kind: 'value', value: 38, base: 36 } })
  })

  test('a newer record: the same value leaves, another one is a conflict, other columns matter to nobody', () => {
    const staged = setCells(none, [to('age', 37), to('note', 'mine')])
    expect(rebase(readIn(staged), { ...ada, _revision: 4, name: 'Lovelace' })).toBeNull()
    const met = rebase(readIn(staged), { ...ada, _revision: 4, age: 37, note: 'theirs' })
    expect(cellsOf(met?.get(id))).toEqual({ note: { kind: 'conflict', value: 'mine', base: null, theirs: 'theirs' } })
    const mine = settle(readIn(met ?? new Map()), [{ id, column: 'note' }], 'mine')
    expect(cellsOf(mine.get(id))).toEqual({ note: { kind: 'value', value: 'mine', base: 'theirs' } })
    expect(settle(readIn(met ?? new Map()), [{ id, column: 'note' }], 'theirs').get(id)).toBeNull()
  })

  test('a deleted record takes no values; deleting a new one forgets it', () => {
    const gone = deleteRecords(none, [ada])
    expect(gone.get(id)).toMatchObject({ kind: 'delete', revision: 3, label: 'Ada' })
    expect(setCells(readIn(gone), [to('age', 1)]).size).toBe(0)
    const created = createRecords(1, [['new', typed({ name: 'Grace' })]])
    expect(deleteRecords(readIn(created), ['new']).get('new')).toBeNull()
  })

  test('counts follow every patch, and nothing is shown before it is kept', async () => {
    let keep: () => void = () => undefined
    const edits = new StagedEdits({ append: () => new Promise((done) => (keep = done)) })
    const applied = edits.apply(setCells(edits.latest, [to('age', 37), to('note', 'x')]))
    expect(edits.of(id)).toBeUndefined()
    expect(edits.latest(id)).toBeDefined()
    keep()
    await applied
    expect(edits.counts).toMatchObject({ cells: 2, changes: 2 })
    const again = edits.apply(deleteRecords(edits.latest, [ada]))
    keep()
    await again
    expect(edits.counts).toMatchObject({ cells: 0, deleted: 1, changes: 1 })
    const back = edits.apply(new Map([[id, null]]))
    keep()
    await back
    expect(edits.counts.changes).toBe(0)
  })

  test('is written down and read again, but for what is secret', () => {
    const patch: StagedPatch = new Map<string, StagedRecord | null>([
      ...setCells(none, [
        to('age', 37),
        { target: ada, column: 'note', to: { kind: 'unfit', input: 'x', reason: 'This is not.' } },
      ]),
      ...createRecords(4, [['new', typed({ name: 'Grace', password_hash: 'secret' })]]),
      ['gone', null],
    ])
    const read = readPatch(writePatch(patch, new Set(['password_hash'])))
    expect(cellsOf(read.get('new'))).toEqual({ name: { kind: 'value', value: 'Grace' } })
    expect(read.get(id)).toEqual(patch.get(id))
    expect(read.get('gone')).toBeNull()
    expect(readPatch('[["x",{"kind":"other"}]]').size).toBe(0)
  })
})

describe('what is sent', () => {
  const staged = (...entries: (StagedRecord | null)[]) => entries.filter((entry) => entry !== null)

  test('what fits goes, with its base; conflicts, misfits and unfinished records stay', () => {
    const update = setCells(none, [
      to('age', 37),
      { target: ada, column: 'note', to: { kind: 'unfit', input: 'x', reason: 'no' } },
    ]).get(id)
    const [whole, unfinished] = createRecords(1, [
      ['a', typed({ name: 'Grace' })],
      ['b', typed({ age: 3 })],
    ]).values()
    const { batches, incomplete } = planSave(staged(update ?? null, whole ?? null, unfinished ?? null), columns, {
      retry: true,
    })
    expect(batches).toEqual([
      {
        create: [{ record: { name: 'Grace' } }],
        update: [{ id, record: { age: 37 }, base: { age: 36 } }],
        delete: [],
        drafts: ['a'],
      },
    ])
    expect(incomplete).toEqual([{ id: 'b', column: 'name' }])
    expect(unfinished?.kind === 'create' && lacking(unfinished, columns)).toBe('name')
    expect(stagedSql(schema, columns, batches)).toBe(
      `begin;\nupdate people set age = 37 where _id = '${id}';\ninsert into people (name) values ('Grace');\ncommit;`,
    )
  })

  test('more than one call takes is sent in several', () => {
    const rows = Array.from({ length: 10_001 }, (_, index) => [`r${index}`, typed({ name: 'x' })] as const)
    const { batches } = planSave(staged(...createRecords(1, rows).values()), columns, { retry: true })
    expect(batches.map(({ create }) => create.length)).toEqual([10_000, 1])
  })

  test('after a save only what was edited meanwhile is left, on the value that was saved', () => {
    const before = setCells(none, [to('age', 37), to('note', 'a')])
    const { batches } = planSave(staged(before.get(id) ?? null), columns, { retry: true })
    const sent = batches[0]
    if (!sent) throw new Error('Nothing to send')
    const meanwhile = setCells(readIn(before), [to('note', 'b')])
    const answer = { created: [], records: [{ ...ada, _revision: 4, age: 37, note: 'a' }] }
    expect(settleSaved(readIn(before), sent, answer).get(id)).toBeNull()
    expect(cellsOf(settleSaved(readIn(meanwhile), sent, answer).get(id))).toEqual({
      note: { kind: 'value', value: 'b', base: 'a' },
    })
  })

  test('a new record that was edited or taken back while it was saved', () => {
    const created = createRecords(1, [['new', typed({ name: 'Grace' })]])
    const sent = { create: [{ record: { name: 'Grace' } }], update: [], delete: [], drafts: ['new'] }
    const answer = { created: [id], records: [{ ...ada, name: 'Grace' }] }
    expect([...settleSaved(readIn(created), sent, answer)]).toEqual([['new', null]])
    const edited = setCells(readIn(created), [to('age', 85, 'new')])
    const left = settleSaved(readIn(edited), sent, answer)
    expect(left.get('new')).toBeNull()
    expect(cellsOf(left.get(id))).toEqual({ age: { kind: 'value', value: 85, base: 36 } })
    expect(settleSaved(none, sent, answer).get(id)).toMatchObject({ kind: 'delete', id })
  })

  test('a refusal is marked where it belongs', () => {
    const before = setCells(none, [to('age', 37), to('note', 'a')])
    const conflict = { id, kind: 'field', column: 'age', base: 36, mine: 37, theirs: 40, by: 'bob' } as const
    expect(cellsOf(markConflicts(readIn(before), [conflict]).get(id))).toMatchObject({
      age: { kind: 'conflict', value: 37, theirs: 40, by: 'bob' },
      note: { kind: 'value' },
    })
    const sent = { create: [], update: [], delete: [], drafts: [] }
    const refused = markRefused(readIn(before), sent, { list: 'update', id, column: 'note' }, 'Too long.')
    expect(cellsOf(refused?.get(id))).toMatchObject({ note: { problem: 'Too long.' } })
    expect(markRefused(readIn(before), sent, undefined, 'x')).toBeNull()
  })
})
