import { randomBytes } from 'node:crypto'
import { AppError } from '@shared/app-error'
import { Client } from 'pg'
import { afterEach, expect, inject, test } from 'vitest'
import { checkRights } from '../../src/main/db/check-rights'
import { connectDatabase } from '../../src/main/db/connect-database'
import { actingAs, addressOf, connectionUrl, parseConnectionUrl } from '../../src/main/db/connection-url'
import { type Migration, migrate, migrations } from '../../src/main/db/migrate'
import { openStudioDatabase } from '../../src/main/db/open-studio-database'
import { sql } from '../../src/main/db/sql'
import { startChildProgram } from '../helpers/child-program'
import { asAdmin, createDatabase } from '../helpers/database'

const undo: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

async function emptyDatabase(): Promise<string> {
  const { url, drop } = await createDatabase(`test_${randomBytes(6).toString('hex')}`)
  undo.push(drop)
  return url
}

async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof AppError) return error
  throw new Error('Expected an AppError', { cause: error })
}

const all = migrations.map(({ id }) => id)
const applied = 'select id, name from studio.migrations order by id'

test('runs every migration once, in order, and then none', async () => {
  const url = await emptyDatabase()
  expect(await migrate(url)).toEqual(all)
  expect(await migrate(url)).toEqual([])
  expect(await asAdmin(url, applied)).toEqual(migrations.map(({ id, name }) => ({ id, name })))
})

test('two processes at once run each migration once', async () => {
  const url = await emptyDatabase()
  const children = await Promise.all([1, 2, 3].map(() => startChildProgram(['migrate', url])))
  const ran = await Promise.all(children.map((child) => child.ended()))
  expect(ran.map(({ code }) => code)).toEqual([0, 0, 0])
  const ids = ran.flatMap(({ lines }): number[] => JSON.parse(lines.at(-1) ?? 'null'))
  expect(ids.sort((a, b) => a - b)).toEqual(all)
})

test('studios on other databases of one server may be set up at the same moment', async () => {
  const urls = [await emptyDatabase(), await emptyDatabase(), await emptyDatabase()]
  expect(await Promise.all(urls.map((url) => migrate(url)))).toEqual(urls.map(() => all))
})

test('a migration that fails leaves nothing of itself', async () => {
  const url = await emptyDatabase()
  const next = (all.at(-1) ?? 0) + 1
  const broken: Migration = { id: next, name: 'broken', text: 'create table studio.half (); select 1 / 0' }
  expect((await failure(migrate(url, [...migrations, broken]))).code).toBe('VALIDATION')
  expect(await asAdmin(url, applied)).toHaveLength(all.length)
  const mended = { ...broken, text: 'create table studio.half ()' }
  expect(await migrate(url, [...migrations, mended])).toEqual([next])
})

test('a newer schema is refused with advice', async () => {
  const url = await emptyDatabase()
  const next = (all.at(-1) ?? 0) + 1
  await migrate(url, [...migrations, { id: next, name: 'later', text: 'select 1' }])
  const error = await failure(migrate(url))
  expect(error).toMatchObject({ code: 'UNAVAILABLE', details: { schema: next, known: all.at(-1) } })
  expect(error.message).toContain('Update Tessera Studio')
})

test('an address that is no server is UNAVAILABLE', async () => {
  expect(await failure(migrate('postgres://nobody@127.0.0.1:1/none'))).toMatchObject({ code: 'UNAVAILABLE' })
  expect(await failure(migrate('mysql://localhost'))).toMatchObject({ code: 'UNAVAILABLE' })
  const { adminUrl } = inject('postgres')
  const wrong = connectionUrl(adminUrl, { password: 'wrong' })
  expect(await failure(migrate(wrong))).toMatchObject({ code: 'UNAVAILABLE' })
})

/** A login that is no superuser, as managed servers give it, with a database of its own. */
async function sharedServerAdmin(options: string): Promise<{ url: string; superUrl: string; user: string }> {
  const superUrl = await emptyDatabase()
  const user = `admin_${randomBytes(4).toString('hex')}`
  await asAdmin(superUrl, `create role ${user} login password 'secret' ${options}`)
  undo.push(() => asAdmin(superUrl, `drop owned by ${user} cascade; drop role ${user}`))
  return { url: connectionUrl(superUrl, { user, password: 'secret' }), superUrl, user }
}

test('every missing right of the admin is named', async () => {
  const { url, superUrl, user } = await sharedServerAdmin('')
  const first = await failure(migrate(url))
  expect(first.code).toBe('UNAVAILABLE')
  expect(first.details).toEqual({
    missing: [
      expect.stringContaining(`grant create on database`),
      `It is not a member of the role studio_owner: grant studio_owner to "${user}".`,
      `It is not a member of the role studio_app: grant studio_app to "${user}".`,
      `It is not a member of the role studio_store: grant studio_store to "${user}".`,
    ],
  })

  const [row] = await asAdmin(superUrl, 'select current_database() as name')
  const create = `grant create on database ${String(row?.name)} to ${user}`
  await asAdmin(superUrl, `${create}; grant studio_owner, studio_store to ${user}`)
  expect((await failure(migrate(url))).details).toEqual({
    missing: [expect.stringContaining('with grant option'), expect.stringContaining('studio_app')],
  })
  await asAdmin(superUrl, `${create} with grant option; grant studio_app to ${user}`)
  expect(await migrate(url)).toEqual(all)
})

test('an admin who may not pass the right on is enough once studio_store has it', async () => {
  const { url, superUrl, user } = await sharedServerAdmin('')
  const [row] = await asAdmin(superUrl, 'select current_database() as name')
  await asAdmin(
    superUrl,
    `grant create on database ${String(row?.name)} to ${user}, studio_store;
     grant studio_owner, studio_app, studio_store to ${user}`,
  )
  expect(await migrate(url)).toEqual(all)
  expect(await migrate(url)).toEqual([])
})

test.each(['studio_app', 'studio_store'])('a %s that would see the data of everyone is refused', async (role) => {
  const url = await emptyDatabase()
  // Roles are the whole server's, and other files test on it: the attribute is only there within this transaction.
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`begin; alter role ${role} bypassrls`)
    const missing = `The role ${role} would see the data of everyone: alter role ${role} nosuperuser nobypassrls.`
    expect((await failure(checkRights(client))).details).toEqual({ missing: [missing] })
    await client.query('rollback')
    await checkRights(client)
  } finally {
    await client.end()
  }
})

test('a database that cannot hold every text is refused', async () => {
  const name = `test_${randomBytes(6).toString('hex')}`
  const { adminUrl } = inject('postgres')
  await asAdmin(
    adminUrl,
    `create database ${name} template template0 encoding 'LATIN1' locale_provider libc locale 'C'`,
  )
  undo.push(() => asAdmin(adminUrl, `drop database ${name}`))
  const error = await failure(migrate(connectionUrl(adminUrl, { database: name })))
  expect(error.details).toEqual({ missing: ['The database has the encoding LATIN1; use one with UTF8.'] })
})

test('an admin who is no superuser migrates, and the app acts as studio_app on its login', async () => {
  const { url, superUrl, user } = await sharedServerAdmin('createrole')
  const [row] = await asAdmin(superUrl, 'select current_database() as name')
  await asAdmin(
    superUrl,
    `grant create on database ${String(row?.name)} to ${user} with grant option;
     grant studio_owner, studio_app, studio_store to ${user} with admin option, inherit false, set false`,
  )
  expect(await migrate(url)).toEqual(all)

  const db = await connectDatabase({ appUrl: actingAs(url, 'studio_app'), adminUrl: url })
  try {
    const who = sql`select current_user::text as acts, session_user::text as login`
    expect(await db.withoutTenant((tx) => tx.query(who))).toEqual([{ acts: 'studio_app', login: user }])
    const store = await db.withoutTenant((tx) => tx.query(who), { role: 'store' })
    expect(store).toEqual([{ acts: 'studio_store', login: user }])
    // What it runs can be cancelled, though studio_app is not the login.
    const stop = new AbortController()
    const slow = db.withoutTenant((tx) => tx.query(sql`select pg_sleep(60)`), { signal: stop.signal })
    stop.abort()
    expect(await failure(slow)).toMatchObject({ code: 'CANCELLED' })
  } finally {
    await db.close()
  }
})

test('the studio opens on DATABASE_URL in one call', async () => {
  const url = await emptyDatabase()
  const studio = await openStudioDatabase({ server: { databaseUrl: url } })
  try {
    expect(studio).toMatchObject({ embedded: false, version: studio.db.version, address: addressOf(url) })
    expect(studio.address).not.toContain(parseConnectionUrl(url).password)
    const who = sql`select current_user::text as acts, (select email from studio.local_owner()) as email`
    const answer = await studio.db.withoutTenant((tx) => tx.query(who))
    expect(answer).toEqual([{ acts: 'studio_app', email: 'owner@localhost' }])
  } finally {
    await studio.close()
  }
  // The server is not ours to stop.
  expect(await asAdmin(url, 'select 1 as n')).toEqual([{ n: 1 }])
})

test('the data of the first release is still there after the migrations', async () => {
  const url = await emptyDatabase()
  expect(await migrate(url, migrations.slice(0, 1))).toEqual([1])
  await asAdmin(
    url,
    `with account as (
       insert into studio.users (email, password_hash) values ('ada@example.org', 'x') returning id
     ), project as (
       insert into studio.projects (user_id, name) select id, 'Shop' from account returning id
     ), database as (
       insert into studio.project_databases (project_id, ref) select id, 'shop' from project returning id, project_id
     ), tables as (
       insert into studio.project_tables (project_id, database_id, table_name, schema_json, layout)
         select project_id, id, 'plans', '{}', '{}' from database returning id, project_id
     )
     insert into studio.project_data (project_id, table_id, id, data)
       select project_id, id, gen_random_uuid(), '{"title": "kept"}' from tables`,
  )
  expect(await migrate(url)).toEqual(all.slice(1))
  const rows = await asAdmin(
    url,
    `select r.data, t.storage, d.has_views, d.schema_name from studio.project_data r
       join studio.project_tables t on t.id = r.table_id join studio.project_databases d on d.id = t.database_id`,
  )
  expect(rows).toEqual([
    {
      data: { title: 'kept' },
      storage: { tier: 'shared' },
      has_views: false,
      schema_name: expect.stringMatching(/^d_[0-9a-f]{32}$/),
    },
  ])
  // What the start builds the views of.
  expect(await asAdmin(url, 'select database_id is not null as told from studio.databases_without_views()')).toEqual([
    { told: true },
  ])
})

test('the schemas of the store are its own, and only the rows are the app’s to use', async () => {
  const url = await emptyDatabase()
  await migrate(url)
  const schemas = await asAdmin(
    url,
    `select nspname as name, pg_get_userbyid(nspowner) as owner, has_schema_privilege('public', oid, 'usage') as open,
       has_schema_privilege('studio_app', oid, 'usage') as usable, has_schema_privilege('studio_app', oid, 'create') as writable
     from pg_namespace where nspname like 'studio\\_%' order by nspname`,
  )
  const closed = { owner: 'studio_store', open: false, usable: false, writable: false }
  expect(schemas).toEqual([
    { ...closed, name: 'studio_code' },
    { ...closed, name: 'studio_data' },
    { ...closed, name: 'studio_rows', usable: true },
  ])
  // What the store makes there later is nobody's who was not named, functions too.
  await asAdmin(
    url,
    `set role studio_store; create table studio_data.t (); create view studio_rows.t as select 1 as n;
     create function studio_code.f() returns int language sql as 'select 1'; reset role`,
  )
  expect(
    await asAdmin(
      url,
      `select has_table_privilege('studio_app', 'studio_data.t', 'select') as data,
         has_table_privilege('studio_app', 'studio_rows.t', 'select, insert, update, delete') as rows,
         has_table_privilege('public', 'studio_rows.t', 'select') as rows_open,
         has_function_privilege('public', 'studio_code.f()', 'execute') as code`,
    ),
  ).toEqual([{ data: false, rows: true, rows_open: false, code: false }])
})

test('the migrations leave all tables to studio_owner, closed to everyone but studio_app', async () => {
  const url = await emptyDatabase()
  await migrate(url)
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const tables = await client.query(
      `select relname, pg_get_userbyid(relowner) as owner, has_table_privilege('public', oid, 'select') as open
         from pg_class where relnamespace = 'studio'::regnamespace and relkind in ('r', 'p')`,
    )
    expect(tables.rows.length).toBeGreaterThan(8)
    for (const row of tables.rows) expect(row).toMatchObject({ owner: 'studio_owner', open: false })
    const functions = await client.query(
      `select proname from pg_proc where pronamespace = 'studio'::regnamespace
         and has_function_privilege('public', oid, 'execute')`,
    )
    expect(functions.rows).toEqual([])
  } finally {
    await client.end()
  }
})
