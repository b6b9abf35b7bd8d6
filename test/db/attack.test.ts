import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectionUrl } from '../../src/main/db/connection-url'
import { asAdmin } from '../helpers/database'
import { type Attack, attack, attacks, createLoginWorld, type LoginWorld, leaked } from '../helpers/login-attacks'
import { createTestStudio, failureOf, type TestStudio } from '../helpers/test-studio'
import { digestOf } from '../helpers/two-tenants'

describe.each(['shared', 'dedicated'] as const)('with a login of an own database, %s tier', (tier) => {
  let studio: TestStudio
  let world: LoginWorld
  let admin: Client

  beforeAll(async () => {
    studio = await createTestStudio()
    world = await createLoginWorld(studio, tier)
    admin = new Client({ connectionString: studio.adminUrl })
    await admin.connect()
  })
  afterAll(async () => {
    await admin?.end()
    await studio?.close()
  })

  test.each(['runner', 'person'] as const)('as %s, nothing of another is seen or changed', async (kind) => {
    const { url, role } = world.logins[kind]
    const before = await stateOf()
    const wrong: string[] = []
    for (const each of attacks(world)) {
      const outcome = await attack(url, each.statement)
      wrong.push(...problemsOf(each, outcome))
    }
    expect(wrong).toEqual([])
    expect(await stateOf()).toEqual(before)
    // What it changed of itself does not matter, as long as it can still be nobody else.
    const [self] = await asAdmin(
      studio.adminUrl,
      `select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication as powers,
         (select count(*)::int from pg_auth_members where member = r.oid) as memberships
       from pg_roles r where rolname = $1`,
      [role],
    )
    expect(self).toEqual({ powers: false, memberships: 0 })
  })

  test('and the probe finds what a widened grant would give away', async () => {
    const { person } = world.logins
    const widened: readonly (readonly [string, string])[] = [
      [
        `grant usage on schema ${world.victimSchema} to ${person.role};
         grant select on all tables in schema ${world.victimSchema} to ${person.role}`,
        `revoke select on all tables in schema ${world.victimSchema} from ${person.role};
         revoke usage on schema ${world.victimSchema} from ${person.role}`,
      ],
      [`grant studio_store to ${person.role}`, `revoke studio_store from ${person.role}`],
      [`grant select on pg_attribute to public`, `revoke select on pg_attribute from public`],
      [
        `grant execute on function pg_total_relation_size(regclass) to public`,
        `revoke execute on function pg_total_relation_size(regclass) from public`,
      ],
      [`grant execute on function query_to_xml to public`, `revoke execute on function query_to_xml from public`],
      [
        `grant temporary on database ${await databaseName()} to public`,
        `revoke temporary on database ${await databaseName()} from public`,
      ],
    ]
    for (const [widen, narrow] of widened) {
      await admin.query(widen)
      const found: string[] = []
      for (const each of attacks(world).filter(({ name }) => !/signal|vacuum|drop/.test(name))) {
        // Whatever it can do now, it must not stay done.
        const outcome = await attack(person.url, `begin; ${each.statement}; rollback`)
        found.push(...problemsOf(each, outcome))
      }
      await admin.query(narrow)
      expect(found, widen).not.toEqual([])
    }
  })

  test('other databases of the server are closed', async () => {
    const { person } = world.logins
    for (const database of ['postgres', 'template1'])
      expect(await attack(connectionUrl(person.url, { database }), 'select 1')).toMatchObject({ failed: true })
  })

  function problemsOf(each: Attack, outcome: { seen: string; failed: boolean }): readonly string[] {
    const leaks = leaked(world, each.statement, outcome)
    if (leaks.length > 0) return [`${each.name} shows ${leaks.join(', ')}: ${outcome.seen.slice(0, 300)}`]
    return each.refused && !outcome.failed ? [`${each.name} is not refused: ${outcome.seen.slice(0, 100)}`] : []
  }

  /** The victim's rows, and everything that exists in the database. */
  async function stateOf() {
    const [objects] = await asAdmin(
      studio.adminUrl,
      `select (select count(*) from pg_class) as relations, (select count(*) from pg_proc) as functions,
         (select count(*) from pg_roles) as roles, (select count(*) from pg_largeobject_metadata) as objects,
         (select md5(string_agg(relname || relacl::text, ',' order by oid)) from pg_class) as rights`,
    )
    const rows = world.victimRelation
      ? await asAdmin(
          studio.adminUrl,
          `select md5(string_agg(t::text, ',')) from studio_data.${world.victimRelation} t`,
        )
      : []
    return { objects, rows, digest: await digestOf(admin, world.victim) }
  }

  async function databaseName(): Promise<string> {
    const { rows } = await admin.query('select current_database() as name')
    return String(rows[0]?.name)
  }
})

describe('the connection for psql', () => {
  let studio: TestStudio
  let world: LoginWorld
  beforeAll(async () => {
    studio = await createTestStudio()
    world = await createLoginWorld(studio, 'shared')
  })
  afterAll(() => studio.close())

  test('is null, made, shown again, changed and revoked', async () => {
    const { client } = world.victim.tenant
    const at = { databaseId: world.victim.databaseId }
    const { login: first } = await client.connection.get(at)
    if (first === null) throw new Error('No login')
    expect((await client.connection.create(at)).login).toEqual(first)
    expect(first.url).toBe(
      `postgres://${first.user}:${new URL(first.url).password}@${first.host}:${first.port}/${first.database}`,
    )
    const open = new Client({ connectionString: first.url })
    open.on('error', () => undefined)
    await open.connect()
    const { rows } = await open.query('select count(*)::int as n, current_schema() as schema from plans')
    expect(rows).toEqual([{ n: 3, schema: first.schema }])
    const ended = new Promise<void>((resolve) => open.once('end', () => resolve()))

    const { login: second } = await client.connection.rotate(at)
    await ended
    expect(second).toMatchObject({ user: first.user, schema: first.schema })
    expect(second.url).not.toBe(first.url)
    expect(await attack(first.url, 'select 1')).toMatchObject({ failed: true })
    expect(await attack(second.url, 'select 1')).toMatchObject({ failed: false })
    expect((await client.connection.get(at)).login).toEqual(second)

    await client.connection.revoke(at)
    expect(await attack(second.url, 'select 1')).toMatchObject({ failed: true })
    expect((await client.connection.get(at)).login).toBeNull()
    expect(await failureOf(client.connection.rotate(at))).toMatchObject({ code: 'NOT_FOUND' })
    expect(await failureOf(client.connection.revoke(at))).toMatchObject({ code: 'NOT_FOUND' })
    const { login: third } = await client.connection.create(at)
    expect(third.user).not.toBe(first.user)
    expect(await attack(third.url, 'select title from plans')).toMatchObject({ failed: false })
  })

  test('does not name another actor than itself', async () => {
    const { login } = await world.intruder.tenant.client.connection.get({ databaseId: world.intruder.databaseId })
    await attack(login?.url ?? '', `set studio.actor = 'root@example.org'; insert into plans (title) values ('forged')`)
    const [entry] = await asAdmin(studio.adminUrl, 'select actor from studio.changes order by id desc limit 1')
    expect(entry?.actor).toBe('SQL')
  })

  test('has ten sessions at a time', async () => {
    const { login } = await world.intruder.tenant.client.connection.get({ databaseId: world.intruder.databaseId })
    const open = Array.from({ length: 10 }, () => new Client({ connectionString: login?.url ?? '' }))
    try {
      for (const client of open) await client.connect()
      expect(await attack(login?.url ?? '', 'select 1')).toMatchObject({
        failed: true,
        seen: expect.stringContaining('too many connections'),
      })
    } finally {
      for (const client of open) await client.end()
    }
  })

  test('hears that something was changed, and not what or whose', async () => {
    const { login } = await world.intruder.tenant.client.connection.get({ databaseId: world.intruder.databaseId })
    const listener = new Client({ connectionString: login?.url ?? '' })
    const heard: string[] = []
    listener.on('notification', ({ payload = '' }) => void heard.push(payload))
    await listener.connect()
    try {
      await listener.query('listen studio_changes')
      await world.victim.tenant.client.records.create({
        databaseId: world.victim.databaseId,
        tableName: 'plans',
        record: { title: 'heard' },
      })
      await expect.poll(() => heard.length, { timeout: 10_000 }).toBeGreaterThan(0)
      for (const secret of world.secrets) expect(heard.join(' ')).not.toContain(secret)
    } finally {
      await listener.end()
    }
  })

  test('sees tables that are made after it', async () => {
    const { client } = world.intruder.tenant
    const { databaseId } = world.intruder
    const { login } = await client.connection.get({ databaseId })
    await client.tables.create({ databaseId, schemaJson: { name: 'later', columns: [{ name: 'a', type: 'integer' }] } })
    expect(await attack(login?.url ?? '', 'insert into later (a) values (1) returning a')).toEqual({
      seen: '[[[{"a":1}]]]',
      failed: false,
    })
  })

  test('values are kept whatever the session says about times', async () => {
    const { client } = world.intruder.tenant
    const { databaseId } = world.intruder
    const { login } = await client.connection.get({ databaseId })
    const columns = [
      { name: 'at', type: 'timestamptz' },
      { name: 'span', type: 'interval' },
      { name: 'day', type: 'date' },
      { name: 'ratio', type: 'double' },
    ]
    await client.tables.create({ databaseId, schemaJson: { name: 'moments', columns } })
    const outcome = await attack(
      login?.url ?? '',
      `set timezone = 'Asia/Tokyo'; set datestyle = 'SQL, DMY'; set intervalstyle = 'postgres'; set extra_float_digits = -10;
       insert into moments (at, span, day, ratio)
         values ('02/01/2026 03:04:05.123456', '1 day 02:00:00', '02/01/2026', 0.1234567890123456)`,
    )
    expect(outcome).toMatchObject({ failed: false })
    const { records } = await client.records.query({ databaseId, tableName: 'moments' })
    expect(records).toMatchObject([
      { at: '2026-01-01T18:04:05.123456Z', span: 'P1DT2H', day: '2026-01-02', ratio: 0.1234567890123456 },
    ])
  })
})
