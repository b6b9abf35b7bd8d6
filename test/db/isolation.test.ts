import { ORPCError, traverseContractProcedures } from '@orpc/server'
import { contract } from '@shared/contract'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectDatabase } from '../../src/main/db/connect-database'
import { identifier, sql } from '../../src/main/db/sql'
import { tooManyRights } from '../helpers/app-rights'
import { makeBadTokens } from '../helpers/bad-tokens'
import { asAdmin } from '../helpers/database'
import { attacks, type CallProbe, callProbes } from '../helpers/isolation-probes'
import { isLeak, runSqlProbe, sqlProbes } from '../helpers/sql-probes'
import { createTestStudio, failureOf, signUpTenant, type TestStudio } from '../helpers/test-studio'
import { createTwoTenants, digestOf, idsOf, secretText, type TwoTenants, type World } from '../helpers/two-tenants'

interface Place extends TwoTenants {
  readonly studio: TestStudio
  /** Sees everything: what is there before and after a probe. */
  readonly admin: Client
  close(): Promise<void>
}

async function createPlace(): Promise<Place> {
  const studio = await createTestStudio()
  const admin = new Client({ connectionString: studio.adminUrl })
  await admin.connect()
  const close = async () => {
    await admin.end()
    await studio.close()
  }
  try {
    return { studio, admin, close, ...(await createTwoTenants(studio)) }
  } catch (error) {
    await close()
    throw error
  }
}

/** One line for each probe that got through. */
interface Verdict {
  readonly tried: number
  readonly through: readonly string[]
}

async function tryCalls(place: Place, probes: readonly CallProbe[]): Promise<Verdict> {
  const through: string[] = []
  let before = await digestOf(place.admin, place.victim)
  for (const probe of probes) {
    const reason = await callReason(place, probe)
    const after = await digestOf(place.admin, place.victim)
    const changed = before !== after
    before = after
    if (reason !== null || changed) through.push(`${probe.name}: ${reason ?? 'changed what is not theirs'}`)
  }
  return { tried: probes.length, through }
}

/** Why the probe counts as got through; null when it did not. */
async function callReason({ studio, intruder, victim }: Place, probe: CallProbe): Promise<string | null> {
  const { caller, expected } = probe
  const client =
    caller === 'intruder' ? intruder.tenant.client : caller === 'nobody' ? studio.client() : studio.bearer(caller.token)
  try {
    const answer = await procedureOf(client, probe.procedure)(probe.input)
    const text = JSON.stringify(answer) ?? ''
    if (text.includes(secretText)) return `answered ${text.slice(0, 200)}`
    if (expected !== 'nothing') return `succeeded with ${text.slice(0, 200)}`
    const id = Object.values(idsOf(victim)).find((each) => text.includes(each))
    return id === undefined || probe.repeatsIds ? null : `answered the id ${id}`
  } catch (error) {
    if (!(error instanceof ORPCError)) throw error
    if (`${error.message} ${JSON.stringify(error.data)}`.includes(secretText)) return `told ${error.message}`
    if (expected === 'nothing') return `failed with ${error.code}: ${error.message}`
    return expected.some((code) => code === error.code) ? null : `failed with ${error.code}: ${error.message}`
  }
}

function procedureOf(client: unknown, path: string): (input: unknown) => Promise<unknown> {
  let target = client
  for (const key of path.split('.')) target = Reflect.get(target as object, key)
  if (typeof target !== 'function') throw new Error(`No procedure ${path}`)
  return async (input) => Reflect.apply(target, undefined, [input])
}

async function trySql({ studio, admin, victim, intruder }: Place, enough = Number.POSITIVE_INFINITY): Promise<Verdict> {
  const through: string[] = []
  let tried = 0
  // Without it many of the tricks would end before they have tried anything.
  await admin.query(
    'do $$ begin execute format($f$grant temporary on database %I to studio_app$f$, current_database()); end $$',
  )
  let before = await digestOf(admin, victim)
  for (const probe of sqlProbes({ victim, intruder })) {
    if (through.length >= enough) break
    tried++
    const outcome = await runSqlProbe(studio.appUrl, probe)
    const after = await digestOf(admin, victim)
    const changed = before !== after
    before = after
    if (changed || isLeak(outcome, victim))
      through.push(`${probe.name}: ${changed ? 'changed' : outcome.seen.slice(0, 200)}`)
  }
  return { tried, through }
}

describe('two tenants on one server', () => {
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
    expect(attacks.map(({ procedure }) => procedure).sort()).toEqual(taking.sort())
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

  test('the app has no right too many', async () => {
    expect(await tooManyRights(place.admin)).toEqual([])
  })

  test.each<readonly [string, (world: TwoTenants['victim']) => string]>([
    ['the schema of the physical tables', () => 'grant usage on schema studio_data to studio_app'],
    ['a physical table', ({ relation }) => `grant select on studio_data.${relation} to studio_app`],
    ['a column of it, to everyone', ({ relation }) => `grant select (_id) on studio_data.${relation} to public`],
    [
      'its policy',
      ({ relation }) => `create policy hole on studio_data.${relation} for select to studio_app using (true)`,
    ],
    ['no policy', ({ relation }) => `alter table studio_data.${relation} no force row level security`],
    [
      'the view without its gate',
      ({ relation }) => `create or replace view studio_rows.${relation} as select * from studio_data.${relation}`,
    ],
    ['the schema of typed views', ({ schema }) => `grant usage on schema ${schema} to public`],
    ['a typed view', ({ schema }) => `grant select on ${schema}.plans to studio_app`],
    ['the functions behind the views', () => 'grant execute on all functions in schema studio_code to studio_app'],
    ['the role of the store', () => 'grant studio_store to studio_app'],
    ['records', () => 'alter policy own_data on studio.project_data using (true)'],
    ['unique values', () => 'create policy hole on studio.project_keys for select using (true)'],
    ['changes', () => 'alter policy own_changes_read on studio.changes using (true)'],
    ['a partition of the changes', () => 'grant select on studio.changes_other to public'],
  ])('and one is noticed: %s', async (_, widen) => {
    const { admin, victim } = place
    // Roles belong to the whole server, so none of it is committed.
    await admin.query('begin')
    try {
      await admin.query(widen(victim))
      expect(await tooManyRights(admin)).not.toEqual([])
    } finally {
      await admin.query('rollback')
    }
  })

  test('there were at least two thousand probes', () => {
    console.log(`isolation: ${total} probes were refused`)
    expect(total).toBeGreaterThanOrEqual(2000)
  })
})

describe('the probes find a hole', () => {
  const hole = (table: string, policy: string) =>
    `drop policy ${policy} on studio.${table};
     create policy hole on studio.${table} for all to studio_app using (true) with check (true)`

  test.each([
    ['records', hole('project_data', 'own_data')],
    ['tables', hole('project_tables', 'own_tables')],
    ['databases', hole('project_databases', 'own_databases')],
    ['projects', hole('projects', 'own_projects')],
    ['accounts', hole('users', 'own_user')],
    ['sessions', hole('sessions', 'own_sessions')],
    ['activity', hole('audit', 'own_audit_read')],
    ['records, without row security', 'alter table studio.project_data disable row level security'],
    ['unique values', hole('project_keys', 'own_keys')],
    ['changes', hole('changes', 'own_changes_read')],
    ['logins', hole('sql_logins', 'own_sql_logins')],
    ['moves', hole('table_moves', 'own_moves')],
    [
      'dedicated records: the gate',
      ({ relation }: World) =>
        `create or replace view studio_rows.${relation} as select * from studio_data.${relation}`,
    ],
    [
      'dedicated records: the physical table',
      ({ relation }: World) => `grant usage on schema studio_data to studio_app;
        grant select on studio_data.${relation} to studio_app;
        create policy hole on studio_data.${relation} for all to studio_app using (true)`,
    ],
    [
      'a typed view',
      ({ schema }: World) =>
        `grant usage on schema ${schema} to studio_app; grant select on ${schema}.plans to studio_app`,
    ],
    [
      'a context that is not checked',
      `create or replace function studio.current_project() returns uuid
       language sql stable as $$ select nullif(current_setting('studio.project_id', true), '')::uuid $$`,
    ],
  ] as readonly (readonly [string, string | ((victim: World) => string)])[])('in %s', async (_, change) => {
    const place = await createPlace()
    try {
      await asAdmin(place.studio.adminUrl, typeof change === 'string' ? change : change(place.victim))
      expect((await trySql(place, 1)).through).not.toEqual([])
    } finally {
      await place.close()
    }
  })

  test('which the procedures show, too', async () => {
    const place = await createPlace()
    try {
      await asAdmin(place.studio.adminUrl, hole('projects', 'own_projects'))
      const probes = callProbes(place, new Map()).filter(({ procedure }) => procedure.startsWith('projects.'))
      expect((await tryCalls(place, probes)).through).not.toEqual([])
    } finally {
      await place.close()
    }
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
