import type pg from 'pg'
import type { DatabaseRow, StudioDatabase } from '../../src/main/db/database'
import { queryRecords } from '../../src/main/features/records/records.service'
import { moveToTier } from '../helpers/storage-tier'
import { withStudioDatabase } from './bench-server'
import { ms, timed } from './statistics'
import { type BenchStudio, openBenchStudio } from './store-fixture'
import { figures, ratio, takeTurns } from './take-turns'

export const name = '5,000 tables of 10 records beside 20 of 200,000: bytes on disk, and a page of 50 of each kind'

const small = 5_000
const databases = 50
const large = 20
const largeSize = 200_000

const columns = [
  { name: 'title', type: 'text' },
  { name: 'n', type: 'integer' },
  { name: 'amount', type: 'numeric(12,2)' },
]

/** Small tables are made by the studio, 100 in each of 50 databases; large ones get their records from a superuser. */
export async function run(print: (line: string) => void): Promise<void> {
  await withStudioDatabase(async (db, client) => {
    const studio = await openBenchStudio(db)
    try {
      const before = await bytesOf(client)
      const own: DatabaseRow[] = []
      const took = await timed(async () => {
        for (let n = 0; n < databases; n++) own.push(await makeSmall(studio, n))
      })
      await client.query('vacuum analyze')
      const afterSmall = await bytesOf(client)
      print(
        `${small.toLocaleString('en')} tables of 10: ${mb(afterSmall - before)}, ${((afterSmall - before) / small / 1000).toFixed(1)} kB each with their views; ${ms(took / small)} to make one and fill it`,
      )
      const [first] = own
      if (!first) return
      const page = () => pageOf(db, studio, first, 'small0')
      const alone = await takeTurns({ page }, { rounds: 100 })
      await makeLarge(studio, client, first)
      const afterLarge = await bytesOf(client)
      print(`${large} tables of ${largeSize.toLocaleString('en')}: ${mb(afterLarge - afterSmall)}`)
      const beside = await takeTurns({ small: page, large: () => pageOf(db, studio, first, 'large7') }, { rounds: 100 })
      print(`page of a small table, before the large ones: ${figures(alone.page)}`)
      print(
        `page of a small table, beside them:           ${figures(beside.small)}, ${ratio(beside.small, alone.page)} times`,
      )
      print(
        `page of a large table:                        ${figures(beside.large)}, ${ratio(beside.large, beside.small)} times a small one's`,
      )
    } finally {
      await studio.app.close()
    }
  })
}

async function makeSmall(studio: BenchStudio, n: number): Promise<DatabaseRow> {
  const database = await studio.makeDatabase(`Small ${n}`)
  const databaseId = database.id
  for (let k = 0; k < small / databases; k++) {
    const tableName = `small${k}`
    await studio.client.tables.create({ databaseId, schemaJson: { name: tableName, columns } })
    const records = Array.from({ length: 10 }, (_, i) => ({ title: `Title ${i}`, n: i, amount: `${i}.50` }))
    await studio.client.records.create({ databaseId, tableName, records })
  }
  return database
}

async function makeLarge(studio: BenchStudio, client: pg.Client, { id: databaseId }: DatabaseRow): Promise<void> {
  for (let n = 0; n < large; n++) {
    const { table } = await studio.client.tables.create({ databaseId, schemaJson: { name: `large${n}`, columns } })
    await moveToTier(studio.client, databaseId, [table.id], 'dedicated')
    const { rows } = await client.query(
      `select storage ->> 'relation' as relation from studio.project_tables where id = $1`,
      [table.id],
    )
    await client.query(
      `insert into studio_data.${rows[0].relation} (_id, title, n, amount, created_at, updated_at)
       select studio.new_id(), 'Title ' || k, k % 1000, k / 100.0, now(), now() from generate_series(1, $1::int) k`,
      [largeSize],
    )
  }
  await client.query('vacuum analyze')
}

async function pageOf(
  db: StudioDatabase,
  studio: BenchStudio,
  { id }: DatabaseRow,
  tableName: string,
): Promise<unknown> {
  return db.withDatabase(
    studio.accountId,
    id,
    (tx, row) => queryRecords(tx, row, { tableName, limit: 50, count: 'none' }),
    { readOnly: true },
  )
}

async function bytesOf(client: pg.Client): Promise<number> {
  await client.query('checkpoint')
  const { rows } = await client.query('select pg_database_size(current_database()) as bytes')
  return Number(rows[0].bytes)
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}
