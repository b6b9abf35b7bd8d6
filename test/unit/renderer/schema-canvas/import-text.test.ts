import { isDbml } from '@renderer/features/schema-canvas/import-text'
import { pasteEdits } from '@renderer/features/schema-canvas/paste-edits'
import { applyAll } from '@shared/domain/settle-edits'
import { usersTable } from '@shared/domain/users-table'
import { expect, test } from 'vitest'

test.each([
  ['Table users {\n id int\n}', true],
  ["// all\nProject shop { note: 'x' }\nTable public.\"Order Lines\" as L [note: 'x'] { id int }", true],
  ['create table users (id int);', false],
  ['alter table users add column x int;\n-- Table users (\n', false],
  ['TABLE users;', false],
])('%j is told apart', (text, expected) => {
  expect(isDbml(text)).toBe(expected)
})

test('what is pasted takes free names, refers to its own, and cuts what leads nowhere', () => {
  const here = [usersTable, { name: 'a', columns: [{ name: 'id', type: 'integer', primary_key: true }] }]
  const pasted = [
    {
      name: 'b',
      columns: [
        { name: 'id', type: 'integer', primary_key: true },
        { name: 'a_id', type: 'integer', references: { table: 'a', column: 'id' } },
        { name: 'lost', type: 'integer', references: { table: 'nowhere', column: 'id' } },
        { name: 'user', type: 'uuid', references: { table: 'users', column: 'id' } },
      ],
    },
    { name: 'a', columns: [{ name: 'id', type: 'integer', primary_key: true }] },
  ]
  const { edits, cut } = pasteEdits(here, pasted)
  expect(cut).toBe(1)
  const after = applyAll({ tables: here }, edits)
  expect(after.tables.map(({ name }) => name)).toEqual(['users', 'a', 'b', 'a_2'])
  expect(after.tables[2]?.columns.map(({ references }) => references?.table)).toEqual([
    undefined,
    'a_2',
    undefined,
    'users',
  ])
})
