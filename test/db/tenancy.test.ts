import { AppError } from '@shared/app-error'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectDatabase } from '../../src/main/db/connect-database'
import type { Transaction } from '../../src/main/db/database'
import { identifier, type SqlQuery, sql } from '../../src/main/db/sql'
import { asAdmin, createTestDatabase, type TestDatabase } from '../helpers/database'

interface Tenant {
  readonly account: string
  readonly project: string
  readonly database: string
  readonly table: string
  readonly record: string
}

let test1: TestDatabase
let ada: Tenant
let bob: Tenant

beforeAll(async () => {
  test1 = await createTestDatabase()
  ada = await makeTenant('ada')
  bob = await makeTenant('bob')
})

afterAll(() => test1.close())

async function makeTenant(name: string): Promise<Tenant> {
  const rows = await asAdmin(
    test1.adminUrl,
    `with account as (
       insert into studio.users (email, password_hash) values ($1 || '@example.org', 'x') returning id
     ), project as (
       insert into studio.projects (user_id, name) select id, $1 from account returning id
     ), database as (
       insert into studio.project_databases (project_id, ref) select id, $1 from project returning id, project_id
     ), tables as (
       insert into studio.project_tables (project_id, database_id, table_name, schema_json, layout)
         select project_id, id, 'contacts', '{}', '{}' from database returning id, project_id
     ), record as (
       insert into studio.project_data (project_id, table_id, id, data)
         select project_id, id, gen_random_uuid(), jsonb_build_object('name', $1) from tables
         returning id, table_id, project_id
     ), key as (
       insert into studio.project_keys (project_id, table_id, rule, value, record_id)
         select project_id, table_id, 'name', $1, id from record
     ), change as (
       insert into studio.changes (project_id, operation, table_id, record_id, op, revision, after, actor)
         select project_id, gen_random_uuid(), table_id, id, 'insert', 1, '{}', $1 from record
     ), login as (
       insert into studio.sql_logins (project_id, database_id, kind, role_name, schema_name)
         select project_id, id, 'runner', $1, $1 from database
     ), move as (
       insert into studio.table_moves (project_id, table_id, target) select project_id, id, 'dedicated' from tables
     ), index as (
       insert into studio.table_indexes (project_id, table_id, members) select project_id, id, '[]' from tables
     ), observed as (
       insert into studio.observed_queries (project_id, table_id, day, shape, count)
         select project_id, id, now(), '{}', 1 from tables
     ), saved_view as (
       insert into studio.saved_views (project_id, table_id, name, definition) select project_id, id, $1, '{}' from tables
     ), end_user as (
       insert into studio.end_users (project_id, user_id) select id, gen_random_uuid() from project
     ), end_user_session as (
       insert into studio.end_user_sessions (project_id, user_id, family_id, token_hash, expires_at)
         select id, gen_random_uuid(), gen_random_uuid(), $1::bytea, now() + interval '1 day' from project
     ), end_user_token as (
       insert into studio.end_user_tokens (project_id, user_id, purpose, token_hash, code_hash, email, expires_at)
         select id, gen_random_uuid(), 'signup', $1::bytea, $1::bytea, $1, now() + interval '1 day' from project
     ), mail as (
       insert into studio.mails (project_id, recipient, subject, body) select id, $1, $1, $1 from project
     ), auth_setting as (
       insert into studio.auth_settings (project_id, settings) select id, '{}' from project
     ), api_key as (
       insert into studio.api_keys (project_id, name, kind, prefix, key_hash, made_by)
         select id, $1, 'publishable', $1, $1::bytea, $1 from project
     ), access_rule as (
       insert into studio.access_rules (project_id, table_id, rules) select project_id, id, '{}' from tables
     ), api_setting as (
       insert into studio.api_settings (project_id, plan) select id, $1 from project
     ), api_use as (
       insert into studio.api_usage (project_id, month) select id, '2026-01-01' from project
     ), api_request as (
       insert into studio.api_requests (project_id, at, method, path, status, ms) select id, now(), 'GET', $1, 200, 1 from project
     ), run as (
       insert into studio.sql_runs (project_id, account_id, text, outcome, statements)
         select project.id, account.id, $1, 'done', 1 from project, account
     ), draft as (
       insert into studio.sql_drafts (project_id, account_id, id, place, name, text, results, edited_at)
         select project.id, account.id, project.id, 0, $1, $1, '{}', 0 from project, account
     ), saved_query as (
       insert into studio.saved_queries (project_id, account_id, folder, name, text)
         select project.id, account.id, '', $1, $1 from project, account
     ), schema_version as (
       insert into studio.schema_versions (project_id, database_id, number, sentence, actor, edits)
         select project_id, id, 1, $1, $1, '[]' from database returning project_id, database_id, number
     ), schema_version_table as (
       insert into studio.schema_version_tables (project_id, database_id, table_id, number, since)
         select v.project_id, v.database_id, tables.id, v.number, now() from schema_version v, tables
     ), layout as (
       insert into studio.canvas_layouts (project_id, database_id, revision, layout) select project_id, id, 1, '{}' from database
     ), backup as (
       insert into studio.backups (project_id, id, kind, bytes, records, tables) select id, id, 'asked', 1, 1, 1 from project
     ), assistant as (
       insert into studio.assistant_settings (account_id) select id from account
     ), session as (
       insert into studio.sessions (user_id, family_id, token_hash, expires_at)
         select id, gen_random_uuid(), $1::bytea, now() + interval '1 day' from account
     ), audit as (
       insert into studio.audit (project_id, actor, action, sentence) select id, $1, 'x', $1 from project
     ), account_audit as (
       insert into studio.account_audit (user_id, action) select id, 'x' from account
     )
     select account.id as account, project.id as project, database.id as database, tables.id as table,
       record.id as record from account, project, database, tables, record`,
    [name],
  )
  return rows[0] as unknown as Tenant
}

async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    (value) => new Error(`Expected a refusal, got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  )
  if (error instanceof AppError) return error
  throw error
}

/** Whose the rows are: by the project, or by the account. */
const tables = [
  ['users', 'account', 'id'],
  ['projects', 'project', 'id'],
  ['project_databases', 'project', 'project_id'],
  ['project_tables', 'project', 'project_id'],
  ['project_data', 'project', 'project_id'],
  ['project_keys', 'project', 'project_id'],
  ['changes', 'project', 'project_id'],
  ['sql_logins', 'project', 'project_id'],
  ['table_moves', 'project', 'project_id'],
  ['table_indexes', 'project', 'project_id'],
  ['observed_queries', 'project', 'project_id'],
  ['saved_views', 'project', 'project_id'],
  ['end_users', 'project', 'project_id'],
  ['end_user_sessions', 'project', 'project_id'],
  ['end_user_tokens', 'project', 'project_id'],
  ['mails', 'project', 'project_id'],
  ['auth_settings', 'project', 'project_id'],
  ['api_keys', 'project', 'project_id'],
  ['access_rules', 'project', 'project_id'],
  ['api_settings', 'project', 'project_id'],
  ['api_usage', 'project', 'project_id'],
  ['api_requests', 'project', 'project_id'],
  ['sql_runs', 'project', 'project_id'],
  ['sql_drafts', 'project', 'project_id'],
  ['saved_queries', 'project', 'project_id'],
  ['schema_versions', 'project', 'project_id'],
  ['schema_version_tables', 'project', 'project_id'],
  ['canvas_layouts', 'project', 'project_id'],
  ['backups', 'project', 'project_id'],
  ['assistant_settings', 'account', 'account_id'],
  ['sessions', 'account', 'user_id'],
  ['audit', 'project', 'project_id'],
  ['account_audit', 'account', 'user_id'],
] as const

/** Of nobody's, and not for the app. */
const closed = ['login_secret', 'migrations', 'notice_secret', 'rate_limits']

const asAda = <T>(work: (tx: Transaction) => Promise<T>) => test1.db.withProject(ada.account, ada.project, work)
const everything = (table: string) => sql`select * from studio.${identifier(table)}`

test('every table of the studio is in this test, has row-level security forced, and is not the app’s own', async () => {
  const rows = await asAdmin(
    test1.adminUrl,
    `select relname, relrowsecurity, relforcerowsecurity, relispartition as is_partition, pg_get_userbyid(relowner) as owner
       from pg_class where relnamespace = 'studio'::regnamespace and relkind in ('r', 'p', 'f', 'm') order by relname`,
  )
  // A partition has no policy for the app, which reaches it through the table that it is a part of.
  const known = [...tables.map(([name]) => name), ...closed, ...rows.flatMap(partition)].sort()
  expect(rows).toMatchObject(
    known.map((relname) => ({
      relname,
      relrowsecurity: true,
      relforcerowsecurity: true,
      owner: 'studio_owner',
    })),
  )
})

const partition = ({ relname, is_partition }: Record<string, unknown>) => (is_partition ? [String(relname)] : [])

test('a partition of the change log is closed to the app', async () => {
  expect(await failure(asAda((tx) => tx.query(everything('changes_other'))))).toMatchObject({ code: 'FORBIDDEN' })
})

test('studio_app has no attribute and no membership that goes around the policies', async () => {
  const rows = await asAdmin(
    test1.adminUrl,
    `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
       exists (select from pg_auth_members m where m.member = r.oid) as member
     from pg_roles r where rolname = 'studio_app'`,
  )
  expect(rows).toEqual([
    {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      member: false,
    },
  ])
})

describe.each(tables)('%s', (table, kind, owner) => {
  test('shows the own rows and no others', async () => {
    const rows = await asAda((tx) => tx.query(everything(table)))
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row[owner]).toBe(ada[kind])
  })

  test('raises without a context', async () => {
    expect(await failure(test1.db.withoutTenant((tx) => tx.query(everything(table))))).toMatchObject({
      code: 'FORBIDDEN',
    })
  })

  test('does not show to an account of nowhere', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000'
    const rows = test1.db.withAccount(nobody, async (tx) => {
      await tx.query(sql`select set_config('studio.project_id', ${ada.project}, true)`)
      return tx.query(everything(table))
    })
    expect(await rows).toEqual([])
  })

  test('the project of another account, set by hand, opens nothing', async () => {
    const rows = await asAda(async (tx) => {
      await tx.query(sql`select set_config('studio.project_id', ${bob.project}, true)`)
      return tx.query(everything(table))
    })
    for (const row of rows) expect(Object.values(row)).not.toContain(bob[kind])
  })

  test('is closed to its owner too, but for the policy of the functions', async () => {
    const client = new Client({ connectionString: test1.adminUrl })
    await client.connect()
    try {
      await client.query('begin')
      await client.query(`set local role studio_owner`)
      const policies = await client.query(
        `select polname from pg_policy where polrelid = $1::regclass and 'studio_owner'::regrole = any (polroles)`,
        [`studio.${table}`],
      )
      expect(policies.rows).toHaveLength(1)
      await client.query(`drop policy ${policies.rows[0].polname} on studio.${table}`)
      expect((await client.query(`select * from studio.${table}`)).rows).toEqual([])
      await client.query('rollback')
    } finally {
      await client.end()
    }
  })

  test('another tenant’s rows can be neither changed nor deleted', async () => {
    const id = identifier(owner)
    const target = sql`studio.${identifier(table)}`
    for (const statement of [
      sql`update ${target} set ${id} = ${id} where ${id} = ${bob[kind]}`,
      sql`delete from ${target} where ${id} = ${bob[kind]}`,
    ]) {
      // Either the table cannot be written so at all, or no row is found.
      const touched = await asAda((tx) => tx.execute(statement)).catch((error: AppError) => error.code)
      expect([0, 'FORBIDDEN']).toContain(touched)
    }
  })
})

test.each(closed)('the table %s is closed to the app', async (table) => {
  expect(await failure(asAda((tx) => tx.query(everything(table))))).toMatchObject({ code: 'FORBIDDEN' })
})

const inserts: readonly (readonly [string, () => SqlQuery])[] = [
  ['a project', () => sql`insert into studio.projects (user_id, name) values (${bob.account}, 'x')`],
  ['a database', () => sql`insert into studio.project_databases (project_id, ref) values (${bob.project}, 'x')`],
  [
    'a table',
    () => sql`insert into studio.project_tables (project_id, database_id, table_name, schema_json, layout)
      values (${bob.project}, ${bob.database}, 'x', '{}', '{}')`,
  ],
  [
    'a record',
    () => sql`insert into studio.project_data (project_id, table_id, id, data)
      values (${bob.project}, ${bob.table}, gen_random_uuid(), '{}')`,
  ],
  [
    'a unique value',
    () => sql`insert into studio.project_keys (project_id, table_id, rule, value, record_id)
      values (${bob.project}, ${bob.table}, 'x', 'x', ${bob.record})`,
  ],
  [
    'a change',
    () => sql`insert into studio.changes (project_id, operation, table_id, op, actor)
      values (${bob.project}, gen_random_uuid(), ${bob.table}, 'schema', 'x')`,
  ],
  [
    'a session',
    () => sql`insert into studio.sessions (user_id, family_id, token_hash, expires_at)
      values (${bob.account}, gen_random_uuid(), 'x', now())`,
  ],
  [
    'an audit line',
    () => sql`insert into studio.audit (project_id, actor, action, sentence) values (${bob.project}, 'x', 'x', 'x')`,
  ],
  ['an account audit line', () => sql`insert into studio.account_audit (user_id, action) values (${bob.account}, 'x')`],
  ['a user', () => sql`insert into studio.users (email, password_hash) values ('eve@example.org', 'x')`],
]

test.each(inserts)('%s cannot be put into another tenant', async (_, insert) => {
  expect(await failure(asAda((tx) => tx.execute(insert())))).toMatchObject({ code: 'FORBIDDEN' })
})

test('an own row cannot refer to another tenant’s database or table', async () => {
  const table = sql`insert into studio.project_tables (project_id, database_id, table_name, schema_json, layout)
    values (${ada.project}, ${bob.database}, 'x', '{}', '{}')`
  const record = sql`insert into studio.project_data (project_id, table_id, id, data)
    values (${ada.project}, ${bob.table}, gen_random_uuid(), '{}')`
  expect(await failure(asAda((tx) => tx.execute(table)))).toMatchObject({ code: 'CONSTRAINT' })
  const key = sql`insert into studio.project_keys (project_id, table_id, rule, value, record_id)
    values (${ada.project}, ${bob.table}, 'x', 'x', ${bob.record})`
  expect(await failure(asAda((tx) => tx.execute(record)))).toMatchObject({ code: 'CONSTRAINT' })
  expect(await failure(asAda((tx) => tx.execute(key)))).toMatchObject({ code: 'CONSTRAINT' })
})

test('an own row cannot be moved to another tenant', async () => {
  const move = sql`update studio.project_data set project_id = ${bob.project} where id = ${ada.record}`
  expect(await failure(asAda((tx) => tx.execute(move)))).toMatchObject({ code: 'FORBIDDEN' })
  const give = sql`update studio.projects set user_id = ${bob.account} where id = ${ada.project}`
  expect(await failure(asAda((tx) => tx.execute(give)))).toMatchObject({ code: 'FORBIDDEN' })
})

test.each(['studio_owner', 'studio_store', 'postgres'])('the app cannot become %s', async (role) => {
  expect(await failure(asAda((tx) => tx.query(sql`set role ${identifier(role)}`)))).toMatchObject({ code: 'FORBIDDEN' })
})

describe('entering', () => {
  const work = async () => 'entered'
  const nowhere = '00000000-0000-4000-8000-000000000000'

  test('another account’s project or database, or none, is NOT_FOUND', async () => {
    for (const id of [bob.project, nowhere, 'not-a-uuid', "' or true --"]) {
      expect(await failure(test1.db.withProject(ada.account, id, work))).toMatchObject({ code: 'NOT_FOUND' })
    }
    for (const id of [bob.database, nowhere, 'not-a-uuid', "' or true --"]) {
      expect(await failure(test1.db.withDatabase(ada.account, id, work))).toMatchObject({ code: 'NOT_FOUND' })
    }
    expect(await failure(test1.db.withProject("' or true --", ada.project, work))).toMatchObject({ code: 'INTERNAL' })
  })

  test('by the database’s id sets its project', async () => {
    const seen = await test1.db.withDatabase(ada.account, ada.database, async (tx, database) => ({
      database,
      records: await tx.query(everything('project_data')),
    }))
    expect(seen.database).toMatchObject({ id: ada.database, project_id: ada.project, name: 'main', ref: 'ada' })
    expect(seen.records).toMatchObject([{ project_id: ada.project, id: ada.record }])
  })

  test('what is in the bin is NOT_FOUND', async () => {
    const carl = await makeTenant('carl')
    const drop = sql`update studio.projects set deleted_at = now() where id = ${carl.project}`
    expect(await test1.db.withAccount(carl.account, (tx) => tx.execute(drop))).toBe(1)
    expect(await failure(test1.db.withProject(carl.account, carl.project, work))).toMatchObject({ code: 'NOT_FOUND' })
    expect(await failure(test1.db.withDatabase(carl.account, carl.database, work))).toMatchObject({ code: 'NOT_FOUND' })
  })
})

test('a connection goes back to the pool without a context, after success, failure and cancel', async () => {
  const db = await connectDatabase({ appUrl: test1.appUrl, adminUrl: test1.adminUrl, maxConnections: 1 })
  const pid = sql`select pg_backend_pid() as pid`
  const context = sql`select current_setting('studio.account_id', true) as account,
    current_setting('studio.project_id', true) as project, pg_backend_pid() as pid`
  try {
    const first = await db.withProject(ada.account, ada.project, (tx) => tx.query(pid))
    const stop = new AbortController()
    const uses: readonly (() => Promise<unknown>)[] = [
      () => db.withProject(ada.account, ada.project, (tx) => tx.query(pid)),
      () => db.withProject(ada.account, ada.project, (tx) => tx.query(sql`select 1 / 0`)),
      () => db.withProject(ada.account, bob.project, (tx) => tx.query(pid)),
      () => db.withDatabase(ada.account, ada.database, () => Promise.reject(new Error('a fault in the work'))),
      () => {
        const sleeping = db.withDatabase(ada.account, ada.database, (tx) => tx.query(sql`select pg_sleep(60)`), {
          signal: stop.signal,
        })
        stop.abort()
        return sleeping
      },
    ]
    for (const use of uses) {
      await use().catch(() => undefined)
      const [left] = await db.withoutTenant((tx) => tx.query(context))
      expect([null, '']).toContain(left?.account)
      expect([null, '']).toContain(left?.project)
      // It is the very connection, not a new one.
      expect(left?.pid).toBe(first[0]?.pid)
      expect(await failure(db.withoutTenant((tx) => tx.query(everything('projects'))))).toMatchObject({
        code: 'FORBIDDEN',
      })
    }
  } finally {
    await db.close()
  }
})
