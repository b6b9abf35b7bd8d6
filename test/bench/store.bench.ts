import type pg from 'pg'
import type { DatabaseRow, StudioDatabase, Transaction } from '../../src/main/db/database'
import { type SqlQuery, sql } from '../../src/main/db/sql'
import type { RecordQuery } from '../../src/main/features/records/record-query'
import { getRecord, queryRecords } from '../../src/main/features/records/records.service'
import { uuidV7 } from '../../src/main/features/records/uuid-v7'
import { createRecords, updateRecord } from '../../src/main/features/records/write-records.service'
import { moveToTier } from '../helpers/storage-tier'
import { withStudioDatabase } from './bench-server'
import { median, ms, timed } from './statistics'
import { type BenchStudio, callColumns, contact, contactColumns, nativeTables, openBenchStudio } from './store-fixture'
import { ratio, takeTurns, type Work } from './take-turns'

export const name = 'A logical table of 100,000 records in its own storage against the same native table'

const total = 100_000
const batch = 10_000

interface Bench {
  readonly db: StudioDatabase
  readonly client: pg.Client
  readonly studio: BenchStudio
  readonly database: DatabaseRow
  readonly print: (line: string) => void
  /** Ids of contacts, in the order of their making. */
  readonly ids: string[]
}

/**
 * Each operation twice: as SQL on a bare connection, on the view and on the native table; and through the studio's pool,
 * by the service and as a statement on the native table in a transaction of the same kind. All of them take turns.
 */
export async function run(print: (line: string) => void): Promise<void> {
  await withStudioDatabase(async (db, client) => {
    const studio = await openBenchStudio(db)
    try {
      const database = await studio.makeDatabase('Bench')
      const bench: Bench = { db, client, studio, database, print, ids: [] }
      await client.query(nativeTables)
      await client.query(`set search_path = ${database.schema_name}; set timezone = 'UTC'; set jit = off`)
      await makeTables(bench)
      await bulkLoad(bench)
      print(`${''.padEnd(26)}SQL: native      view        studio: native      service`)
      const reads = await readCases(bench)
      await writeCases(bench)
      print(`median of the reads: view ${median(reads.views).toFixed(2)}, service ${median(reads.services).toFixed(2)}`)
    } finally {
      await studio.app.close()
    }
  })
}

async function makeTables({ studio, database }: Bench): Promise<void> {
  const { client } = studio
  const databaseId = database.id
  const make = async (schemaJson: Parameters<typeof client.tables.create>[0]['schemaJson']) =>
    (await client.tables.create({ databaseId, schemaJson })).table.id
  const contacts = await make({ name: 'contacts', columns: contactColumns })
  const calls = await make({ name: 'calls', columns: callColumns })
  await moveToTier(client, databaseId, [contacts, calls], 'dedicated')
  await client.indexes.create({ databaseId, tableId: contacts, columns: ['city', 'seen'] })
}

async function bulkLoad(bench: Bench): Promise<void> {
  const { ids, client, print } = bench
  const times = { ours: [] as number[], theirs: [] as number[] }
  for (let from = 0; from < total; from += batch) {
    const records = Array.from({ length: batch }, (_, n) => contact(from + n, uuidV7()))
    ids.push(...records.map(({ id }) => id))
    times.theirs.push(
      await timed(() =>
        native(
          bench,
          sql`insert into plain.contacts (id, name, email, age, city, balance, seen, note)
          select * from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as new (id uuid, name text, email text,
            age integer, city text, balance numeric(12,2), seen timestamptz, note text)`,
        ),
      ),
    )
    times.ours.push(await timed(() => write(bench, (tx, writer) => createRecords(tx, writer, 'contacts', records))))
  }
  const sum = (all: readonly number[]) => all.reduce((a, b) => a + b, 0)
  print(
    `bulk load of 100,000: native ${ms(sum(times.theirs))}, service ${ms(sum(times.ours))}, ${(sum(times.ours) / sum(times.theirs)).toFixed(2)} times (of the medians ${ratio(times.ours, times.theirs)})`,
  )
  for (let from = 0; from < total / 2; from += batch) {
    const calls = Array.from({ length: batch }, (_, n) => ({
      id: uuidV7(),
      contact: ids[((from + n) * 37) % total] ?? null,
      minutes: n % 60,
    }))
    await native(
      bench,
      sql`insert into plain.calls (id, contact, minutes)
      select * from jsonb_to_recordset(${JSON.stringify(calls)}::jsonb) as new (id uuid, contact uuid, minutes integer)`,
    )
    await write(bench, (tx, writer) => createRecords(tx, writer, 'calls', calls))
  }
  await client.query('vacuum analyze')
}

type Query = Omit<RecordQuery, 'tableName' | 'limit' | 'count'> & Partial<RecordQuery>

async function readCases(bench: Bench): Promise<{ readonly views: number[]; readonly services: number[] }> {
  const { ids } = bench
  const page = (query: Query) => (tx: Transaction, row: DatabaseRow) =>
    queryRecords(tx, row, { tableName: 'contacts', limit: 50, count: 'none', ...query })
  const city = (round: number) => `city ${round % 200}`
  const cursor = await cursorAt(bench, 50_000)
  const cases: readonly ReadCase[] = [
    {
      title: 'read by key',
      text: () => 'select * from {contacts} where id = $1',
      values: (round) => [idAt(ids, round * 313)],
      service: (round) => (tx, row) => getRecord(tx, row, 'contacts', idAt(ids, round * 313)),
    },
    {
      title: 'unique lookup',
      text: () => 'select * from {contacts} where email = $1 order by id limit 51',
      values: (round) => [`contact${(round * 313) % total}@example.org`],
      service: (round) => page({ filters: { email: `contact${(round * 313) % total}@example.org` } }),
    },
    {
      title: 'filtered, sorted page',
      text: () => 'select * from {contacts} where city = $1 and age >= $2 order by seen desc, id limit 51',
      values: (round) => [city(round), 30],
      service: (round) =>
        page({
          filters: {
            and: [
              { column: 'city', op: 'eq', value: city(round) },
              { column: 'age', op: 'gte', value: 30 },
            ],
          },
          sort: [{ column: 'seen', direction: 'desc' }],
        }),
    },
    {
      title: 'page at 50,000, offset',
      rounds: 40,
      text: () => 'select * from {contacts} order by id limit 51 offset 50000',
      values: () => [],
      service: () => page({ offset: 50_000 }),
    },
    {
      title: 'page at 50,000, cursor',
      text: () => 'select * from {contacts} where id > $1 order by id limit 51',
      values: () => [idAt(ids, 49_999)],
      service: () => page({ cursor }),
    },
    {
      title: 'count with filter',
      rounds: 60,
      text: () => 'select count(*) from {contacts} where city = $1 and age >= $2',
      values: (round) => [city(round), 30],
      service: (round) =>
        page({
          filters: {
            and: [
              { column: 'city', op: 'eq', value: city(round) },
              { column: 'age', op: 'gte', value: 30 },
            ],
          },
          limit: 1,
          count: 'exact',
        }),
      nativePage: (round) =>
        sql`select *, (select count(*) from plain.contacts where city = ${city(round)} and age >= ${30}) from plain.contacts
          where city = ${city(round)} and age >= ${30} order by id limit 2`,
    },
    {
      title: 'group by, aggregate',
      rounds: 25,
      text: () =>
        'select city, count(*), sum(balance), avg(age), max(seen) from {contacts} group by city order by city',
      values: () => [],
    },
    {
      title: 'join of two tables',
      rounds: 25,
      text: () =>
        'select c.city, count(*), sum(k.minutes) from {contacts} c join {calls} k on k.contact = c.id where c.age < $1 group by c.city',
      values: () => [40],
    },
    {
      title: 'join of one record',
      text: () => 'select c.name, k.minutes from {contacts} c join {calls} k on k.contact = c.id where c.email = $1',
      values: (round) => [`contact${(round * 37) % total}@example.org`],
    },
  ]
  const views: number[] = []
  const services: number[] = []
  for (const one of cases) {
    const times = await measure(bench, one)
    views.push(median(times.view) / median(times.bare))
    if (one.service) services.push(median(times.service) / median(times.pooled))
  }
  return { views, services }
}

interface ReadCase {
  readonly title: string
  readonly rounds?: number
  /** `{table}` is a name of the logical or the native table. */
  readonly text: () => string
  readonly values: (round: number) => readonly unknown[]
  readonly service?: (round: number) => (tx: Transaction, row: DatabaseRow) => Promise<unknown>
  /** What the service does with one statement more, when the text is not all of it. */
  readonly nativePage?: (round: number) => SqlQuery
}

async function measure(
  bench: Bench,
  { title, rounds = 200, text, values, service, nativePage }: ReadCase,
): Promise<Readonly<Record<'bare' | 'view' | 'pooled' | 'service', readonly number[]>>> {
  const { client } = bench
  const nativeText = text().replaceAll(/\{(\w+)\}/g, 'plain.$1')
  const viewText = text().replaceAll(/\{(\w+)\}/g, '$1')
  const idle: Work = async () => undefined
  const times = await takeTurns(
    {
      bare: (round) => client.query(nativeText, [...values(round)]),
      view: (round) => client.query(viewText, [...values(round)]),
      pooled: service
        ? (round) => native(bench, nativePage?.(round) ?? asQuery(nativeText, values(round)), true)
        : idle,
      service: service ? (round) => read(bench, service(round)) : idle,
    },
    { rounds },
  )
  printLine(bench, title, times, service !== undefined)
  return times
}

async function writeCases(bench: Bench): Promise<void> {
  const { client, ids } = bench
  let next = total
  const columns = '(id, name, email, age, city, balance, seen, note)'
  const marks = '($1, $2, $3, $4, $5, $6, $7, $8)'
  const insert = (table: string) => `insert into ${table} ${columns} values ${marks} returning *`
  const fresh = () => contact(next++, uuidV7())
  const inserts = await takeTurns(
    {
      bare: () => client.query(insert('plain.contacts'), Object.values(fresh())),
      view: () => client.query(insert('contacts'), Object.values(fresh())),
      pooled: () => native(bench, asQuery(insert('plain.contacts'), Object.values(fresh()))),
      service: () => write(bench, (tx, writer) => createRecords(tx, writer, 'contacts', [fresh()])),
    },
    { rounds: 300 },
  )
  printLine(bench, 'single insert', inserts, true)
  const at = (round: number) => idAt(ids, round * 331)
  const update = (table: string) => `update ${table} set age = $2, updated_at = now() where id = $1 returning *`
  const updates = await takeTurns(
    {
      bare: (round) => client.query(update('plain.contacts'), [at(round), round % 90]),
      view: (round) => client.query(update('contacts'), [at(round), round % 90]),
      pooled: (round) => native(bench, asQuery(update('plain.contacts'), [at(round), round % 90])),
      service: (round) =>
        write(bench, (tx, writer) =>
          updateRecord(tx, writer, {
            tableName: 'contacts',
            id: at(round),
            record: { age: (round + 1) % 90 },
            revision: undefined,
          }),
        ),
    },
    { rounds: 300 },
  )
  printLine(bench, 'single update', updates, true)
}

function printLine(
  { print }: Bench,
  title: string,
  { bare, view, pooled, service }: Readonly<Record<'bare' | 'view' | 'pooled' | 'service', readonly number[]>>,
  hasService: boolean,
): void {
  const text = `${ms(median(bare)).padStart(9)}  ${ms(median(view)).padStart(9)} (${ratio(view, bare)})`
  const more = `${ms(median(pooled)).padStart(9)}  ${ms(median(service)).padStart(9)} (${ratio(service, pooled)})`
  print(`${title.padEnd(26)}${text}${hasService ? `   ${more}` : ''}`)
}

/** A statement on the native table through the studio's pool, in a transaction with the same opening. */
function native({ db, studio, database }: Bench, query: SqlQuery, readOnly = false): Promise<unknown> {
  return db.withDatabase(studio.accountId, database.id, (tx) => tx.query(query), { readOnly })
}

function read({ db, studio, database }: Bench, work: (tx: Transaction, row: DatabaseRow) => Promise<unknown>) {
  return db.withDatabase(studio.accountId, database.id, work, { readOnly: true, holdSchema: true })
}

function write(
  { db, studio, database }: Bench,
  work: (tx: Transaction, writer: Parameters<typeof createRecords>[1]) => Promise<unknown>,
): Promise<unknown> {
  const { principal } = studio
  return db.withDatabase(studio.accountId, database.id, (tx, row) => work(tx, { database: row, principal }), {
    holdSchema: true,
  })
}

function asQuery(text: string, values: readonly unknown[]): SqlQuery {
  return { text, values }
}

function idAt(ids: readonly string[], n: number): string {
  return ids[n % total] ?? ''
}

async function cursorAt(bench: Bench, depth: number): Promise<string> {
  const page = await read(bench, (tx, row) =>
    queryRecords(tx, row, { tableName: 'contacts', limit: 1, offset: depth - 1, count: 'none' }),
  )
  const { nextCursor } = page as Awaited<ReturnType<typeof queryRecords>>
  if (nextCursor === null) throw new Error('The table ended before the deep page')
  return nextCursor
}
