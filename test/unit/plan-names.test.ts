import { expect, test } from 'vitest'
import { withTableNames } from '../../src/main/features/sql-panel/plan-names'
import { firstLayout } from '../../src/main/features/tables/layout'

const project = '99239d27-b4dd-446d-b111-af323240b6eb'
const id = '0bee3231-81c7-4250-bb10-36e52dcb87db'
const schema = { name: 'orders', columns: [{ name: 'number', type: 'text' }], timestamps: false }
const orders = {
  id,
  schema,
  layout: firstLayout(schema),
  storage: { tier: 'shared' },
  created_at: '',
  updated_at: '',
} as const
const own = `(project_id = '${project}'::uuid) AND (table_id = '${id}'::uuid)`

function step(conditions: { readonly [name: string]: string }) {
  return withTableNames({ 'Relation Name': 'project_data', ...conditions }, [orders])
}

test('a plan names tables and columns as their makers do, and no part of the store', () => {
  expect(step({ Filter: `(${own} AND ((data ->> 'number'::text) = 'HR-20500'::text))` })).toMatchObject({
    Table: 'orders',
    Columns: ['number'],
    Filter: "(number = 'HR-20500'::text)",
  })
  expect(step({ Filter: `(((data ->> 'number'::text) ~~ '%)%'::text) AND ${own})` })).toMatchObject({
    Filter: expect.stringMatching(/^\(+number ~~ '%\)%'::text\)+$/),
  })
  const bare = step({ 'Index Cond': `(${own})`, Filter: "((data ->> 'number'::text) = 'a'::text)" })
  expect(bare).toMatchObject({ Table: 'orders', Filter: "(number = 'a'::text)" })
  expect(bare).not.toHaveProperty('Index Cond')
})
