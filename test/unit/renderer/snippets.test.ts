import { exampleRecord, snippet } from '@renderer/features/overview/snippets'
import { recordsContract } from '@shared/contract/records.contract'
import { table as tableSchema } from '@shared/contract/tables.contract'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { usersTable } from '@shared/domain/users-table'
import { expect, test } from 'vitest'

const id = '0198f1a2-0000-7000-8000-000000000001'

function tableOf(name: string, columns: readonly ColumnSchema[]) {
  return tableSchema.parse({
    id,
    table_name: name,
    schema_json: { name, columns },
    record_estimate: 0,
    created_at: '',
    updated_at: '',
  })
}

test('an example holds what a new record must have', () => {
  expect(exampleRecord(tableOf('users', usersTable.columns))).toEqual({
    email: 'ada@example.com',
    password_hash: 'text',
  })
})

test('where nothing is required, it holds the first columns; arrays are arrays', () => {
  const columns = [
    { name: 'id', type: 'uuid', primary_key: true, default: 'gen_random_uuid()' },
    { name: 'tags', type: 'text[]' },
    { name: 'total', type: 'numeric(10,2)' },
    { name: 'note', type: 'text' },
  ]
  expect(exampleRecord(tableOf('orders', columns))).toEqual({ tags: ['text'], total: '9.90' })
})

test.each(['query', 'create'] as const)('the body of the %s call is what the contract takes', (kind) => {
  const table = tableOf('users', usersTable.columns)
  const text = snippet(kind, { apiUrl: 'http://127.0.0.1:4000', databaseId: id, table })
  const body: unknown = JSON.parse(/-d '(.*)'$/s.exec(text)?.[1] ?? '')
  const schema = recordsContract[kind]['~orpc'].inputSchema
  expect(schema?.parse({ databaseId: id, ...Object(body) })).toMatchObject({ tableName: 'users' })
  expect(text).toContain(`http://127.0.0.1:4000/api/database/${id}/records/${kind}`)
})
