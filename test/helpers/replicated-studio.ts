import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConnectDatabaseOptions, connectDatabase } from '../../src/main/db/connect-database'
import { actingAs } from '../../src/main/db/connection-url'
import type { StudioDatabase, TransactionOptions } from '../../src/main/db/database'
import { migrate } from '../../src/main/db/migrate'
import { type SqlQuery, sql } from '../../src/main/db/sql'
import { asAdmin } from './database'
import { type DebianServer, type DebianServers, debianServers } from './debian-postgres'

export interface ReplicaTenant {
  readonly account: string
  readonly project: string
  readonly database: string
  readonly table: string
}

/** A primary with a streaming standby, and two tenants who write notes. */
export interface ReplicatedStudio {
  readonly servers: DebianServers
  readonly primary: DebianServer
  readonly replica: DebianServer
  readonly ada: ReplicaTenant
  readonly bob: ReplicaTenant
  connect(more?: Partial<ConnectDatabaseOptions>): Promise<StudioDatabase>
  /** Closes what was connected, and lets the replica go on. */
  rest(): Promise<void>
  /** The replica stops replaying. */
  pause(): Promise<unknown>
  resume(): Promise<unknown>
  write(db: StudioDatabase, tenant: ReplicaTenant, title: string): Promise<number>
  /** As another copy of the studio, or a person with psql. */
  writeElsewhere(tenant: ReplicaTenant, title: string): Promise<unknown>
  close(): Promise<void>
}

export const reading: TransactionOptions = { readOnly: true, staleness: 'bounded' }
/** Longer than any test: what is not used is so for another reason than its age. */
const anyLag = 600_000

export const whereSql = sql`select inet_server_port() as port, pg_is_in_recovery() as standby`
export const titlesSql = sql`select data ->> 'title' as title from studio.project_data order by id`

export function insertSql({ project, table }: ReplicaTenant, title: string): SqlQuery {
  const id = randomUUID()
  return sql`insert into studio.project_data (project_id, table_id, id, data)
    values (${project}, ${table}, ${id}, jsonb_build_object('id', ${id}::text, 'title', ${title}::text))`
}

export function newTitle(): string {
  return randomBytes(4).toString('hex')
}

/** The port of the server that answers what may be old. */
export async function serverOf(db: StudioDatabase, { account, database }: ReplicaTenant): Promise<unknown> {
  const [row] = await db.withDatabase(account, database, (tx) => tx.query(whereSql), reading)
  return row?.port
}

export async function titles(
  db: StudioDatabase,
  { account, database }: ReplicaTenant,
  options = reading,
): Promise<readonly unknown[]> {
  const rows = await db.withDatabase(account, database, (tx) => tx.query(titlesSql), options)
  return rows.map(({ title }) => title)
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20)
}

export async function createReplicatedStudio(): Promise<ReplicatedStudio> {
  const servers = await debianServers()
  const primary = await servers.create()
  await migrate(primary.superUrl)
  const replica = await primary.standby()
  const opened: StudioDatabase[] = []
  const resume = () => asAdmin(replica.superUrl, 'select pg_wal_replay_resume()')
  return {
    servers,
    primary,
    replica,
    ada: await makeTenant(primary, 'ada'),
    bob: await makeTenant(primary, 'bob'),
    async connect(more = {}) {
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
    },
    async rest() {
      for (const db of opened.splice(0)) await db.close()
      await resume()
    },
    pause: () => asAdmin(replica.superUrl, 'select pg_wal_replay_pause()'),
    resume,
    write: (db, tenant, title) =>
      db.withDatabase(tenant.account, tenant.database, (tx) => tx.execute(insertSql(tenant, title))),
    writeElsewhere(tenant, title) {
      const { text, values } = insertSql(tenant, title)
      return asAdmin(primary.superUrl, text, values)
    },
    close: () => servers.close(),
  }
}

async function makeTenant(primary: DebianServer, name: string): Promise<ReplicaTenant> {
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
  return row as unknown as ReplicaTenant
}
