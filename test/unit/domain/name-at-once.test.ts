import { nameAtOnce } from '@shared/domain/name-at-once'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import { expect, test } from 'vitest'

const made: SchemaEdit = { type: 'addTable', table: { name: 'new_table', columns: [{ name: 'title', type: 'text' }] } }

test('what is named right after it was made is made with that name', () => {
  const edits: SchemaEdit[] = [
    made,
    { type: 'renameTable', table: 'new_table', name: 'books' },
    { type: 'renameTable', table: 'books', name: 'novels' },
    { type: 'addColumn', table: 'novels', column: { name: 'number', type: 'integer' }, position: 0 },
    { type: 'renameColumn', table: 'novels', column: 'number', name: 'pages' },
  ]
  expect(nameAtOnce(edits)).toEqual([
    { type: 'addTable', table: { name: 'novels', columns: [{ name: 'title', type: 'text' }] } },
    { type: 'addColumn', table: 'novels', column: { name: 'pages', type: 'integer' }, position: 0 },
  ])
})

test('other names are changed where they were: a later one, that of something else, and of a table that refers to itself', () => {
  const self: SchemaEdit = {
    type: 'addTable',
    table: {
      name: 'parts',
      columns: [{ name: 'whole', type: 'uuid', references: { table: 'parts', column: 'id' } }],
    },
  }
  for (const edits of [
    [
      made,
      { type: 'setComment', table: 'new_table', comment: 'x' },
      { type: 'renameTable', table: 'new_table', name: 'books' },
    ],
    [made, { type: 'renameTable', table: 'orders', name: 'books' }],
    [made, { type: 'renameColumn', table: 'new_table', column: 'title', name: 'name' }],
    [self, { type: 'renameTable', table: 'parts', name: 'pieces' }],
  ] satisfies SchemaEdit[][])
    expect(nameAtOnce(edits)).toEqual(edits)
})
