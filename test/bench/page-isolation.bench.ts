import type { Client } from 'pg'
import type { DatabaseRow, StudioDatabase } from '../../src/main/db/database'
import { type SqlQuery, sql } from '../../src/main/db/sql'
import type { RecordQuery } from '../../src/main/features/records/record-query'
import { queryRecords } from '../../src/main/features/records/records.service'
import { moveToTier } from '../helpers/storage-tier'
import { withStudioDatabase } from './bench-server'
import { median, ms, percentile, timed } from './statistics'
import { type BenchStudio, openBenchStudio } from './store-fixture'

export const name = 'A page of 50 in a table of 5,000 records among 1,000,000 of other tenants'

const own = 5000
const tenants = 200
const rounds = 150

/**
 * The studio's way is the whole of it: transaction, tenant context, schema, row-level security, records as they leave.
 * The plain alternative is the same page of the same rows in a native table without row-level security, in a
 * transaction of its own over the same pool. The two take turns, so that both meet the same machine.
 */
export async function run(print: (line: string) => void): Promise<void> {
  await withStudioDatabase(async (db, client) => {
    const studio = await openBenchStudio(db)
    try {
      await measure(db, studio, client, print)
    } finally {
      await studio.app.close()
    }
  })
}

async function measure(
  db: StudioDatabase,
  studio: BenchStudio,
  data: Client,
  print: (line: string) => void,
): Promise<void> {
  await fillOthers(data, 0, tenants / 2)
  const { accountId, database } = await makeOwn(studio)
  await fillOthers(data, tenants / 2, tenants / 2)
  await copyToPlain(data, database)
  await data.query('vacuum analyze')

  const page = (query: Partial<RecordQuery>) => () =>
    db.withDatabase(
      accountId,
      database.id,
      (tx, row) => queryRecords(tx, row, { tableName: 'contacts', limit: 50, count: 'none', ...query }),
      { readOnly: true, holdSchema: true },
    )
  const plain = (query: SqlQuery) => () => db.withoutTenant((tx) => tx.query(query), { readOnly: true })
  const deep = await cursorAt(page, 4000)
  const sorted: Partial<RecordQuery> = {
    filters: {
      and: [
        { column: 'age', op: 'gte', value: 30 },
        { column: 'city', op: 'eq', value: 'city 7' },
      ],
    },
    sort: [{ column: 'name', direction: 'desc' }],
  }
  const cases: readonly (readonly [string, () => Promise<unknown>, () => Promise<unknown>])[] = [
    ['first page', page({}), plain(sql`select * from plain.contacts order by id limit 51`)],
    [
      'page at 4,000 by cursor',
      page({ cursor: deep.cursor }),
      plain(sql`select * from plain.contacts where id > ${deep.id} order by id limit 51`),
    ],
    [
      'page at 4,000 by offset',
      page({ offset: 4000 }),
      plain(sql`select * from plain.contacts order by id limit 51 offset ${4000}`),
    ],
    [
      'filtered and sorted',
      page(sorted),
      plain(
        sql`select * from plain.contacts where age >= ${30} and city = ${'city 7'} order by name desc, id limit 51`,
      ),
    ],
    [
      'sorted by a timestamp',
      page({ sort: [{ column: 'seen', direction: 'desc' }] }),
      plain(sql`select * from plain.contacts order by seen desc, id limit 51`),
    ],
  ]
  print(`${'page of 50'.padEnd(26)}studio p50     p95     plain p50     p95     ratio of p50`)
  for (const [title, studio, native] of cases) {
    const [ours, theirs] = await takeTurns(studio, native)
    const figures = [ours, theirs].flatMap((times) => [ms(median(times)), ms(percentile(times, 0.95))])
    const [a = '', b = '', c = '', d = ''] = figures
    const ratio = (median(ours) / median(theirs)).toFixed(1)
    print(`${title.padEnd(26)}${a.padEnd(15)}${b.padEnd(8)}${c.padEnd(14)}${d.padEnd(8)}${ratio}`)
  }
  for (const line of await explainFirstPage(db, accountId, database)) print(line)
}

async function takeTurns(
  studio: () => Promise<unknown>,
  native: () => Promise<unknown>,
): Promise<readonly [number[], number[]]> {
  for (let warm = 0; warm < 20; warm++) {
    await studio()
    await native()
  }
  const [ours, theirs]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    ours.push(await timed(studio))
    theirs.push(await timed(native))
  }
  return [ours, theirs]
}

async function makeOwn(studio: BenchStudio): Promise<{ readonly accountId: string; readonly database: DatabaseRow }> {
  const { client, accountId } = studio
  const database = await studio.makeDatabase('Bench')
  const databaseId = database.id
  const columns = [
    { name: 'name', type: 'text' },
    { name: 'email', type: 'text' },
    { name: 'age', type: 'integer' },
    { name: 'city', type: 'text' },
    { name: 'balance', type: 'numeric(12,2)' },
    { name: 'seen', type: 'timestamptz' },
  ]
  const { table } = await client.tables.create({ databaseId, schemaJson: { name: 'contacts', columns } })
  await moveToTier(client, databaseId, [table.id], 'shared')
  const records = Array.from({ length: own }, (_, n) => ({
    name: `Contact ${(n * 7919) % own}`,
    email: `contact${n}@example.org`,
    age: n % 90,
    city: `city ${n % 20}`,
    balance: `${n}.50`,
    seen: new Date(1_700_000_000_000 + ((n * 104_729) % own) * 60_000).toISOString(),
  }))
  await client.records.create({ databaseId, tableName: 'contacts', records })
  return { accountId, database }
}

/** Tenants of 5,000 records each, of the same shape, as a superuser in one statement each. */
async function fillOthers(data: Client, from: number, count: number): Promise<void> {
  await data.query(
    `with accounts as (
       insert into studio.users (email, password_hash)
       select 'tenant' || n || '@example.org', 'x' from generate_series($1::int, $1::int + $2::int - 1) n
       returning id
     ), projects as (
       insert into studio.projects (user_id, name) select id, 'Other' from accounts returning id
     ), databases as (
       insert into studio.project_databases (project_id, ref) select id, 'ref' || id from projects returning id, project_id
     )
     insert into studio.project_tables (project_id, database_id, table_name, schema_json, layout)
     select project_id, id, 'contacts', '{}', '{}' from databases`,
    [from, count],
  )
  await data.query(
    `insert into studio.project_data (project_id, table_id, id, data)
     select t.project_id, t.id, gen_random_uuid(), jsonb_build_object(
       'name', 'Contact ' || n, 'email', 'contact' || n || '@example.org', 'age', n % 90, 'city', 'city ' || n % 20,
       'balance', n || '.50', 'seen', '2024-01-01T00:00:00.000000Z',
       'created_at', '2024-01-01T00:00:00.000000Z', 'updated_at', '2024-01-01T00:00:00.000000Z')
     from studio.project_tables t, generate_series(1, $1::int) n
     where t.table_name = 'contacts' and t.schema_json = '{}'
       and not exists (select from studio.project_data d where d.project_id = t.project_id and d.table_id = t.id)`,
    [own],
  )
}

async function copyToPlain(data: Client, database: DatabaseRow): Promise<void> {
  await data.query(
    `create schema plain;
     create table plain.contacts (
       id uuid primary key, name text, email text, age integer, city text, balance numeric(12,2), seen timestamptz,
       created_at timestamptz, updated_at timestamptz);
     grant usage on schema plain to studio_app;
     grant select on plain.contacts to studio_app`,
  )
  await data.query(
    `insert into plain.contacts
     select d.id, data->>'name', data->>'email', (data->>'age')::int, data->>'city', (data->>'balance')::numeric,
       (data->>'seen')::timestamptz, (data->>'created_at')::timestamptz, (data->>'updated_at')::timestamptz
     from studio.project_data d where d.project_id = $1`,
    [database.project_id],
  )
}

async function cursorAt(
  page: (query: Partial<RecordQuery>) => () => ReturnType<typeof queryRecords>,
  depth: number,
): Promise<{ readonly cursor: string; readonly id: string }> {
  let cursor: string | undefined
  for (let seen = 0; ; ) {
    const { records, nextCursor } = await page({ limit: 1000, ...(cursor === undefined ? {} : { cursor }) })()
    seen += records.length
    const id = records.at(-1)?._id
    if (nextCursor === null || typeof id !== 'string') throw new Error('The table ended before the deep page')
    if (seen >= depth) return { cursor: nextCursor, id }
    cursor = nextCursor
  }
}

/** Says that the page is read by the key, which is why other tenants cost it nothing. */
async function explainFirstPage(
  db: StudioDatabase,
  accountId: string,
  database: DatabaseRow,
): Promise<readonly string[]> {
  const rows = await db.withDatabase(accountId, database.id, async (tx) => {
    const [table] = await tx.query<{ id: string }>(
      sql`select id from studio.project_tables where project_id = ${database.project_id} and table_name = 'contacts'`,
    )
    return tx.query<{ 'QUERY PLAN': string }>(
      sql`explain (analyze, costs off, timing off, summary off)
        select d.id, d.data, d.revision from studio.project_data d
        where d.project_id = ${database.project_id} and d.table_id = ${table?.id} and (d.data ->> 'age')::integer >= ${30}
        order by d.data ->> 'name' desc, d.id limit 51`,
    )
  })
  const plan = rows.map((row) => row['QUERY PLAN'])
  if (!plan.some((line) => /Index Cond:.*project_id.*table_id/.test(line)))
    throw new Error(`The page does not go by the key:\n${plan.join('\n')}`)
  return ['plan of a filtered, sorted page:', ...plan.map((line) => `  ${line}`)]
}
