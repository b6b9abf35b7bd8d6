import { labelColumn } from '@shared/domain/label-column'
import { usersTable } from '@shared/domain/users-table'
import { expect, test } from 'vitest'

const of = (...columns: readonly { name: string; type: string; unique?: boolean }[]) =>
  labelColumn({ name: 'things', columns })?.name ?? null

test.each([
  [of({ name: 'note', type: 'text' }, { name: 'code', type: 'varchar(9)', unique: true }), 'code'],
  [of({ name: 'note', type: 'text' }, { name: 'title', type: 'text' }), 'title'],
  [of({ name: 'tags', type: 'text[]' }, { name: 'note', type: 'text' }), 'note'],
  [of({ name: 'n', type: 'integer', unique: true }, { name: 'tags', type: 'text[]' }), null],
  [labelColumn(usersTable)?.name, 'email'],
  [labelColumn({ name: 'users', columns: [{ name: 'password_hash', type: 'text', unique: true }] }), null],
])('people know a record by its first text that is unique or well named: %s', (found, expected) => {
  expect(found).toBe(expected)
})
