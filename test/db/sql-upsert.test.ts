import { Client } from 'pg'
import { afterAll, beforeAll, test as every, expect, inject } from 'vitest'
import { openParser } from '../../src/main/features/sql/postgres-parser'
import { spliced } from '../../src/main/features/sql/splice'
import { byteOffsets } from '../../src/main/features/sql/text-offsets'
import { upsertAsMerge } from '../../src/main/features/sql/upsert'
import { loadTables } from '../../src/main/features/tables/tables.service'
import { asAdmin } from '../helpers/database'
import { createTestProject, type TestProject } from '../helpers/test-project'

const [server] = await asAdmin(
  inject('postgres').adminUrl,
  `select current_setting('server_version_num')::int as version`,
)
/** Older ones merge into no view; the studio's own is 18. */
const test = every.skipIf(Number(server?.version) < 170_000)

let project: TestProject
let client: Client
let run: (text: string) => Promise<{ rows: readonly unknown[]; rowCount: number | null }>

beforeAll(async () => {
  project = await createTestProject()
  await project.table('stock', [
    { name: 'shop', type: 'integer', primary_key: true },
    { name: 'item', type: 'varchar(10)', primary_key: true },
    { name: 'n', type: 'integer', default: '1' },
    { name: 'seen', type: 'date' },
    { name: 'code', type: 'text', unique: true },
  ])
  const { schema, tables } = await project.studio.db.withDatabase(
    project.tenant.userId,
    project.databaseId,
    async (tx, database) => ({
      schema: database.schema_name,
      tables: await loadTables(tx, database.id),
    }),
  )
  client = new Client({ connectionString: project.studio.adminUrl, options: `-c search_path=${schema}` })
  await client.connect()
  const parser = await openParser()
  run = async (text) => {
    const [statement] = parser.parse(text)
    if (!statement) throw new Error('No statement')
    return client.query(spliced(text, upsertAsMerge(statement, text, byteOffsets(text), parser, tables)).text)
  }
})

afterAll(async () => {
  await client.end()
  await project.close()
})

test('what is there is updated, what is not is inserted', async () => {
  await run(`insert into stock (shop, item, seen) values (1, 'é', '2026-01-02'), (2, 'b', null)`)
  const { rows, rowCount } = await run(
    `/* é */ insert into stock as s (shop, item, n, seen) values (1, 'é', 5, '2026-03-04'), (3, 'c', 7, null)
     on conflict (item, shop) do update set n = s.n + excluded.n, seen = excluded.seen where s.n < 100
     returning shop, n, seen::text`,
  )
  expect(rowCount).toBe(2)
  expect(rows).toEqual([
    { shop: 1, n: 6, seen: '2026-03-04' },
    { shop: 3, n: 7, seen: null },
  ])
  expect(
    (
      await run(
        `insert into stock (shop, item) values (1, 'é') on conflict (shop, item) do update set n = stock.n where stock.n > 100 returning *`,
      )
    ).rows,
  ).toEqual([])
})

test('nothing is done where any unique rule is in the way', async () => {
  await run(`insert into stock values (9, 'x', 1, null, 'k')`)
  expect(
    (
      await run(
        `insert into stock values (9, 'y', 1, null, 'k'), (9, 'z', 1, null, 'l') on conflict do nothing returning item`,
      )
    ).rows,
  ).toEqual([{ item: 'z' }])
  expect(
    (await run(`insert into stock (shop, item, code) select 9, 'x', 'new' on conflict (shop, item) do nothing`))
      .rowCount,
  ).toBe(0)
})

test('lengths still hold, and defaults', async () => {
  await expect(
    run(`insert into stock (shop, item) values (1, 'more than ten') on conflict (shop, item) do nothing`),
  ).rejects.toThrow('too long')
  expect(
    (
      await run(
        `with source as (select 50 as shop) insert into stock (shop, item) select shop, 'd' from source on conflict (shop, item) do nothing returning n`,
      )
    ).rows,
  ).toEqual([{ n: 1 }])
})

test('what merge cannot do is said', async () => {
  await expect(run(`insert into stock (shop, item) values (1, 'a') on conflict (n) do nothing`)).rejects.toThrow(
    'Unique are (shop, item), (code)',
  )
  await expect(
    run(`insert into stock (shop, item) values (1, 'a') on conflict on constraint stock_pkey do nothing`),
  ).rejects.toThrow('Name the columns')
  await expect(
    run(
      `with a as (insert into stock (shop, item) values (1, 'a') on conflict do nothing returning 1) select * from a`,
    ),
  ).rejects.toThrow('not within WITH')
  await expect(
    run(`insert into stock (shop, item, n) values (1, 'a', default) on conflict do nothing`),
  ).rejects.toThrow('Leave the column out')
})
