import type { DatabaseChange } from '@shared/contract/databases.contract'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changesChannel } from '../../src/main/features/audit/notice'
import { asAdmin } from '../helpers/database'
import { createTestStudio, failureOf, signUpTenant, type Tenant, type TestStudio } from '../helpers/test-studio'

let studio: TestStudio
let ada: Tenant
beforeAll(async () => {
  studio = await createTestStudio()
  ada = await signUpTenant(studio, 'ada@example.org')
})
afterAll(() => studio.close())

async function makeDatabase(tenant = ada) {
  const { project } = await tenant.client.projects.create({ name: 'Watched' })
  const { database, tables } = await tenant.client.databases.create({ projectId: project.id })
  return { projectId: project.id, databaseId: database.id, usersId: tables[0]?.id ?? '' }
}

/** What a stranger with a login of the server hears while `work` runs. */
async function overhear(work: () => Promise<unknown>): Promise<readonly string[]> {
  const stranger = new Client({ connectionString: studio.adminUrl })
  await stranger.connect()
  const heard: string[] = []
  stranger.on('notification', ({ payload }) => void heard.push(payload ?? ''))
  try {
    await stranger.query(`listen ${changesChannel}`)
    await work()
    // A notice comes before the answer to what is asked after it was sent.
    await stranger.query('select 1')
    return heard
  } finally {
    await stranger.end()
  }
}

const person = (email: string) => ({ email, password_hash: 'a long password' })

async function next(changes: AsyncIterator<DatabaseChange>): Promise<unknown> {
  return (await changes.next()).value
}

test('a second window hears of a record that is written', async () => {
  const { databaseId, usersId } = await makeDatabase()
  const [one, two] = await Promise.all([
    ada.client.databases.watch({ databaseId }),
    ada.client.databases.watch({ databaseId }),
  ])
  const heard = [one, two].map(async (changes) => {
    for await (const change of changes) if (change.kind === 'records') return change
    return null
  })
  await ada.client.records.create({ databaseId, tableName: 'users', record: person('a@example.org') })
  expect(await Promise.all(heard)).toEqual(Array(2).fill({ kind: 'records', tableId: usersId }))
})

test('what was committed just before a watcher came is told when it comes, and old changes are not', async () => {
  const { projectId, databaseId, usersId } = await makeDatabase()
  const anHourAgo = "update studio.audit set at = at - interval '1 hour' where project_id = $1"
  await asAdmin(studio.adminUrl, anHourAgo, [projectId])
  await ada.client.records.create({ databaseId, tableName: 'users', record: person('b@example.org') })
  const changes = await ada.client.databases.watch({ databaseId })
  expect(await next(changes)).toEqual({ kind: 'records', tableId: usersId })
  await changes.return(undefined)

  await asAdmin(studio.adminUrl, anHourAgo, [projectId])
  const later = await ada.client.databases.watch({ databaseId })
  await ada.client.projects.update({ projectId, name: 'Renamed' })
  expect(await next(later)).toEqual({ kind: 'project', tableId: null })
  await later.return(undefined)
})

test('a long transaction of SQL that ended just before a watcher came is told', async () => {
  const { projectId, databaseId, usersId } = await makeDatabase()
  await asAdmin(studio.adminUrl, "update studio.audit set at = at - interval '1 hour' where project_id = $1", [
    projectId,
  ])
  await asAdmin(
    studio.adminUrl,
    `insert into studio.audit (project_id, at, operation, actor, action, sentence, table_id)
     values ($1, clock_timestamp() - interval '3 minutes', gen_random_uuid(), 'SQL', 'records.sql', 'Changed', $2)`,
    [projectId, usersId],
  )
  const changes = await ada.client.databases.watch({ databaseId })
  expect(await next(changes)).toEqual({ kind: 'records', tableId: usersId })
  await changes.return(undefined)
})

test('notices say nothing to who has not the project’s key', async () => {
  const { projectId, databaseId, usersId } = await makeDatabase()
  const heard = await overhear(async () => {
    await ada.client.projects.update({ projectId, name: 'Same' })
    await ada.client.records.create({ databaseId, tableName: 'users', record: person('c@example.org') })
    await ada.client.records.create({ databaseId, tableName: 'users', record: person('d@example.org') })
  })
  expect(heard.length).toBeGreaterThanOrEqual(3)
  expect(new Set(heard).size).toBe(heard.length)
  const known = [projectId, databaseId, usersId].flatMap((id) => [id, id.replaceAll('-', '')])
  for (const payload of heard) {
    expect(payload).toMatch(/^\d+\.[0-9a-f]{32}\.[0-9a-f]{32}$/)
    for (const id of known) expect(payload).not.toContain(id)
  }
  // No two of them have anything in common but their form.
  const parts = heard.flatMap((payload) => payload.split('.').slice(1))
  expect(new Set(parts).size).toBe(parts.length)
})

test('the key is the project’s own, and no role of a tenant reads the secret', async () => {
  const { databaseId } = await makeDatabase()
  const other = await makeDatabase()
  const eve = await signUpTenant(studio, 'eve@example.org')
  const keyIn = (account: string, id: string) =>
    studio.db.withDatabase(account, id, async (tx) => {
      const [row] = await tx.query<{ key: string }>({ text: 'select studio.notice_key() as key', values: [] })
      return row?.key
    })
  const key = await keyIn(ada.userId, databaseId)
  expect(key).toMatch(/^[0-9a-f]{64}$/)
  expect(await keyIn(ada.userId, databaseId)).toBe(key)
  expect(await keyIn(ada.userId, other.databaseId)).not.toBe(key)
  expect((await failureOf(keyIn(eve.userId, databaseId).catch(rethrow))).code).toBe('NOT_FOUND')
  for (const role of ['studio_app', 'studio_store']) {
    const refused = asAdmin(studio.adminUrl, 'select 1').then(() =>
      asRole(role, 'select secret from studio.notice_secret'),
    )
    await expect(refused).rejects.toThrow('permission denied')
  }
  await expect(asRole('public_nobody', "select studio.tell(gen_random_uuid(), 'records', null)")).rejects.toThrow()
})

test('a change that is rolled back is not told, and what strangers notify is not believed', async () => {
  const { projectId, databaseId, usersId } = await makeDatabase()
  await asAdmin(studio.adminUrl, "update studio.audit set at = at - interval '1 hour' where project_id = $1", [
    projectId,
  ])
  const changes = await ada.client.databases.watch({ databaseId })
  const first = changes.next()
  const taken = { databaseId, schemaJson: { name: 'users', columns: [{ name: 'x', type: 'text' }] } }
  expect((await failureOf(ada.client.tables.create(taken))).code).toBe('CONFLICT')
  const notify = (payload: string) => asAdmin(studio.adminUrl, "select pg_notify('studio_changes', $1)", [payload])
  await notify('not json')
  await notify(JSON.stringify({ projectId, kind: 'records', tableId: usersId }))
  await notify(`1.${'0'.repeat(32)}.${'0'.repeat(32)}`)
  await asAdmin(studio.adminUrl, "select studio.tell(gen_random_uuid(), 'records', $1)", [usersId])
  await ada.client.projects.update({ projectId, name: 'Renamed' })
  expect((await first).value).toEqual({ kind: 'project', tableId: null })
  await changes.return(undefined)
})

test('a watcher whose sign-in is revoked hears nothing more', async () => {
  const eve = await signUpTenant(studio, 'mallory@example.org')
  const { projectId, databaseId, usersId } = await makeDatabase(eve)
  await asAdmin(studio.adminUrl, "update studio.audit set at = at - interval '1 hour' where project_id = $1", [
    projectId,
  ])
  const changes = await eve.client.databases.watch({ databaseId })
  const ended = failureOf(changes.next())
  await asAdmin(studio.adminUrl, 'update studio.sessions set revoked_at = now() where user_id = $1', [eve.userId])
  await asAdmin(studio.adminUrl, "select studio.tell($1, 'records', $2)", [projectId, usersId])
  expect((await ended).code).toBe('UNAUTHENTICATED')
})

test('the first watcher of a server misses nothing', async () => {
  const fresh = await createTestStudio()
  try {
    const { client } = await signUpTenant(fresh, 'first@example.org')
    const { project } = await client.projects.create({ name: 'First' })
    const { database } = await client.databases.create({ projectId: project.id })
    await asAdmin(fresh.adminUrl, "update studio.audit set at = at - interval '1 hour'")
    const changes = await client.databases.watch({ databaseId: database.id })
    await client.projects.update({ projectId: project.id, name: 'Renamed' })
    expect(await next(changes)).toEqual({ kind: 'project', tableId: null })
    const waiting = changes.next()
    await changes.return(undefined)
    expect((await waiting).done).toBe(true)
  } finally {
    await fresh.close()
  }
})

test('a watcher whose connection to Postgres was made again is told to ask for everything', async () => {
  const { projectId, databaseId } = await makeDatabase()
  await asAdmin(studio.adminUrl, "update studio.audit set at = at - interval '1 hour' where project_id = $1", [
    projectId,
  ])
  const changes = await ada.client.databases.watch({ databaseId })
  await asAdmin(
    studio.adminUrl,
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
     where datname = current_database() and application_name = 'tessera-listen'`,
  )
  await ada.client.projects.update({ projectId, name: 'Renamed while nobody listens' })
  const told = [await next(changes), await next(changes)]
  expect(told).toContainEqual({ kind: 'tables', tableId: null })
  expect(told).toContainEqual({ kind: 'records', tableId: null })
  await ada.client.projects.update({ projectId, name: 'Renamed again' })
  expect(await next(changes)).toEqual({ kind: 'project', tableId: null })
  await changes.return(undefined)
})

async function asRole(role: string, text: string) {
  const client = new Client({ connectionString: studio.adminUrl })
  await client.connect()
  try {
    await client.query(`set role ${role}`)
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

/** `failureOf` reads errors of procedures, which carry `data`. */
function rethrow(error: unknown): never {
  if (error instanceof Error) throw Object.assign(error, { data: null })
  throw error
}
