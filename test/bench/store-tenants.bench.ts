import { connectDatabase } from '../../src/main/db/connect-database'
import { connectionUrl } from '../../src/main/db/connection-url'
import type { DatabaseRow, StudioDatabase, Transaction } from '../../src/main/db/database'
import { migrate } from '../../src/main/db/migrate'
import { getRecord, queryRecords } from '../../src/main/features/records/records.service'
import { createRecords, updateRecord } from '../../src/main/features/records/write-records.service'
import { type Urls, withClient, withServer } from './bench-server'
import { type BenchStudio, openBenchStudio } from './store-fixture'
import { figures, ratio, takeTurns } from './take-turns'

export const name = 'The same small tables alone, and beside 2,000 tenants with 10 tables of 10 records each'

const tenants = Number(process.env.BENCH_TENANTS ?? '2000')
const tables = 10
const perTable = 10

/** Two databases of one server: in one there is nobody else. Both take turns. */
export async function run(print: (line: string) => void): Promise<void> {
  await withServer(async (client, urls) => {
    await client.query('create database crowded')
    const crowded = {
      adminUrl: connectionUrl(urls.adminUrl, { database: 'crowded' }),
      appUrl: connectionUrl(urls.appUrl, { database: 'crowded' }),
    }
    await withPlace(urls, (alone) =>
      withPlace(crowded, async (among) => {
        await fillOthers(crowded.adminUrl)
        for (const url of [urls.adminUrl, crowded.adminUrl]) await withClient(url, (one) => one.query('vacuum analyze'))
        for (const [title, work] of works) {
          const times = await takeTurns(
            { alone: () => work(alone), among: () => work(among) },
            { rounds: 400, warm: 40 },
          )
          print(
            `${title.padEnd(24)} alone ${figures(times.alone)}, among others ${figures(times.among)}: ${ratio(times.among, times.alone)} times`,
          )
        }
      }),
    )
  })
}

interface Place {
  readonly db: StudioDatabase
  readonly studio: BenchStudio
  readonly database: DatabaseRow
  readonly id: string
}

async function withPlace(urls: Urls, work: (place: Place) => Promise<void>): Promise<void> {
  await migrate(urls.adminUrl)
  const db = await connectDatabase(urls)
  const studio = await openBenchStudio(db)
  try {
    const database = await studio.makeDatabase('Own')
    const databaseId = database.id
    let id = ''
    for (let n = 0; n < tables; n++) {
      const columns = [
        { name: 'title', type: 'text', unique: true },
        { name: 'n', type: 'integer' },
      ]
      await studio.client.tables.create({ databaseId, schemaJson: { name: `table${n}`, columns } })
      const records = Array.from({ length: perTable }, (_, k) => ({ title: `title ${k}`, n: k }))
      const made = await studio.client.records.create({ databaseId, tableName: `table${n}`, records })
      id = made.records?.[0]?._id ?? ''
    }
    await work({ db, studio, database, id })
  } finally {
    await studio.app.close()
    await db.close()
  }
}

const last = `table${tables - 1}`

const works: readonly (readonly [string, (place: Place) => Promise<unknown>])[] = [
  ['read by key', (place) => inside(place, (tx, row) => getRecord(tx, row, last, place.id))],
  [
    'page of 10',
    (place) => inside(place, (tx, row) => queryRecords(tx, row, { tableName: last, limit: 50, count: 'none' })),
  ],
  [
    'filtered, sorted, counted',
    (place) =>
      inside(place, (tx, row) =>
        queryRecords(tx, row, {
          tableName: last,
          filters: { column: 'n', op: 'gte', value: 3 },
          sort: [{ column: 'title', direction: 'desc' }],
          limit: 50,
          count: 'exact',
        }),
      ),
  ],
  [
    'SQL',
    ({ studio, database }) =>
      studio.client.sql.run({ databaseId: database.id, query: `select * from ${last} where n >= 3 order by title` }),
  ],
  [
    'update',
    (place) =>
      inside(place, (tx, row) =>
        updateRecord(
          tx,
          { database: row, principal: place.studio.principal },
          { tableName: last, id: place.id, record: { n: 7 }, revision: undefined },
        ),
      ),
  ],
  [
    'insert',
    (place) =>
      inside(place, (tx, row) =>
        createRecords(tx, { database: row, principal: place.studio.principal }, 'table0', [{ n: 1 }]),
      ),
  ],
]

function inside<T>({ db, studio, database }: Place, work: (tx: Transaction, row: DatabaseRow) => Promise<T>) {
  return db.withDatabase(studio.accountId, database.id, work)
}

/** As a superuser: catalogue, records, and as many views and functions in Postgres' own catalogue as there would be. */
async function fillOthers(adminUrl: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    await client.query(
      `with accounts as (
         insert into studio.users (email, password_hash)
         select 'tenant' || n || '@example.org', 'x' from generate_series(1, $1::int) n returning id
       ), projects as (
         insert into studio.projects (user_id, name) select id, 'Other' from accounts returning id
       ), databases as (
         insert into studio.project_databases (project_id, ref, has_views) select id, 'ref' || id, true from projects
         returning id, project_id
       )
       insert into studio.project_tables (project_id, database_id, table_name, schema_json, layout)
       select project_id, id, 'table' || n, own.schema_json, own.layout
       from databases, generate_series(0, $2::int - 1) n,
         (select schema_json, layout from studio.project_tables where table_name = 'table0' limit 1) own`,
      [tenants, tables],
    )
    await client.query(
      `insert into studio.project_data (project_id, table_id, id, data)
       select t.project_id, t.id, gen_random_uuid(), jsonb_build_object('title', 'title ' || k, 'n', k,
         'created_at', '2024-01-01T00:00:00.000000Z', 'updated_at', '2024-01-01T00:00:00.000000Z')
       from studio.project_tables t, generate_series(0, $1::int - 1) k
       where not exists (select from studio.project_data d where d.project_id = t.project_id and d.table_id = t.id)
         and t.table_name <> 'users'`,
      [perTable],
    )
    for (let from = 0; from < tenants; from += 100)
      await client.query(
        `do $$ declare schema_name text; begin
           for schema_name in select d.schema_name from studio.project_databases d where d.ref like 'ref%'
             order by d.id offset ${from} limit 100 loop
             execute format('create schema %I', schema_name);
             for n in 0..${tables - 1} loop
               execute format('create view %I.%I with (security_barrier) as select id, data ->> ''title'' as title,
                 (data ->> ''n'')::integer as n from studio.project_data where project_id = gen_random_uuid()', schema_name, 'table' || n);
               execute format('create function %I.%I() returns trigger language plpgsql as %L', schema_name, 'w' || n, 'begin return new; end');
             end loop;
           end loop;
         end $$`,
      )
  })
}
