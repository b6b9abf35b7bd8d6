import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '@shared/app-error'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ConnectDatabaseOptions, connectDatabase } from '../../src/main/db/connect-database'
import { actingAs } from '../../src/main/db/connection-url'
import type { StudioDatabase, Transaction, TransactionOptions } from '../../src/main/db/database'
import { migrate } from '../../src/main/db/migrate'
import { openStudioDatabase } from '../../src/main/db/open-studio-database'
import { sql } from '../../src/main/db/sql'
import { queryRecords } from '../../src/main/features/records/records.service'
import { asAdmin } from '../helpers/database'
import {
  type DebianServer,
  type DebianServers,
  debianBinaries,
  debianServers,
  hasDebianPostgres,
} from '../helpers/debian-postgres'
import { createTestStudio, failureOf, signUpTenant } from '../helpers/test-studio'

interface Tenant {
  readonly account: string
  readonly project: string
  readonly database: string
  readonly table: string
}

const reading: TransactionOptions = { readOnly: true, staleness: 'bounded' }
/** Longer than any test: what is not used is so for another reason than its age. */
const anyLag = 600_000

/** Streaming replication needs programs that the embedded Postgres does not bring. */
describe.skipIf(!hasDebianPostgres)(`read replicas (needs Debian's Postgres in ${debianBinaries})`, () => {
  let servers: DebianServers
  let primary: DebianServer
  let replica: DebianServer
  let ada: Tenant
  let bob: Tenant
  const opened: StudioDatabase[] = []

  beforeAll(async () => {
    servers = await debianServers()
    primary = await servers.create()
    await migrate(primary.superUrl)
    replica = await primary.standby()
    ada = await makeTenant('ada')
    bob = await makeTenant('bob')
  })

  beforeEach(() => asAdmin(replica.superUrl, 'select pg_wal_replay_resume()'))

  afterEach(async () => {
    for (const db of opened.splice(0)) await db.close()
  })

  afterAll(() => servers.close())

  async function connect(more: Partial<ConnectDatabaseOptions> = {}): Promise<StudioDatabase> {
    const db = await connectDatabase({
      appUrl: actingAs(primary.superUrl, 'studio_app'),
      adminUrl: primary.superUrl,
      replicaUrls: [replica.superUrl],
      longestLag: anyLag,
      maxConnections: 3,
      ...more,
    })
    opened.push(db)
    return db
  }

  async function makeTenant(name: string): Promise<Tenant> {
    const [row] = await asAdmin(
      primary.superUrl,
      `with account as (
         insert into studio.users (email, password_hash) values ($1 || '@example.org', 'x') returning id
       ), project as (
         insert into studio.projects (user_id, name) select id, $1 from account returning id
       ), database as (
         insert into studio.project_databases (project_id, ref) select id, $1 from project returning id, project_id
       ), tables as (
         insert into studio.project_tables (project_id, database_id, table_name, schema_json, layout)
           select project_id, id, 'notes',
             '{"name": "notes", "columns": [{"name": "id", "type": "uuid"}, {"name": "title", "type": "text"}]}',
             '{"columns": {"id": {"key": "id"}, "title": {"key": "title"}}, "retired": []}'
           from database returning id, project_id
       )
       select account.id as account, project.id as project, database.id as database, tables.id as table
       from account, project, database, tables`,
      [name],
    )
    return row as unknown as Tenant
  }

  const portSql = sql`select inet_server_port() as port, pg_is_in_recovery() as standby`
  const insertSql = (tenant: Tenant, title: string) => {
    const id = randomUUID()
    return sql`insert into studio.project_data (project_id, table_id, id, data)
      values (${tenant.project}, ${tenant.table}, ${id}, jsonb_build_object('id', ${id}::text, 'title', ${title}::text))`
  }
  const titlesSql = sql`select data ->> 'title' as title from studio.project_data order by id`

  /** The server that answers what may be old. */
  async function serverOf(db: StudioDatabase, tenant: Tenant): Promise<unknown> {
    const [row] = await db.withDatabase(tenant.account, tenant.database, (tx) => tx.query(portSql), reading)
    return row?.port
  }

  async function titles(db: StudioDatabase, tenant: Tenant, options = reading): Promise<readonly unknown[]> {
    const rows = await db.withDatabase(tenant.account, tenant.database, (tx) => tx.query(titlesSql), options)
    return rows.map(({ title }) => title)
  }

  function write(db: StudioDatabase, tenant: Tenant, title: string): Promise<number> {
    return db.withDatabase(tenant.account, tenant.database, (tx) => tx.execute(insertSql(tenant, title)))
  }

  /** As another copy of the studio, or a person with psql. */
  function writeElsewhere(tenant: Tenant, title: string): Promise<unknown> {
    const { text, values } = insertSql(tenant, title)
    return asAdmin(primary.superUrl, text, values)
  }

  const pause = () => asAdmin(replica.superUrl, 'select pg_wal_replay_pause()')
  const resume = () => asAdmin(replica.superUrl, 'select pg_wal_replay_resume()')
  const fresh = () => `${randomBytes(4).toString('hex')}`

  test('reads that may be old go to the replica, all others and all writes to the primary', async () => {
    const db = await connect()
    await until(async () => (await serverOf(db, ada)) === replica.port)
    const ask = (options: TransactionOptions) =>
      db.withDatabase(ada.account, ada.database, async (tx) => (await tx.query(portSql))[0], options)
    expect(await ask(reading)).toEqual({ port: replica.port, standby: true })
    expect(await ask({ readOnly: true })).toEqual({ port: primary.port, standby: false })
    expect(await ask({})).toEqual({ port: primary.port, standby: false })
    // Old is what a write must not be based on.
    expect(await ask({ staleness: 'bounded' })).toEqual({ port: primary.port, standby: false })
    expect(await ask({ ...reading, role: 'store' })).toEqual({ port: primary.port, standby: false })
    // The transaction that was not read-only may have written.
    const [byAccount, byProject] = [
      async () => (await db.withAccount(ada.account, (tx) => tx.query(portSql), reading))[0]?.port,
      async () => (await db.withProject(ada.account, ada.project, (tx) => tx.query(portSql), reading))[0]?.port,
    ]
    await until(async () => (await byAccount()) === replica.port && (await byProject()) === replica.port)
  })

  test('own writes are seen at once, though the replica stands still; it serves everybody else', async () => {
    const db = await connect()
    await until(async () => (await serverOf(db, ada)) === replica.port && (await serverOf(db, bob)) === replica.port)
    await pause()
    for (const title of [fresh(), fresh(), fresh()]) {
      await write(db, ada, title)
      expect(await titles(db, ada)).toContain(title)
    }
    expect(await serverOf(db, ada)).toBe(primary.port)
    expect(await serverOf(db, bob)).toBe(replica.port)
    // Also entered another way, and when the write was entered another way.
    expect(await db.withProject(ada.account, ada.project, (tx) => tx.query(portSql), reading)).toMatchObject([
      { port: primary.port },
    ])
    await db.withAccount(bob.account, (tx) => tx.execute(sql`update studio.projects set description = ${fresh()}`))
    expect(await serverOf(db, bob)).toBe(primary.port)
    await resume()
    await until(async () => (await serverOf(db, ada)) === replica.port && (await serverOf(db, bob)) === replica.port)
  })

  test('a write that fails, and a read, leave the replica in use', async () => {
    const db = await connect()
    await until(async () => (await serverOf(db, ada)) === replica.port)
    await pause()
    const failing = db.withDatabase(ada.account, ada.database, async (tx) => {
      await tx.execute(insertSql(ada, fresh()))
      throw new Error('thrown by the work')
    })
    await expect(failing).rejects.toThrow('thrown by the work')
    await titles(db, ada, { readOnly: true })
    expect(await serverOf(db, ada)).toBe(replica.port)
  })

  test('what others write appears when the replica has it', async () => {
    const db = await connect()
    await until(async () => (await serverOf(db, ada)) === replica.port)
    await pause()
    const title = fresh()
    await writeElsewhere(ada, title)
    expect(await titles(db, ada)).not.toContain(title)
    expect(await serverOf(db, ada)).toBe(replica.port)
    await resume()
    await until(async () => (await titles(db, ada)).includes(title))
    expect(await serverOf(db, ada)).toBe(replica.port)
  })

  test('who was told of a change sees it', async () => {
    const db = await connect()
    await until(async () => (await serverOf(db, ada)) === replica.port && (await serverOf(db, bob)) === replica.port)
    await pause()
    const title = fresh()
    await writeElsewhere(ada, title)
    db.changed(ada.project)
    expect(await titles(db, ada)).toContain(title)
    expect(await serverOf(db, ada)).toBe(primary.port)
    // The place in the log is known by now.
    await until(async () => (await titles(db, ada)).includes(title) && (await serverOf(db, bob)) === replica.port)
    expect(await serverOf(db, ada)).toBe(primary.port)
    await resume()
    await until(async () => (await serverOf(db, ada)) === replica.port)
    expect(await titles(db, ada)).toContain(title)
  })

  test('a replica that is too far behind is not used, until it has caught up', async () => {
    const db = await connect({ longestLag: 1_500 })
    await until(async () => (await serverOf(db, bob)) === replica.port)
    await pause()
    await writeElsewhere(ada, fresh())
    await until(async () => (await serverOf(db, bob)) === primary.port)
    await resume()
    await until(async () => (await serverOf(db, bob)) === replica.port)
  })

  test('a replica that does nothing for a while is not far behind', async () => {
    const db = await connect({ longestLag: 1_500 })
    await until(async () => (await serverOf(db, bob)) === replica.port)
    await sleep(2_500)
    await until(async () => (await serverOf(db, bob)) === replica.port)
  })

  test('the tenant context and the policies hold on the replica', async () => {
    const db = await connect()
    await Promise.all([write(db, ada, 'of ada'), write(db, bob, 'of bob')])
    await until(async () => (await serverOf(db, ada)) === replica.port && (await serverOf(db, bob)) === replica.port)
    const look = async (tx: Transaction) => ({
      server: (await tx.query(portSql))[0]?.port,
      projects: (await tx.query(sql`select distinct project_id from studio.project_data`)).map((row) => row.project_id),
      role: (await tx.query(sql`select current_user::text as role`))[0]?.role,
    })
    expect(await db.withDatabase(ada.account, ada.database, look, reading)).toEqual({
      server: replica.port,
      projects: [ada.project],
      role: 'studio_app',
    })
    const missing = { code: 'NOT_FOUND' }
    await expect(db.withDatabase(ada.account, bob.database, look, reading)).rejects.toMatchObject(missing)
    await expect(db.withProject(ada.account, bob.project, look, reading)).rejects.toMatchObject(missing)
    const everything = sql`select * from studio.project_data`
    await expect(db.withAccount(ada.account, (tx) => tx.query(everything), reading)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await expect(db.withoutTenant((tx) => tx.query(everything), reading)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('a transaction on the replica sees one moment, in which schema and records fit', async () => {
    const db = await connect()
    const [before, after] = [fresh(), fresh()]
    await write(db, ada, before)
    await until(async () => (await serverOf(db, ada)) === replica.port)
    const seen = await db.withDatabase(
      ada.account,
      ada.database,
      async (tx) => {
        const first = await tx.query(titlesSql)
        await writeElsewhere(ada, after)
        await until(async () => (await asAdmin(replica.superUrl, titlesSql.text)).some(({ title }) => title === after))
        return { first, second: await tx.query(titlesSql), server: (await tx.query(portSql))[0]?.port }
      },
      reading,
    )
    expect(seen.server).toBe(replica.port)
    expect(seen.second).toEqual(seen.first)
    expect(seen.first.map(({ title }) => title)).toContain(before)
  })

  test('a page of records is read on the replica', async () => {
    const db = await connect()
    const title = fresh()
    await write(db, ada, title)
    await until(async () => (await serverOf(db, ada)) === replica.port)
    const page = await db.withDatabase(
      ada.account,
      ada.database,
      async (tx, database) => ({
        records: (
          await queryRecords(tx, database, { tableName: 'notes', filters: { title }, limit: 5, count: 'exact' })
        ).records,
        server: (await tx.query(portSql))[0]?.port,
      }),
      { ...reading, holdSchema: true },
    )
    expect(page).toMatchObject({ records: [{ title }], server: replica.port })
  })

  test('through the procedures, everyone sees what they have done, and reads move to the replica', async () => {
    const db = await connect()
    const studio = await createTestStudio({ db: () => async () => db })
    try {
      const { client } = await signUpTenant(studio, `${fresh()}@example.org`)
      const { project } = await client.projects.create({ name: 'Shop' })
      const { database } = await client.databases.create({ projectId: project.id })
      const databaseId = database.id
      const where = async () => {
        const query = 'select pg_is_in_recovery() as standby'
        const { results } = await client.sql.run({ databaseId, query, readOnly: true })
        return results[0]?.rows[0]?.[0]
      }
      await until(async () => (await where()) === true)
      await pause()
      for (const name of ['plans', 'notes']) {
        const { table } = await client.tables.create({
          databaseId,
          schemaJson: { name, columns: [{ name: 'title', type: 'text' }] },
        })
        expect((await client.tables.list({ databaseId })).tables.map(({ id }) => id)).toContain(table.id)
        const { record } = await client.records.create({ databaseId, tableName: name, record: { title: 'one' } })
        const page = await client.records.query({ databaseId, tableName: name })
        expect(page.records.map(({ _id }) => _id)).toEqual([record?._id])
        await client.sql.run({ databaseId, query: `insert into ${name} (title) values ('two')` })
        const read = await client.sql.run({ databaseId, query: `select title from ${name} order by 1`, readOnly: true })
        expect(read.results[0]?.rows).toEqual([['one'], ['two']])
        expect((await client.records.query({ databaseId, tableName: name, count: 'exact' })).count).toBe(2)
        expect(JSON.stringify(await client.databases.get({ databaseId }))).toContain(name)
      }
      expect(await where()).toBe(false)
      await resume()
      await until(async () => (await where()) === true)
      const read = await client.sql.run({ databaseId, query: 'select count(*)::int from plans', readOnly: true })
      expect(read.results[0]?.rows).toEqual([[2]])
      // What is wrong is said by the primary, in the same words.
      const wrong = client.sql.run({ databaseId, query: 'select * from planz', readOnly: true })
      expect((await failureOf(wrong)).message).toContain('"planz"')
    } finally {
      await studio.close()
    }
  })

  test('a statement on the replica is cancelled there, and not run again', async () => {
    const db = await connect()
    await until(async () => (await serverOf(db, ada)) === replica.port)
    const stop = new AbortController()
    let runs = 0
    const slow = db.withDatabase(
      ada.account,
      ada.database,
      (tx) => {
        runs += 1
        return tx.query(sql`select pg_sleep(600)`)
      },
      { ...reading, signal: stop.signal },
    )
    const sleeping = `select from pg_stat_activity where query like 'select pg_sleep(600)%' and state = 'active'`
    await until(async () => (await asAdmin(replica.superUrl, sleeping)).length === 1)
    stop.abort()
    await expect(slow).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await asAdmin(replica.superUrl, sleeping)).toHaveLength(0)
    expect(runs).toBe(1)
    const late = { ...reading, statementTimeout: 20 }
    const work = (tx: Transaction) => {
      runs += 1
      return tx.query(sql`select pg_sleep(600)`)
    }
    await expect(db.withDatabase(ada.account, ada.database, work, late)).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(runs).toBe(2)
  })

  test('a replica that is killed gives no error, and is used again when it is back', async () => {
    const errors: unknown[] = []
    const db = await connect({ onError: (error) => errors.push(error) })
    await until(async () => (await serverOf(db, ada)) === replica.port)
    let reads = 0
    let going = true
    const readers = [1, 2, 3].map(async () => {
      while (going) {
        await titles(db, ada)
        reads += 1
      }
    })
    const inTheMiddle = db.withDatabase(
      ada.account,
      ada.database,
      async (tx) => {
        const [at] = await tx.query<{ port: number }>(portSql)
        if (at?.port === replica.port) await replica.stop('immediate')
        return tx.query(portSql)
      },
      reading,
    )
    expect(await inTheMiddle).toMatchObject([{ port: primary.port }])
    const before = reads
    await until(async () => reads > before + 50)
    expect(await serverOf(db, ada)).toBe(primary.port)
    await until(async () => errors.length > 0)
    expect(errors.map((error) => (error instanceof AppError ? error.message : error))).toEqual([
      `The read replica 127.0.0.1:${replica.port}/postgres is not used for now; the primary answers instead.`,
    ])
    await replica.start()
    await until(async () => (await serverOf(db, ada)) === replica.port)
    going = false
    await Promise.all(readers)
  })

  test('a replica that hangs keeps nobody waiting for ever', async () => {
    const db = await connect()
    await until(async () => (await serverOf(db, ada)) === replica.port)
    const ports = await db.withDatabase(
      ada.account,
      ada.database,
      async (tx) => {
        const [at] = await tx.query<{ port: number }>(portSql)
        if (at?.port === replica.port) await replica.signal('SIGSTOP')
        return [at?.port, (await tx.query(portSql))[0]?.port]
      },
      reading,
    )
    expect(ports).toEqual([primary.port, primary.port])
    await replica.signal('SIGCONT')
    await until(async () => (await serverOf(db, ada)) === replica.port)
  })

  test('of two replicas the one that is well serves alone', async () => {
    const second = await primary.standby()
    const db = await connect({ replicaUrls: [replica.superUrl, second.superUrl] })
    const seen = new Set<unknown>()
    await until(async () => {
      seen.add(await serverOf(db, ada))
      return seen.has(replica.port) && seen.has(second.port)
    })
    await second.stop('immediate')
    for (let count = 0; count < 10; count++) await serverOf(db, ada)
    await until(async () => (await serverOf(db, ada)) === replica.port)
    for (let count = 0; count < 10; count++) expect(await serverOf(db, ada)).toBe(replica.port)
  })

  test('a server that is no standby of this one is never asked, and told of without its password', async () => {
    const stranger = await servers.create()
    await asAdmin(stranger.superUrl, `create role me login superuser password 'hunter2'`)
    const strangersCopy = await stranger.standby()
    const errors: unknown[] = []
    const replicaUrls = [stranger, strangersCopy, { port: 1 }].map(
      ({ port }) => `postgres://me:hunter2@127.0.0.1:${port}/postgres`,
    )
    const db = await connect({ replicaUrls, onError: (error) => errors.push(error) })
    await until(async () => errors.length === 3)
    for (let count = 0; count < 10; count++) expect(await serverOf(db, ada)).toBe(primary.port)
    const told = errors.map((error) => (error instanceof AppError ? `${error.message} ${String(error.cause)}` : ''))
    expect(told.join()).not.toContain('hunter2')
    expect(told.some((text) => text.includes('It is no standby server'))).toBe(true)
    expect(told.some((text) => text.includes('It is a standby of another server'))).toBe(true)
    await stranger.stop('fast')
    await strangersCopy.stop('fast')
  })

  test('the studio opens with the replicas of its settings', async () => {
    const server = { databaseUrl: primary.superUrl, replicaUrls: [replica.superUrl] }
    const studio = await openStudioDatabase({ server })
    try {
      await until(async () => (await serverOf(studio.db, ada)) === replica.port)
    } finally {
      await studio.close()
    }
  })
})

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20)
}
