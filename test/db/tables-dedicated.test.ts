import type { Table } from '@shared/contract/tables.contract'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { StoredTable } from '../../src/main/features/tables/stored-table'
import { asAdmin } from '../helpers/database'
import { makeDedicated } from '../helpers/dedicated'
import { createTestProject, type TestProject } from '../helpers/test-project'
import { failureOf } from '../helpers/test-studio'

/** What schema edits make of a relation in the dedicated tier; that records come out right is in tables-tiers.test.ts. */

let p: TestProject
let schemaName: string
beforeAll(async () => {
  p = await createTestProject()
  const [row] = await ask('select schema_name from studio.project_databases')
  schemaName = String(row?.schema_name)
})
afterAll(() => p.close())

const ask = (text: string, values: unknown[] = []) => asAdmin(p.studio.adminUrl, text, values)
type Edit = Parameters<ReturnType<typeof tables>['update']>[0]['edits'][number]
const tables = () => p.tenant.client.tables
const update = async (tableId: string, ...edits: Edit[]): Promise<Table> =>
  (await tables().update({ databaseId: p.databaseId, tableId, edits })).table
const insert = (table: string, columns: string, values: string) =>
  ask(`insert into "${schemaName}"."${table}" (${columns}) values ${values}`)

async function dedicated(name: string): Promise<string> {
  const table = await makeDedicated(p.studio, p.tenant.userId, p.databaseId, name)
  return relationOf(table)
}

function relationOf({ storage }: StoredTable): string {
  if (storage.tier !== 'dedicated') throw new Error('Not dedicated')
  return storage.relation
}

/** All that Postgres knows of the relation, its view for the app, and the typed view. */
async function shapeOf(relation: string, view: string) {
  const [shape] = await ask(
    `select
       (select json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef) order by a.attnum)
          from pg_attribute a where a.attrelid = d.oid and a.attnum > 0 and not a.attisdropped) as columns,
       (select json_agg(regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX \\w+ ON', 'INDEX ON') order by pg_get_indexdef(i.indexrelid) like 'CREATE UNIQUE%', i.indkey::text)
          from pg_index i where i.indrelid = d.oid and not i.indisprimary) as indexes,
       (select json_agg(a.attname order by a.attnum) from pg_attribute a
          where a.attrelid = ('studio_rows.' || $1::text)::regclass and a.attnum > 0 and not a.attisdropped) as rows,
       (select json_agg(a.attname order by a.attnum) from pg_attribute a
          where a.attrelid = to_regclass($2) and a.attnum > 0 and not a.attisdropped) as view,
       d.relfilenode as file
     from pg_class d where d.oid = ('studio_data.' || $1::text)::regclass`,
    [relation, `"${schemaName}"."${view}"`],
  )
  return shape
}

const own = [
  ['_id', 'uuid', true, false],
  ['_revision', 'integer', true, true],
  ['_created', 'timestamp with time zone', true, true],
  ['_updated', 'timestamp with time zone', true, true],
]
const ownNames = own.map(([name]) => name)

test('columns come, change and go', async () => {
  const id = await p.table('goods', [
    { name: 'code', type: 'varchar(10)', primary_key: true },
    { name: 'price', type: 'integer' },
    { name: 'note', type: 'text' },
  ])
  await insert('goods', 'code, price, note', `('a', 1, '10'), ('b', 2, null)`)
  const relation = await dedicated('goods')
  const before = await shapeOf(relation, 'goods')
  expect(before?.columns).toEqual([
    ...own,
    ['code', 'character varying(10)', true, false],
    ['price', 'integer', false, false],
    ['note', 'text', false, false],
  ])
  const table = 'goods'
  // A constant is kept beside the table: the same file, and no default stays.
  await update(
    id,
    { type: 'addColumn', table, column: { name: 'stock', type: 'integer', default: '5', required: true }, position: 0 },
    { type: 'addColumn', table, column: { name: 'tags', type: 'text[]', default: '{x,"y z"}' } },
    { type: 'addColumn', table, column: { name: 'meta', type: 'jsonb', default: '{"a": "it\'s"}' } },
    { type: 'addColumn', table, column: { name: 'since', type: 'interval', default: '1 day 2:00' } },
    { type: 'addColumn', table, column: { name: 'seen', type: 'timestamptz', default: 'now()' } },
  )
  const added = await shapeOf(relation, 'goods')
  expect(added?.file).toBe(before?.file)
  expect(added?.view).toEqual(['stock', 'code', 'price', 'note', 'tags', 'meta', 'since', 'seen'])
  expect(
    await ask(
      `select stock, tags, meta, since = '26 hours' as since, seen <= now() as seen from "${schemaName}".goods where code = 'b'`,
    ),
  ).toEqual([{ stock: 5, tags: ['x', 'y z'], meta: { a: "it's" }, since: true, seen: true }])
  await update(
    id,
    { type: 'changeType', table, column: 'note', to: 'integer' },
    { type: 'changeType', table, column: 'note', to: 'bigint' },
    { type: 'changeType', table, column: 'code', to: 'text' },
    { type: 'renameColumn', table, column: 'note', name: 'count' },
    { type: 'dropColumn', table, column: 'tags' },
    { type: 'dropColumn', table, column: 'meta' },
    { type: 'dropColumn', table, column: 'since' },
    { type: 'dropColumn', table, column: 'seen' },
    { type: 'addColumn', table, column: { name: 'tags', type: 'boolean' } },
  )
  const after = await shapeOf(relation, 'goods')
  expect(after?.columns).toEqual([
    ...own,
    ['price', 'integer', false, false],
    ['stock', 'integer', true, false],
    ['note', 'bigint', false, false],
    ['code', 'text', true, false],
    ['tags_2', 'boolean', false, false],
  ])
  expect(after?.rows).toEqual([...ownNames, 'price', 'stock', 'note', 'code', 'tags_2'])
  expect(after?.view).toEqual(['stock', 'code', 'price', 'count', 'tags'])
  expect(after?.indexes).toEqual([`CREATE UNIQUE INDEX ON studio_data.${relation} USING btree (code)`])
  expect(await ask(`select code, price, count::text from "${schemaName}".goods order by code`)).toEqual([
    { code: 'a', price: 1, count: '10' },
    { code: 'b', price: 2, count: null },
  ])
  await expect(insert('goods', 'code', `('a')`)).rejects.toMatchObject({ code: '23505' })
  expect(await p.column('goods', 'count')).toEqual(['10', null])
})

test('rules are indexes, and references have one that finds them', async () => {
  await p.table('halls', [{ name: 'name', type: 'text', unique: true }])
  const id = await p.table('seats', [
    { name: 'hall', type: 'text' },
    { name: 'place', type: 'integer', required: true },
  ])
  await insert('halls', 'name', `('A')`)
  await insert('seats', 'hall, place', `('A', 1), ('A', 2)`)
  const relation = await dedicated('seats')
  const table = 'seats'
  const indexes = async () => (await shapeOf(relation, 'seats'))?.indexes
  const index = (columns: string, unique = false) =>
    `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ON studio_data.${relation} USING btree (${columns})`
  expect(await indexes()).toBeNull()
  await update(
    id,
    {
      type: 'setReference',
      table,
      column: 'hall',
      references: { table: 'halls', column: 'name', on_delete: 'cascade' },
    },
    { type: 'setUnique', table, column: 'place', unique: true },
  )
  expect(await indexes()).toEqual([index('hall'), index('place', true)])
  // An index of the rule begins with the column, so the reference needs none of its own.
  await update(
    id,
    { type: 'addUnique', table, columns: ['hall', 'place'] },
    { type: 'setUnique', table, column: 'place', unique: false },
  )
  expect(await indexes()).toEqual([index('hall, place', true)])
  await expect(insert('seats', 'hall, place', `('A', 2)`)).rejects.toMatchObject({ code: '23505' })
  await expect(insert('seats', 'hall, place', `('B', 3)`)).rejects.toMatchObject({ code: '23503' })
  await update(id, { type: 'dropUnique', table, columns: ['hall', 'place'] })
  expect(await indexes()).toEqual([index('hall')])
  await update(id, { type: 'setRequired', table, column: 'place', required: false })
  await insert('seats', 'hall, place', `('A', null)`)
  expect(await failureOf(update(id, { type: 'setRequired', table, column: 'place', required: true }))).toMatchObject({
    code: 'CONSTRAINT',
    data: { constraint: 'required', affected: 1 },
  })
  await ask(`delete from "${schemaName}".halls`)
  expect(await ask(`select * from "${schemaName}".seats`)).toEqual([])
  await update(id, { type: 'setReference', table, column: 'hall', references: null })
  expect(await indexes()).toBeNull()
})

test('a preview leaves everything as it was, and so does an edit that is refused', async () => {
  const id = await p.table('plans', [
    { name: 'v', type: 'text', unique: true },
    { name: 'n', type: 'integer', default: '1' },
  ])
  await insert('plans', 'v', `('1'), ('01'), ('x')`)
  const relation = await dedicated('plans')
  const before = await shapeOf(relation, 'plans')
  const known = await ask(`select * from "${schemaName}".plans order by v`)
  const table = 'plans'
  const edits: Edit[] = [
    { type: 'renameTable', table, name: 'notes' },
    { type: 'dropColumn', table: 'notes', column: 'n' },
    { type: 'addColumn', table: 'notes', column: { name: 'token', type: 'uuid', default: 'gen_random_uuid()' } },
    { type: 'changeType', table: 'notes', column: 'v', to: 'integer', unfit: 'null' },
  ]
  const { effects } = await tables().preview({ databaseId: p.databaseId, tableId: id, edits })
  expect(effects.map(({ refused }) => refused)).toEqual([false, false, false, true])
  expect(effects[3]?.sentence).toContain('As integer: 1 value of column "v" of "notes" appears more than once: 1.')
  expect(await failureOf(update(id, ...edits))).toMatchObject({ code: 'CONSTRAINT', data: { constraint: 'unique' } })
  expect(await shapeOf(relation, 'plans')).toEqual(before)
  expect(await ask(`select * from "${schemaName}".plans order by v`)).toEqual(known)
})

test('values that are rounded or do not fit are told as in the shared tier', async () => {
  const id = await p.table('prices', [{ name: 'v', type: 'numeric' }])
  await insert('prices', 'v', `(1.255), (2.50), (1e30)`)
  await dedicated('prices')
  const edit: Edit = { type: 'changeType', table: 'prices', column: 'v', to: 'numeric(6,2)' }
  const { effects } = await tables().preview({ databaseId: p.databaseId, tableId: id, edits: [edit] })
  expect(effects[0]).toMatchObject({ refused: true, sentence: expect.stringContaining('1 of 3 values does not fit') })
  await update(id, { ...edit, unfit: 'null' })
  expect(await ask(`select v::text from "${schemaName}".prices order by v`)).toEqual([
    { v: '1.26' },
    { v: '2.50' },
    { v: null },
  ])
})

test('a table goes to the bin and comes back with its records', async () => {
  const tableId = await p.table('binned', [{ name: 'v', type: 'text', unique: true }])
  await insert('binned', 'v', `('x')`)
  const relation = await dedicated('binned')
  await tables().delete({ databaseId: p.databaseId, tableId })
  expect(await ask(`select to_regclass('"${schemaName}".binned') as view`)).toEqual([{ view: null }])
  const { table } = await tables().restore({ databaseId: p.databaseId, tableId })
  expect(table.record_estimate).toBe(1)
  expect((await shapeOf(relation, 'binned'))?.indexes).toHaveLength(1)
  await expect(insert('binned', 'v', `('x')`)).rejects.toMatchObject({ code: '23505' })
})

test('records are counted and weighed in both tiers', async () => {
  const id = await p.table('counted', [{ name: 'v', type: 'text' }])
  await insert('counted', 'v', `('x'), ('y')`)
  const before = await p.tenant.client.databases.get({ databaseId: p.databaseId })
  await dedicated('counted')
  const after = await p.tenant.client.databases.get({ databaseId: p.databaseId })
  expect(after.records).toEqual(before.records)
  expect(after.bytes).toBeGreaterThan(0)
  expect(after.tables.find((table) => table.id === id)?.record_estimate).toBe(2)
  expect((await tables().list({ databaseId: p.databaseId })).tables).toEqual(after.tables)
})

test('an edit does not wait for ever for an open transaction of SQL', async () => {
  const id = await p.table('held', [{ name: 'v', type: 'text' }])
  await dedicated('held')
  const client = new Client({ connectionString: p.studio.adminUrl })
  await client.connect()
  try {
    await client.query('begin')
    await client.query(`select * from "${schemaName}".held`)
    const add: Edit = { type: 'addColumn', table: 'held', column: { name: 'w', type: 'text' } }
    const refused = await failureOf(update(id, add))
    expect(refused).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('open SQL transaction') })
    await client.query('rollback')
    await update(id, add)
  } finally {
    await client.end()
  }
})

test('the app reaches the rows of its own tenant only', async () => {
  await p.table('closed', [{ name: 'v', type: 'text' }])
  await insert('closed', 'v', `('x')`)
  const relation = await dedicated('closed')
  const client = new Client({ connectionString: p.studio.appUrl })
  await client.connect()
  try {
    const tried = async (text: string) => {
      await client.query('savepoint s')
      const answer = await client.query(text).then(
        ({ rowCount }) => rowCount,
        (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
      )
      await client.query('rollback to savepoint s')
      return answer
    }
    const [project] = await ask(
      'select project_id, p.user_id from studio.project_databases d join studio.projects p on p.id = project_id',
    )
    const as = (account: unknown, id: unknown) =>
      client.query(`select set_config('studio.account_id', $1, true), set_config('studio.project_id', $2, true)`, [
        account,
        id,
      ])
    await client.query('begin')
    expect(await tried(`select from studio_data.${relation}`)).toBe('42501')
    expect(await tried(`select from studio_rows.${relation}`)).toBe('42501')
    await as(project?.user_id, project?.project_id)
    expect(await tried(`select from studio_rows.${relation}`)).toBe(1)
    expect(await tried(`insert into studio_rows.${relation} (_id, v) values (gen_random_uuid(), 'y')`)).toBe(1)
    // The project of somebody else: nothing is there, and nothing can be put there.
    await as('00000000-0000-4000-8000-000000000001', project?.project_id)
    expect(await tried(`select from studio_rows.${relation}`)).toBe(0)
    expect(await tried(`update studio_rows.${relation} set v = 'y'`)).toBe(0)
    expect(await tried(`insert into studio_rows.${relation} (_id, v) values (gen_random_uuid(), 'y')`)).toBe('44000')
    await client.query('rollback')
  } finally {
    await client.end()
  }
})

test('nothing here ended as an unknown failure', () => {
  expect(p.studio.log.filter((line) => line.includes('"level":50'))).toEqual([])
})
