import { traverseContractProcedures } from '@orpc/server'
import { contract } from '@shared/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectDatabase } from '../../src/main/db/connect-database'
import { identifier, sql } from '../../src/main/db/sql'
import { makeBadTokens } from '../helpers/bad-tokens'
import { asAdmin } from '../helpers/database'
import { createPlace, type Place, tryCalls, trySql, type Verdict } from '../helpers/isolation-place'
import { appSignIn, attacks, callProbes } from '../helpers/isolation-probes'
import { failureOf, signUpTenant } from '../helpers/test-studio'
import { digestOf, secretText } from '../helpers/two-tenants'

describe('two tenants on one server', { timeout: 300_000 }, () => {
  let place: Place
  let total = 0
  beforeAll(async () => {
    place = await createPlace()
  })
  afterAll(() => place.close())

  function count({ tried, through }: Verdict): void {
    expect(through).toEqual([])
    total += tried
  }

  test('every procedure that takes an id is attacked', () => {
    const taking: string[] = []
    traverseContractProcedures({ router: contract, path: [] }, ({ contract: procedure, path }) => {
      if (/(project|database|table|record|session)Id/.test(keysOf(procedure['~orpc'].inputSchema)))
        taking.push(path.join('.'))
    })
    const attacked = [...attacks.map(({ procedure }) => procedure), ...appSignIn]
    expect(attacked.sort()).toEqual(taking.sort())
  })

  test('the victim themselves can do what the probes try', async () => {
    const { victim } = place
    const { client } = victim.tenant
    const { projectId, databaseId, plansTableId: tableId, recordId } = victim
    expect((await client.projects.get({ projectId })).project.name).toContain(secretText)
    expect((await client.tables.get({ databaseId, tableId })).table.table_name).toBe('plans')
    const { record } = await client.records.get({ params: { databaseId, recordId }, query: { table: 'plans' } })
    expect(record.title).toContain(secretText)
    const params = { databaseId, recordId: victim.dedicatedRecordId }
    const dedicated = await client.records.get({ params, query: { table: 'invoices' } })
    expect(dedicated.record.title).toContain(secretText)
    const history = await client.changes.history({ params, query: { table: 'invoices' } })
    expect(JSON.stringify(history.changes)).toContain(secretText)
    for (const table of ['plans', 'invoices']) {
      const answer = await client.sql.run({ databaseId, query: `select * from ${table}` })
      expect(JSON.stringify(answer.results)).toContain(secretText)
    }
    expect(await client.connection.get({ databaseId })).toMatchObject({ login: expect.anything() })
    const moved = await client.indexes.list({ databaseId, tableId: victim.dedicatedTableId })
    expect(moved.storage.tier).toBe('dedicated')
  })

  test('no call reaches across', async () => {
    count(await tryCalls(place, callProbes(place, await makeBadTokens(place.studio, place))))
  })

  test('no statement of the app role reaches across', async () => {
    count(await trySql(place))
  })

  test('a refresh token that was spent, revoked or guessed gives no session', async () => {
    const { studio, admin, victim } = place
    const tokens = async (email: string) => (await signUpTenant(studio, email)).refreshToken
    const spent = await tokens('spent@example.org')
    await studio.client().auth.refresh({ refresh_token: spent })
    const ended = await signUpTenant(studio, 'ended@example.org')
    await ended.client.auth.logout()
    const hash = await asAdmin(studio.adminUrl, 'select token_hash from studio.sessions where user_id = $1', [
      victim.tenant.userId,
    ])
    const kept = hash[0]?.token_hash
    const guesses = [
      spent,
      ended.refreshToken,
      '',
      'x'.repeat(1000),
      victim.tenant.accessToken,
      victim.sessionId,
      `${victim.tenant.refreshToken} `,
      victim.tenant.refreshToken.slice(0, -1),
      ...(kept instanceof Buffer
        ? [kept.toString('hex'), kept.toString('base64url'), `\\x${kept.toString('hex')}`]
        : []),
    ]
    expect(guesses).toHaveLength(11)
    const before = await digestOf(admin, victim)
    for (const refresh_token of guesses)
      expect((await failureOf(studio.client().auth.refresh({ refresh_token }))).code).toBe('UNAUTHENTICATED')
    expect(await digestOf(admin, victim)).toBe(before)
    total += guesses.length
  })

  test('a connection keeps nothing of whom it worked for before', async () => {
    const { studio, victim, intruder } = place
    const one = await connectDatabase({ appUrl: studio.appUrl, adminUrl: studio.adminUrl, maxConnections: 1 })
    const everything = sql`select * from studio.project_data`
    const me = intruder.tenant.userId
    const you = victim.tenant.userId
    const asVictim: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['finished', () => one.withProject(you, victim.projectId, (tx) => tx.query(everything))],
      ['entered by the database', () => one.withDatabase(you, victim.databaseId, (tx) => tx.query(everything))],
      ['failed', () => one.withProject(you, victim.projectId, (tx) => tx.query(sql`select 1 / 0`))],
      ['threw', () => one.withProject(you, victim.projectId, () => Promise.reject(new Error('thrown by the work')))],
      [
        'was cancelled',
        () => {
          const stop = new AbortController()
          return one.withProject(
            you,
            victim.projectId,
            async (tx) => {
              stop.abort()
              await tx.query(everything)
            },
            { signal: stop.signal },
          )
        },
      ],
    ]
    const asIntruder: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['nobody', () => one.withoutTenant((tx) => tx.query(everything))],
      ['the account', () => one.withAccount(me, (tx) => tx.query(everything))],
      ['the own project', () => one.withProject(me, intruder.projectId, (tx) => tx.query(everything))],
      ['the project of the victim', () => one.withProject(me, victim.projectId, (tx) => tx.query(everything))],
      ['the database of the victim', () => one.withDatabase(me, victim.databaseId, (tx) => tx.query(everything))],
    ]
    try {
      for (const [before, leave] of asVictim)
        for (const [who, look] of asIntruder) {
          await leave().catch(() => undefined)
          const seen = await look().then(JSON.stringify, (error: Error) => error.message)
          expect(seen, `${who}, after work that ${before}`).not.toContain(secretText)
          total++
        }
    } finally {
      await one.close()
    }
  })

  test('every table is closed by default, also to its owner, and the app role is nobody special', async () => {
    const { adminUrl } = place.studio
    const open = await asAdmin(
      adminUrl,
      `select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname = 'studio' and c.relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity)
         and has_table_privilege('studio_app', c.oid, 'select, insert, update, delete')`,
    )
    expect(open).toEqual([])
    const [role] = await asAdmin(
      adminUrl,
      `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
         pg_has_role('studio_app', 'studio_owner', 'member') as is_owner,
         (select count(*)::integer from pg_class where relowner = r.oid) as owned
       from pg_roles r where rolname = 'studio_app'`,
    )
    expect(role).toEqual({
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      is_owner: false,
      owned: 0,
    })
  })

  test('the app reaches dedicated records through its views only, and in their own project only', async () => {
    const { studio, victim, intruder } = place
    const read = (world: typeof victim, from: string) =>
      studio.db.withProject(world.tenant.userId, world.projectId, (tx) =>
        tx.query(sql`select _id from ${identifier(from)}.${identifier(victim.relation)}`),
      )
    expect(await read(victim, 'studio_rows')).toHaveLength(200)
    expect(await read(intruder, 'studio_rows')).toEqual([])
    // Not even the own ones.
    for (const world of [victim, intruder])
      await expect(read(world, 'studio_data')).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('there were at least two thousand probes', () => {
    console.log(`isolation: ${total} probes were refused`)
    expect(total).toBeGreaterThanOrEqual(2000)
  })
})

/** Names of all fields of a zod schema, however deep. */
function keysOf(schema: unknown): string {
  const names: string[] = []
  const open: unknown[] = [schema]
  const seen = new Set<unknown>()
  while (open.length > 0) {
    const next = open.pop()
    if (next === null || (typeof next !== 'object' && typeof next !== 'function') || seen.has(next)) continue
    seen.add(next)
    const shape = Reflect.get(next, 'shape')
    if (shape && typeof shape === 'object')
      for (const [name, field] of Object.entries(shape)) {
        names.push(name)
        open.push(field)
      }
    const def = Reflect.get(next, 'def')
    if (def && typeof def === 'object')
      for (const part of ['innerType', 'in', 'out', 'element']) open.push(Reflect.get(def, part))
  }
  return names.join(' ')
}
