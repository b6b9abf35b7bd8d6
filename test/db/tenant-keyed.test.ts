import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asAdmin } from '../helpers/database'
import { makeDedicated } from '../helpers/dedicated'
import { createTestProject, type TestProject } from '../helpers/test-project'

/**
 * Whether the tables could be distributed by project (Citus), as far as a plain Postgres can tell: what Citus refuses
 * of a table is in its own create_distributed_table.c, foreign_constraint.c and table.c.
 */

/** Small, and looked up by other keys than the project: on every node as a whole ("reference tables"), or on one. */
const whole = [
  'users',
  'projects',
  'project_databases',
  'sessions',
  'account_audit',
  'migrations',
  'login_secret',
  'notice_secret',
  'sql_logins',
  'assistant_settings',
  'rate_limits',
]

let project: TestProject
let relation: string

beforeAll(async () => {
  project = await createTestProject()
  const { studio, tenant, databaseId } = project
  await project.table('authors', [{ name: 'name', type: 'text', unique: true }])
  await project.table('books', [
    { name: 'title', type: 'text', required: true },
    { name: 'price', type: 'numeric(10,2)' },
    { name: 'author', type: 'text', references: { table: 'authors', column: 'name' } },
  ])
  await project.create('authors', { name: 'Ada' })
  for (let n = 0; n < 20; n++) await project.create('books', { title: `Book ${n}`, price: `${n}.5`, author: 'Ada' })
  const options = { distributed: true }
  await makeDedicated(studio, tenant.userId, databaseId, 'authors', options)
  const { storage } = await makeDedicated(studio, tenant.userId, databaseId, 'books', options)
  relation = storage.tier === 'dedicated' ? storage.relation : ''
})

afterAll(() => project.close())

const ask = (text: string, values: readonly unknown[] = []) => asAdmin(project.studio.adminUrl, text, values)

/** Tables of tenant data with the column that they would be distributed by. */
const distributedSql = `with distributed as (
  select c.oid, c.relname, a.attname, a.attnum from pg_class c
  join pg_attribute a on a.attrelid = c.oid
    and a.attname = case c.relnamespace::regnamespace::text when 'studio' then 'project_id' else '_project' end
  where c.relkind in ('r', 'p') and c.relnamespace in ('studio'::regnamespace, 'studio_data'::regnamespace)
    and not c.relname = any($1)
)`

test('every table is one of tenant data, or one that is named here', async () => {
  const rows = await ask(
    `${distributedSql} select c.relname from pg_class c
     where c.relkind in ('r', 'p') and c.relnamespace in ('studio'::regnamespace, 'studio_data'::regnamespace)
       and not c.relname = any($1) and c.oid not in (select oid from distributed)`,
    [whole],
  )
  expect(rows).toEqual([])
})

test('the project leads every key', async () => {
  const rows = await ask(
    `${distributedSql} select d.relname, i.indexrelid::regclass::text as index from distributed d
     join pg_index i on i.indrelid = d.oid and (i.indisunique or i.indisprimary) and i.indkey[0] <> d.attnum`,
    [whole],
  )
  expect(rows).toEqual([])
  const [counted] = await ask(
    `${distributedSql} select count(*)::int as n from distributed d join pg_index i on i.indrelid = d.oid and i.indisunique`,
    [whole],
  )
  expect(counted?.n).toBeGreaterThan(8)
})

test('a reference stays within the project, or leads to a table that is everywhere', async () => {
  const rows = await ask(
    `${distributedSql} select f.conname, f.conrelid::regclass::text as from, f.confrelid::regclass::text as to
     from pg_constraint f
     left join distributed a on a.oid = f.conrelid
     left join distributed b on b.oid = f.confrelid
     where f.contype = 'f' and b.oid is not null
       and (a.oid is null or f.conkey[1] <> a.attnum or f.confkey[1] <> b.attnum)`,
    [whole],
  )
  expect(rows).toEqual([])
})

test('no storage table has a trigger of ours, or a rule', async () => {
  const rows = await ask(
    `${distributedSql} select d.relname from distributed d
     where exists (select from pg_trigger t where t.tgrelid = d.oid and not t.tgisinternal)
       or exists (select from pg_rewrite r where r.ev_class = d.oid)`,
    [whole],
  )
  expect(rows).toEqual([])
})

test('a policy asks nothing that a node could not answer by itself, but for who the tenant is', async () => {
  const policies = await ask(
    `${distributedSql} select polname, pg_get_expr(polqual, polrelid) as using, pg_get_expr(polwithcheck, polrelid) as checks
     from pg_policy p join distributed d on d.oid = p.polrelid`,
    [whole],
  )
  const tenant = '(project_id = ( SELECT studio.current_project() AS current_project))'
  const person = `(${tenant} AND (account_id = ( SELECT studio.current_account() AS current_account)))`
  for (const { using, checks } of policies) {
    expect([null, 'true', tenant, person]).toContain(using)
    expect([null, 'true', tenant, person]).toContain(checks)
  }
})

test('a dedicated table says whose its rows are, without being told', async () => {
  await project.create('books', { title: 'New', price: '99.5' })
  const rows = await ask(
    `select distinct _project = p.id as own, count(*) over ()::int as rows
     from studio_data.${relation}, studio.projects p limit 1`,
  )
  expect(rows).toEqual([{ own: true, rows: 21 }])
  expect(await project.column('books', 'title', { filters: { price: '99.5' } })).toEqual(['New'])
})

test('an index on any type serves the view, behind the project', async () => {
  await ask(`create index on studio_data.${relation} (_project, c_price)`.replace('c_price', await keyOf('price')))
  await ask(`analyze studio_data.${relation}`)
  const [database] = await ask('select schema_name from studio.project_databases')
  const client = new Client({ connectionString: project.studio.adminUrl })
  await client.connect()
  try {
    await client.query('set enable_seqscan = off')
    const view = `${String(database?.schema_name)}.books`
    const plan = await client.query(`explain (costs off) select title from ${view} where price = 3.5`)
    const lines = plan.rows.map((row) => String(row['QUERY PLAN'])).join('\n')
    expect(lines).toMatch(/Index Cond: \(\(_project = '[0-9a-f-]{36}'::uuid\) AND \(\w+ = 3\.5\)\)/)
  } finally {
    await client.end()
  }
})

async function keyOf(column: string): Promise<string> {
  const [row] = await ask(
    `select layout -> 'columns' -> $1 ->> 'key' as key from studio.project_tables
    where table_name = 'books'`,
    [column],
  )
  return String(row?.key)
}
