import { applyEdit } from '@shared/domain/apply-edit'
import { diffSchemas } from '@shared/domain/diff-schemas'
import { invertEdits } from '@shared/domain/invert-edit'
import { canonicalSchema } from '@shared/domain/same-schema'
import { schemaChanges } from '@shared/domain/schema-changes'
import type { DatabaseSchema } from '@shared/domain/schema-edit'
import { followNames, invertNames } from '@shared/domain/schema-names'
import { applyAll, settleEdits } from '@shared/domain/settle-edits'
import { usersTable } from '@shared/domain/users-table'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { choices, playChoices } from './random-schema'

const start: DatabaseSchema = {
  tables: [usersTable, { name: 'people', columns: [{ name: 'id', type: 'integer', primary_key: true }] }],
}
const some = fc.array(choices, { minLength: 5, maxLength: 40 })

test('thousands of random edits, applied and undone, give the identical schema', () => {
  let count = 0
  fc.assert(
    fc.property(some, (steps) => {
      const { edits, schema } = playChoices(start, steps)
      count += edits.length
      expect(canonicalSchema(applyAll(schema, invertEdits(start, edits)))).toEqual(canonicalSchema(start))
    }),
    { numRuns: 500, seed: 1 },
  )
  expect(count).toBeGreaterThan(4000)
})

test('the difference of any two schemas makes the one of the other, and the other of the one', () => {
  fc.assert(
    fc.property(some, some, (steps, more) => {
      const { schema: from } = playChoices(start, steps)
      const { schema: to, edits } = playChoices(from, more)
      const names = followNames(from, edits)
      for (const [left, right, known] of [
        [from, to, names],
        [to, from, invertNames(names)],
        [from, to, undefined],
        [to, from, undefined],
      ] as const) {
        const diff = diffSchemas(left, right, known)
        expect(canonicalSchema(applyAll(left, diff))).toEqual(canonicalSchema(right))
        const changes = schemaChanges(left, right, known)
        expect(changes.every(({ state }) => state === 'same')).toBe(diff.length === 0)
      }
    }),
    { numRuns: 300, seed: 2 },
  )
})

test('what the log knows to be renamed is renamed, never dropped and made again', () => {
  const edits = [
    { type: 'renameTable', table: 'people', name: 'crew' },
    { type: 'addColumn', table: 'crew', column: { name: 'nick', type: 'text' } },
    { type: 'renameColumn', table: 'crew', column: 'nick', name: 'alias' },
  ] as const
  const middle = applyEdit(start, edits[0])
  const before = applyEdit(middle, edits[1])
  const after = applyEdit(before, edits[2])
  expect(diffSchemas(before, after, followNames(before, [edits[2]]))).toEqual([edits[2]])
  expect(diffSchemas(start, after, followNames(start, edits))).toMatchObject([edits[0], { type: 'addColumn' }])
  const swapped = [
    { type: 'renameTable', table: 'crew', name: 'x' },
    { type: 'renameTable', table: 'users2', name: 'crew' },
    { type: 'renameTable', table: 'x', name: 'users2' },
  ] as const
  const two = applyEdit(after, { type: 'addTable', table: { name: 'users2', columns: [] } })
  const names = followNames(two, swapped)
  const diff = diffSchemas(two, applyAll(two, swapped), names)
  expect(diff.every(({ type }) => type === 'renameTable')).toBe(true)
  expect(canonicalSchema(applyAll(two, diff))).toEqual(canonicalSchema(applyAll(two, swapped)))
  expect(schemaChanges(before, after, followNames(before, [edits[2]]))[1]).toMatchObject({
    name: 'crew',
    state: 'changed',
    columns: [
      { name: 'id', state: 'same' },
      { name: 'alias', state: 'changed', was: 'nick' },
    ],
    words: ['Renames column "nick" of "crew" to "alias".'],
  })
})

test('edits that were written in any order come into one that works', () => {
  const circle = [
    {
      type: 'addTable',
      table: { name: 'a', columns: [{ name: 'b', type: 'uuid', references: { table: 'b', column: 'id' } }] },
    },
    {
      type: 'addTable',
      table: { name: 'b', columns: [{ name: 'a', type: 'uuid', references: { table: 'a', column: 'id' } }] },
    },
  ] as const
  const made = applyAll(start, settleEdits(start, circle))
  expect(made.tables.find(({ name }) => name === 'a')?.columns[1]).toMatchObject({ references: { table: 'b' } })
  const gone = settleEdits(made, [
    { type: 'dropTable', table: 'a' },
    { type: 'dropTable', table: 'b' },
  ])
  expect(applyAll(made, gone)).toEqual(start)
  expect(() => applyAll(made, settleEdits(made, [{ type: 'dropTable', table: 'a' }]))).toThrow(
    'Remove that reference first.',
  )
})
