import { CellEdits, type SaveOutcome } from '@renderer/features/table-editor/cell-edits'
import { gridColumns } from '@renderer/features/table-editor/grid-column'
import { emptyDraft, putInput, readDraft } from '@renderer/features/table-editor/record-draft'
import { UndoSteps } from '@renderer/features/table-editor/undo-steps'
import type { TableRecord } from '@shared/contract/records.contract'
import { describe, expect, test } from 'vitest'

const id = '7d444840-9dc0-11d1-b245-5ffdce74fad2'
const record: TableRecord = { _id: id, _revision: 3, name: 'Ada', age: 36 }

describe('cells on their way', () => {
  test('saves of one record follow each other, each on the revision of the one before', async () => {
    const revisions: number[] = []
    const edits = new CellEdits(async ({ column, value, revision }) => {
      revisions.push(revision)
      return { ok: true, record: { ...record, _revision: revision + 1, [column]: value } }
    })
    const saves = Promise.all([
      edits.save({ record, column: 'name', value: 'Grace' }, 'Grace'),
      edits.save({ record, column: 'age', value: 37 }, '37'),
    ])
    expect(edits.of(id)?.get('name')).toEqual({ state: 'saving', value: 'Grace' })
    await saves
    expect(revisions).toEqual([3, 4])
    expect(edits.of(id)).toBeUndefined()
  })

  test('a refused value keeps the input and says why', async () => {
    const edits = new CellEdits(async () => ({ ok: false, reason: 'There is one already.', theirs: null }))
    expect(await edits.save({ record, column: 'name', value: 'Grace' }, 'Grace')).toBeNull()
    expect(edits.of(id)?.get('name')).toEqual({ state: 'failed', input: 'Grace', reason: 'There is one already.' })
    edits.clear(id, 'name')
    expect(edits.of(id)).toBeUndefined()
  })

  test('another column that changed is no conflict, the same cell is one', async () => {
    const answer = (theirs: TableRecord) => {
      let tries = 0
      return async ({ revision }: { revision: number }): Promise<SaveOutcome> =>
        tries++ === 0
          ? { ok: false, reason: 'It changed.', theirs }
          : { ok: true, record: { ...theirs, _revision: revision + 1, name: 'Grace' } }
    }
    const other = new CellEdits(answer({ ...record, _revision: 9, age: 99 }))
    expect(await other.save({ record, column: 'name', value: 'Grace' }, 'Grace')).toMatchObject({
      _revision: 10,
      age: 99,
    })
    const theirs = { ...record, _revision: 9, name: 'Theirs' }
    const same = new CellEdits(answer(theirs))
    expect(await same.save({ record, column: 'name', value: 'Grace' }, 'Grace')).toBeNull()
    expect(same.of(id)?.get('name')).toEqual({ state: 'conflict', mine: 'Grace', theirs })
  })
})

describe('a record that is being written', () => {
  const columns = gridColumns({
    name: 'people',
    columns: [
      { name: 'id', type: 'uuid', primary_key: true, default: 'gen_random_uuid()' },
      { name: 'name', type: 'text', required: true },
      { name: 'age', type: 'integer' },
      { name: 'updated_at', type: 'timestamptz', default: 'now()' },
    ],
  })

  test('sends only what was given, and defaults stay the server’s', () => {
    const draft = putInput(putInput(emptyDraft, 'name', 'Ada'), 'age', null)
    expect(readDraft(draft, columns)).toEqual({ ok: true, values: { name: 'Ada', age: null } })
  })

  test('says what is missing and what does not fit, and keeps both as typed', () => {
    const draft = putInput(emptyDraft, 'age', 'old')
    const read = readDraft(draft, columns)
    expect(!read.ok && [...read.problems]).toEqual([
      ['name', 'This is required.'],
      ['age', 'This is not a whole number.'],
    ])
    expect(draft.inputs.get('age')).toBe('old')
  })

  test('knows what cannot be edited', () => {
    expect(columns.map(({ name, fixed }) => [name, fixed !== null])).toEqual([
      ['id', true],
      ['name', false],
      ['age', false],
      ['updated_at', true],
    ])
  })
})

describe('steps to take back', () => {
  test('the newest first, each once', async () => {
    const undone: string[] = []
    const steps = new UndoSteps()
    for (const what of ['a', 'b']) steps.push({ what, undo: async () => void undone.push(what) })
    await steps.undo()
    await steps.undo()
    expect(await steps.undo()).toBeNull()
    expect(undone).toEqual(['b', 'a'])
  })

  test('one that fails can be tried again; one taken from its toast is not taken twice', async () => {
    const steps = new UndoSteps()
    let fails = true
    const step = {
      what: 'a',
      undo: async () => {
        if (fails) throw new Error('away')
      },
    }
    steps.push(step)
    await expect(steps.undo()).rejects.toThrow('away')
    fails = false
    await steps.undoStep(step)
    expect(await steps.undo()).toBeNull()
  })
})
