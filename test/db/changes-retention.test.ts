import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keepChangeLog } from '../../src/main/features/changes/log-upkeep'
import { asAdmin } from '../helpers/database'
import { createTestStudio, failureOf, signUpTenant, type Tenant, type TestStudio } from '../helpers/test-studio'

let studio: TestStudio
let ada: Tenant
beforeAll(async () => {
  studio = await createTestStudio()
  ada = await signUpTenant(studio, 'ada@example.org')
})
afterAll(() => studio.close())
beforeEach(() => asAdmin(studio.adminUrl, 'delete from studio.changes'))

const admin = (text: string, values: readonly unknown[] = []) => asAdmin(studio.adminUrl, text, values)
/** A clock that stands somewhere in the day. */
const on = (day: string) => new Date(`${day}T13:14:15Z`)

async function makeDatabase(tenant = ada) {
  const { project } = await tenant.client.projects.create({ name: 'Kept' })
  const { database, tables } = await tenant.client.databases.create({ projectId: project.id })
  return { projectId: project.id, databaseId: database.id, tableId: tables[0]?.id ?? '' }
}

type Place = Awaited<ReturnType<typeof makeDatabase>>

/** A change at each of these moments, as a writer of then would have left it. */
async function changesAt({ projectId, tableId }: Place, moments: readonly string[]): Promise<void> {
  await admin(
    `insert into studio.changes (project_id, at, operation, table_id, record_id, op, after, actor)
     select $1, moment, gen_random_uuid(), $2, gen_random_uuid(), 'insert', '{}', 'tests' from unnest($3::timestamptz[]) moment`,
    [projectId, tableId, moments],
  )
}

/** Days of the changes that are left, in the order of time. */
async function daysOf({ projectId }: Place): Promise<unknown[]> {
  const rows = await admin(
    `select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day from studio.changes where project_id = $1 order by at`,
    [projectId],
  )
  return rows.map(({ day }) => day)
}

async function partitions(): Promise<unknown[]> {
  const rows = await admin(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'studio.changes'::regclass order by c.relname`,
  )
  return rows.map(({ name }) => name)
}

const partitionOf = async ({ projectId }: Place) =>
  (
    await admin('select distinct tableoid::regclass::text as name from studio.changes where project_id = $1', [
      projectId,
    ])
  ).map(({ name }) => name)

describe('partitions', () => {
  test('a new studio has those of this month and the next two', async () => {
    const months = [0, 1, 2].map((step) => {
      const now = new Date()
      return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + step, 1)).toISOString().slice(0, 7)
    })
    const names = await partitions()
    for (const month of months) expect(names).toContain(`changes_${month.replace('-', '_')}`)
    expect(names).toContain('changes_other')
  })

  test('are made ahead, over the end of a year, and once', async () => {
    const { made } = await keepChangeLog(studio.db, on('2030-11-30'))
    expect(made).toEqual(['changes_2030_11', 'changes_2030_12', 'changes_2031_01'])
    expect((await keepChangeLog(studio.db, on('2030-11-30'))).made).toEqual([])
    expect((await keepChangeLog(studio.db, on('2030-12-01'))).made).toEqual(['changes_2031_02'])
  })

  test('a change without a partition is kept, and moved when its partition is made', async () => {
    const place = await makeDatabase()
    await admin('delete from studio.changes where project_id = $1', [place.projectId])
    const moments = [
      '2032-02-01T00:00:00Z',
      '2032-02-29T23:59:59.999999Z',
      '2032-03-01T00:00:00Z',
      '2032-06-01T00:00:00Z',
    ]
    await changesAt(place, moments)
    expect(await partitionOf(place)).toEqual(['studio.changes_other'])
    const { made } = await keepChangeLog(studio.db, on('2032-02-10'))
    expect(made).toEqual(['changes_2032_02', 'changes_2032_03', 'changes_2032_04'])
    expect(await daysOf(place)).toEqual(['2032-02-01', '2032-02-29', '2032-03-01', '2032-06-01'])
    const rows = await admin(
      `select tableoid::regclass::text as name, count(*)::integer as count from studio.changes where project_id = $1
       group by 1 order by 1`,
      [place.projectId],
    )
    expect(rows).toEqual([
      { name: 'studio.changes_2032_02', count: 2 },
      { name: 'studio.changes_2032_03', count: 1 },
      { name: 'studio.changes_other', count: 1 },
    ])
  })

  test('two studios that keep the log at the same moment make each partition once', async () => {
    const all = await Promise.all([1, 2, 3].map(() => keepChangeLog(studio.db, on('2034-05-05'))))
    expect(all.flatMap(({ made }) => made).sort()).toEqual(['changes_2034_05', 'changes_2034_06', 'changes_2034_07'])
  })

  test('are as closed as the log: row-level security forced, no right of the app or the store', async () => {
    const rows = await admin(
      `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as closed, pg_get_userbyid(c.relowner) as owner,
         exists (select from unnest(array['studio_app', 'studio_store', 'public']) r
           where has_table_privilege(r, c.oid, 'select, insert, update, delete, truncate')) as open
       from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'studio.changes'::regclass`,
    )
    expect(rows.length).toBeGreaterThanOrEqual(4)
    for (const row of rows) expect(row).toMatchObject({ closed: true, open: false, owner: 'studio_owner' })
  })

  test('have the indexes of the log', async () => {
    const rows = await admin(
      `select c.relname as name, count(x.indexrelid)::integer as indexes, bool_and(x.indisvalid) as valid
       from pg_inherits i join pg_class c on c.oid = i.inhrelid left join pg_index x on x.indrelid = c.oid
       where i.inhparent = 'studio.changes'::regclass group by 1`,
    )
    for (const row of rows) expect(row).toMatchObject({ indexes: 3, valid: true })
  })

  test('of another tenant’s changes nothing is seen through them', async () => {
    const place = await makeDatabase()
    await keepChangeLog(studio.db, on('2035-01-01'))
    await changesAt(place, ['2035-01-24T00:00:00Z'])
    const eve = await signUpTenant(studio, 'eve@example.org')
    const own = await makeDatabase(eve)
    const seen = await studio.db.withDatabase(eve.userId, own.databaseId, (tx) =>
      tx.query({ text: "select from studio.changes where at >= '2035-01-01'", values: [] }),
    )
    expect(seen).toEqual([])
    const direct = studio.db.withDatabase(eve.userId, own.databaseId, (tx) =>
      tx.query({ text: 'select from studio.changes_2035_01', values: [] }),
    )
    await expect(direct).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })
})

describe('retention', () => {
  test('is 90 days, can be read and set, and is written down', async () => {
    const { databaseId } = await makeDatabase()
    const { changes, databases } = ada.client
    expect(await changes.retention({ databaseId })).toEqual({ days: 90 })
    expect(await changes.setRetention({ databaseId, days: 7 })).toEqual({ days: 7 })
    expect(await changes.retention({ databaseId })).toEqual({ days: 7 })
    const { entries } = await databases.audit({ databaseId })
    expect(entries[0]).toMatchObject({
      action: 'database.retention',
      sentence: 'Changes of records are kept for 7 days from now on.',
      operation: null,
      undoable: false,
    })
    for (const days of [0, -1, 4000, 1.5])
      expect((await failureOf(changes.setRetention({ databaseId, days }))).code).toBe('VALIDATION')
  })

  test('a partition that nobody keeps any more is dropped, and one of which a day is kept is not', async () => {
    const [place, other] = [await makeDatabase(), await makeDatabase()]
    await keepChangeLog(studio.db, on('2040-01-15'))
    await changesAt(place, ['2040-01-01T00:00:00Z', '2040-01-31T23:00:00Z', '2040-02-01T00:00:00Z'])
    await changesAt(other, ['2040-01-20T00:00:00Z'])
    // 90 days before 30 April is 31 January: the month has a day that is kept.
    expect((await keepChangeLog(studio.db, on('2040-04-30'))).dropped).not.toContain('changes_2040_01')
    expect(await daysOf(place)).toEqual(['2040-01-31', '2040-02-01'])
    expect((await keepChangeLog(studio.db, on('2040-05-01'))).dropped).toContain('changes_2040_01')
    expect(await daysOf(place)).toEqual(['2040-02-01'])
    expect(await daysOf(other)).toEqual([])
    expect(await partitions()).not.toContain('changes_2040_01')
  })

  test('each database keeps what it wants: the one that wants more holds the partition for itself', async () => {
    const [short, usual, long] = [await makeDatabase(), await makeDatabase(), await makeDatabase()]
    await ada.client.changes.setRetention({ databaseId: short.databaseId, days: 1 })
    await ada.client.changes.setRetention({ databaseId: long.databaseId, days: 400 })
    await keepChangeLog(studio.db, on('2050-03-01'))
    const moments = ['2050-03-01T00:00:00Z', '2050-04-14T23:59:59Z', '2050-04-15T00:00:00Z', '2050-04-16T00:00:00Z']
    for (const place of [short, usual, long]) await changesAt(place, moments)
    await keepChangeLog(studio.db, on('2050-04-16'))
    expect(await daysOf(short)).toEqual(['2050-04-15', '2050-04-16'])
    expect(await daysOf(usual)).toHaveLength(4)
    await keepChangeLog(studio.db, on('2050-06-15'))
    expect(await daysOf(short)).toEqual([])
    expect(await daysOf(usual)).toEqual(['2050-04-14', '2050-04-15', '2050-04-16'])
    await keepChangeLog(studio.db, on('2050-09-01'))
    expect(await daysOf(usual)).toEqual([])
    expect(await daysOf(long)).toHaveLength(4)
    expect(await partitions()).toContain('changes_2050_03')
    await ada.client.changes.setRetention({ databaseId: long.databaseId, days: 90 })
  })

  test('deletes in batches until nothing old is left', async () => {
    const place = await makeDatabase()
    await changesAt(place, [
      '2060-01-01T00:00:00Z',
      '2060-01-02T00:00:00Z',
      '2060-01-03T00:00:00Z',
      '2060-09-01T00:00:00Z',
    ])
    const deleted: number[] = []
    do {
      const [row] = await admin("select studio.delete_old_changes('2060-09-01', 2) as count")
      deleted.push(Number(row?.count))
    } while (deleted.at(-1) !== 0)
    expect(deleted.slice(0, -1).every((count) => count === 1 || count === 2)).toBe(true)
    expect(deleted.length).toBeGreaterThan(2)
    expect(await daysOf(place)).toEqual(['2060-09-01'])
  })

  test('what belonged to a project or a table that is gone for good goes too, however young', async () => {
    const [kept, gone] = [await makeDatabase(), await makeDatabase()]
    const { table } = await ada.client.tables.create({
      databaseId: kept.databaseId,
      schemaJson: { name: 'notes', columns: [] },
    })
    const lost = { ...kept, tableId: table.id }
    const today = new Date().toISOString()
    for (const place of [kept, gone, lost]) await changesAt(place, [today])
    const before = (await daysOf(kept)).length
    await admin('delete from studio.projects where id = $1', [gone.projectId])
    await admin('delete from studio.project_tables where id = $1', [lost.tableId])
    await keepChangeLog(studio.db)
    expect(await daysOf(gone)).toEqual([])
    expect((await daysOf(kept)).length).toBeLessThan(before)
    const left = await admin('select distinct table_id from studio.changes where project_id = $1', [kept.projectId])
    expect(left).toEqual([{ table_id: kept.tableId }])
  })

  test('a record can be written whatever partition is missing', async () => {
    const place = await makeDatabase()
    await admin('drop table studio.changes_other cascade').catch(() => undefined)
    const { databaseId } = place
    const names = await partitions()
    for (const name of names.filter((one) => one !== 'changes_other')) await admin(`drop table studio.${String(name)}`)
    await admin('create table if not exists studio.changes_other partition of studio.changes default')
    const created = await ada.client.records.create({
      databaseId,
      tableName: 'users',
      record: { email: 'late@example.org', password_hash: 'a long password' },
    })
    expect(created.record?._revision).toBe(1)
  })
})
