import { randomBytes } from 'node:crypto'
import { normaliseTable } from '@shared/domain/normalise-table'
import type { TableSchemaInput } from '@shared/domain/table-schema'
import { usersTable } from '@shared/domain/users-table'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { connectDatabase } from '../../src/main/db/connect-database'
import { connectionUrl } from '../../src/main/db/connection-url'
import type { StudioDatabase } from '../../src/main/db/database'
import { migrate, migrations } from '../../src/main/db/migrate'
import { upgradeDatabases } from '../../src/main/features/databases/upgrade-databases.service'
import { firstLayout } from '../../src/main/features/tables/layout'
import { asAdmin, createDatabase } from '../helpers/database'

/** A database as the first version of the studio left it: records in documents, and neither views nor keys. */

let url: string
let db: StudioDatabase
let drop: () => Promise<void>
const problems: unknown[] = []
const ask = (text: string, values: unknown[] = []) => asAdmin(url, text, values)

beforeAll(async () => {
  const postgres = inject('postgres')
  const name = `test_${randomBytes(6).toString('hex')}`
  const plain = await createDatabase(name)
  ;({ url, drop } = plain)
  await migrate(url, migrations.slice(0, 1))
  await fill()
  await migrate(url)
  db = await connectDatabase({ appUrl: connectionUrl(postgres.appUrl, { database: name }), adminUrl: url })
})
afterAll(async () => {
  await db.close()
  await drop()
})

const seats: TableSchemaInput = {
  name: 'seats',
  columns: [
    { name: 'hall', type: 'text', primary_key: true },
    { name: 'place', type: 'integer', primary_key: true },
    { name: 'price', type: 'numeric(8,2)' },
    { name: 'taken', type: 'boolean', default: 'false' },
    { name: 'person', type: 'text', references: { table: 'users', column: 'email' } },
  ],
}
const hash = `$2b$12$${'a'.repeat(53)}`

async function fill(): Promise<void> {
  const [project] = await ask(
    `with account as (
       insert into studio.users (email, password_hash) values ('ada@example.org', 'x') returning id
     )
     insert into studio.projects (user_id, name) select id, 'Old' from account returning id`,
  )
  const [database] = await ask(
    `insert into studio.project_databases (project_id, ref) values ($1, 'old') returning id`,
    [project?.id],
  )
  const table = async (input: TableSchemaInput, isBinned: boolean, records: readonly object[]) => {
    const schema = normaliseTable(input)
    // A column that was added later: records that are older have no member for it.
    const first = firstLayout(schema)
    const layout = {
      ...first,
      columns: Object.fromEntries(
        Object.entries(first.columns).map(([column, place]) => [
          column,
          column === 'taken' ? { key: 'taken', missing: false } : place,
        ]),
      ),
    }
    const [made] = await ask(
      `insert into studio.project_tables (project_id, database_id, table_name, schema_json, layout, deleted_at)
       values ($1, $2, $3, $4, $5, case when $6 then now() end) returning id`,
      [project?.id, database?.id, schema.name, JSON.stringify(schema), JSON.stringify(layout), isBinned],
    )
    for (const record of records)
      await ask(
        `insert into studio.project_data (project_id, table_id, id, data) values ($1, $2, gen_random_uuid(), $3)`,
        [project?.id, made?.id, JSON.stringify(record)],
      )
  }
  await table(usersTable, false, [
    { email: 'b@example.org', password_hash: hash, full_name: 'B', created_at: '2024-01-31T10:00:00.000001Z' },
  ])
  await table(seats, false, [
    { hall: 'A', place: 1, price: '12.50', person: 'b@example.org' },
    { hall: 'A', place: 2, price: null, taken: true, person: null },
  ])
  await table({ ...seats, name: 'old_seats' }, true, [{ hall: 'Z', place: 9, price: null }])
}

test('gets its views, its keys, and only once', async () => {
  const steps: string[] = []
  const told = {
    onStep: (step: string) => void steps.push(step),
    onError: (error: unknown) => void problems.push(error),
  }
  expect(await ask('select has_views from studio.project_databases')).toEqual([{ has_views: false }])
  // Two studios that start at the same moment.
  await Promise.all([upgradeDatabases(db, told), upgradeDatabases(db, told)])
  expect(problems).toEqual([])
  expect(steps).toContain('Bringing your data up to date (1 of 1)')
  expect(await ask('select has_views from studio.project_databases')).toEqual([{ has_views: true }])
  const known = steps.length
  await upgradeDatabases(db, told)
  expect(steps).toHaveLength(known)

  const [{ schema_name } = { schema_name: '' }] = await ask('select schema_name from studio.project_databases')
  expect(await ask(`select * from "${schema_name}".seats order by place`)).toEqual([
    { hall: 'A', place: 1, price: '12.50', taken: false, person: 'b@example.org' },
    { hall: 'A', place: 2, price: null, taken: true, person: null },
  ])
  expect(await ask(`select email, password_hash from "${schema_name}".users`)).toEqual([
    { email: 'b@example.org', password_hash: null },
  ])
  expect(
    await ask(`select t.table_name, k.rule, k.value from studio.project_keys k
      join studio.project_tables t on t.id = k.table_id order by 1, 2, 3`),
  ).toEqual([
    { table_name: 'old_seats', rule: 'hall,place', value: '["Z", "9"]' },
    { table_name: 'seats', rule: 'hall,place', value: '["A", "1"]' },
    { table_name: 'seats', rule: 'hall,place', value: '["A", "2"]' },
    { table_name: 'users', rule: 'email', value: 'b@example.org' },
  ])
})

test('its rules hold', async () => {
  const [{ schema_name } = { schema_name: '' }] = await ask('select schema_name from studio.project_databases')
  const insert = (hall: string, place: number, person: string | null) =>
    ask(`insert into "${schema_name}".seats (hall, place, person) values ($1, $2, $3)`, [hall, place, person])
  await expect(insert('A', 2, null)).rejects.toMatchObject({ code: '23505' })
  await expect(insert('A', 3, 'nobody@example.org')).rejects.toMatchObject({ code: '23503' })
  await insert('A', 3, 'b@example.org')
  await expect(ask(`delete from "${schema_name}".users`)).rejects.toMatchObject({ code: '23503' })
})

test('one that fails is told, and does not keep others from being brought up to date', async () => {
  await ask(
    `with account as (
       insert into studio.users (email, password_hash) select 'p' || n || '@example.org', 'x' from generate_series(1, 2) n returning id
     ), projects as (
       insert into studio.projects (user_id, name) select id, 'Old' from account returning id
     ), databases as (
       insert into studio.project_databases (project_id, ref) select id, 'old' || id from projects returning id, project_id
     )
     insert into studio.project_tables (project_id, database_id, table_name, schema_json, layout)
     select project_id, id, 'broken', '{"name": "broken", "columns": [{"name": "a", "type": "text"}]}', '{"columns": {}, "retired": []}'
     from databases limit 1`,
  )
  const told: unknown[] = []
  await upgradeDatabases(db, { onError: (error) => void told.push(error) })
  expect(told).toHaveLength(1)
  expect(await ask('select count(*)::int as n from studio.project_databases where not has_views')).toEqual([{ n: 1 }])
})
