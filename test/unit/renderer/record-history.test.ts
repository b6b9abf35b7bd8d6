import { changedSince } from '@renderer/features/changes/changed-since'
import { differenceTo } from '@renderer/features/changes/version-difference'
import type { RecordChange } from '@shared/contract/changes.contract'
import type { JsonValue } from '@shared/json'
import { describe, expect, test } from 'vitest'

type Fields = { readonly [column: string]: readonly [before: JsonValue, after: JsonValue] }

const change = (op: RecordChange['op'], fields: Fields): RecordChange => ({
  id: '1',
  at: '2026-01-31T09:30:00Z',
  actor: 'ada@example.com',
  operation: '7d444840-9dc0-41d1-b245-5ffdce74fad2',
  op,
  revision: 1,
  fields: Object.entries(fields).map(([column, [before, after]]) => ({ column, before, after })),
})

const created = change('insert', { name: [null, 'Ada'], age: [null, 36] })

describe('what restoring a version changes', () => {
  test('nothing, when it is the version of now', () => {
    expect(differenceTo([change('update', { age: [36, 37] }), created], 0)).toEqual({ kind: 'none' })
  })

  test('each field from its value now to its value then, over all changes in between', () => {
    const changes = [
      change('update', { age: [38, 39] }),
      change('update', { age: [36, 38], name: ['Ada', 'Ada L.'] }),
      created,
    ]
    expect(differenceTo(changes, 2)).toEqual({
      kind: 'fields',
      fields: [
        { column: 'age', before: 39, after: 36 },
        { column: 'name', before: 'Ada L.', after: 'Ada' },
      ],
    })
  })

  test('fields that came back to what they were are left out', () => {
    const back = [change('update', { age: [37, 36] }), change('update', { age: [36, 37] }), created]
    expect(differenceTo(back, 2)).toEqual({ kind: 'none' })
    const json = [
      change('update', { meta: [{ a: [1] }, null] }),
      change('update', { meta: [null, { a: [1] }] }),
      created,
    ]
    expect(differenceTo(json, 2)).toEqual({ kind: 'none' })
  })

  test('a deleted record comes back with all its values', () => {
    const changes = [
      change('delete', { name: ['Ada', null], age: [37, null] }),
      change('update', { age: [36, 37] }),
      created,
    ]
    expect(differenceTo(changes, 1)).toEqual({
      kind: 'bringBack',
      fields: [
        { column: 'name', before: null, after: 'Ada' },
        { column: 'age', before: null, after: 37 },
      ],
    })
    expect(differenceTo(changes, 2)).toMatchObject({ fields: [{ after: 'Ada' }, { after: 36 }] })
  })

  test('a record that was deleted and is back again differs only by its fields', () => {
    const changes = [
      change('insert', { name: [null, 'Ada'], age: [null, 37] }),
      change('delete', { name: ['Ada', null], age: [36, null] }),
      created,
    ]
    expect(differenceTo(changes, 2)).toEqual({ kind: 'fields', fields: [{ column: 'age', before: 37, after: 36 }] })
  })
})

describe('records that changed since', () => {
  const conflict = (details: unknown) => ({ code: 'CONFLICT', message: 'Some were changed since.', details }) as const

  test('are told by an undo that was refused for them', () => {
    const records = [{ table: 'people', id: 'a' }]
    expect(changedSince(conflict({ records }))).toEqual({ records, count: 1 })
    expect(changedSince(conflict({ records, count: 4000 }))).toEqual({ records, count: 4000 })
  })

  test('are not there when it failed for another reason', () => {
    expect(changedSince(conflict({ expected: 3 }))).toBeNull()
    expect(changedSince({ code: 'NOT_FOUND', message: 'It is forgotten.', details: { records: [] } })).toBeNull()
  })
})
