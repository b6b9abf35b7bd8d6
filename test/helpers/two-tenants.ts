import type { Client } from 'pg'
import { asAdmin } from './database'
import { signUpTenant, type Tenant, type TestStudio } from './test-studio'

/** Stands in every text that only the victim may read. */
export const secretText = 'xyzzy'

export interface World {
  readonly tenant: Tenant
  readonly sessionId: string
  readonly projectId: string
  readonly databaseId: string
  readonly usersTableId: string
  readonly plansTableId: string
  readonly binnedTableId: string
  readonly recordId: string
  readonly userRecordId: string
  readonly binnedProjectId: string
  readonly binnedDatabaseId: string
  readonly ref: string
  /** Places in the victim's lists, as their own answers gave them. */
  readonly recordCursor: string
  readonly activityCursor: string
}

export interface TwoTenants {
  readonly victim: World
  /** Has the same tables by the same names, so that what is looked up by name is found in the wrong place. */
  readonly intruder: World
}

export async function createTwoTenants(studio: TestStudio): Promise<TwoTenants> {
  const victim = await createWorld(studio, `victim-${secretText}@example.org`, secretText)
  const intruder = await createWorld(studio, 'intruder@example.org', 'plain')
  // Statistics hold values too, and an index is only chosen where there are some.
  await asAdmin(studio.adminUrl, 'analyze')
  return { victim, intruder }
}

/** Every id of a tenant, by what it names. */
export function idsOf(world: World) {
  const { sessionId, projectId, databaseId, usersTableId, plansTableId, binnedTableId } = world
  const { recordId, userRecordId, binnedProjectId, binnedDatabaseId } = world
  return {
    projectId,
    databaseId,
    usersTableId,
    plansTableId,
    recordId,
    userRecordId,
    binnedTableId,
    binnedProjectId,
    binnedDatabaseId,
    sessionId,
    userId: world.tenant.userId,
  }
}

/** A digest of every row there is of a tenant: what an intruder must not change. */
export async function digestOf(admin: Client, world: World): Promise<string> {
  const { userId } = world.tenant
  const { rows } = await admin.query(
    `with rows as (
       select 'user' as kind, u::text as row from studio.users u where id = $1
       union all select 'project', p::text from studio.projects p where user_id = $1
       union all select 'session', s::text from studio.sessions s where user_id = $1
       union all select 'account audit', a::text from studio.account_audit a where user_id = $1
       union all select 'database', d::text from studio.project_databases d where project_id = any($2)
       union all select 'table', t::text from studio.project_tables t where project_id = any($2)
       union all select 'record', r::text from studio.project_data r where project_id = any($2)
       union all select 'audit', a::text from studio.audit a where project_id = any($2)
     )
     select count(*) || ' ' || md5(string_agg(kind || row, ',' order by kind, row)) as digest from rows`,
    [userId, [world.projectId, world.binnedProjectId]],
  )
  return String(rows[0]?.digest)
}

async function createWorld(studio: TestStudio, email: string, word: string): Promise<World> {
  const tenant = await signUpTenant(studio, email)
  const { client } = tenant
  const { sessions } = await client.session.list()
  const { project } = await client.projects.create({ name: `Shop ${word}`, description: `About ${word}` })
  const { database, tables } = await client.databases.create({ projectId: project.id })
  const databaseId = database.id
  const plans = await client.tables.create({
    databaseId,
    schemaJson: {
      name: 'plans',
      columns: [
        { name: 'title', type: 'text', default: `Untitled ${word}` },
        { name: 'owner', type: 'uuid', references: { table: 'users', column: 'id' } },
        { name: 'code', type: 'integer', unique: true },
      ],
    },
  })
  const user = await client.records.create({
    databaseId,
    tableName: 'users',
    record: { email: `customer-${word}@example.org`, password_hash: someHash, full_name: `Name ${word}` },
  })
  const records = await client.records.create({
    databaseId,
    tableName: 'plans',
    records: [1, 2, 3].map((n) => ({ title: `Plan ${n} ${word}`, owner: user.record?._id ?? null, code: n })),
  })
  const { nextCursor } = await client.records.query({ databaseId, tableName: 'plans', limit: 1 })
  for (let index = 0; index < 50; index++)
    await client.projects.update({ projectId: project.id, description: `${index} ${word}` })
  const audit = await client.databases.audit({ databaseId })

  const binned = await client.tables.create({ databaseId, schemaJson: { name: 'old', columns: [] } })
  await client.tables.delete({ databaseId, tableId: binned.table.id })
  const { project: oldProject } = await client.projects.create({ name: `Old ${word}` })
  const { database: oldDatabase } = await client.databases.create({ projectId: oldProject.id })
  await client.projects.delete({ projectId: oldProject.id })
  return {
    tenant,
    sessionId: sessions[0]?.id ?? '',
    projectId: project.id,
    databaseId,
    usersTableId: tables[0]?.id ?? '',
    plansTableId: plans.table.id,
    binnedTableId: binned.table.id,
    recordId: records.records?.[0]?._id ?? '',
    userRecordId: user.record?._id ?? '',
    binnedProjectId: oldProject.id,
    binnedDatabaseId: oldDatabase.id,
    ref: database.ref,
    recordCursor: nextCursor ?? '',
    activityCursor: audit.nextCursor ?? '',
  }
}

const someHash = '$2b$04$7EqJtq98hPqEX7fNZaFWoOhi5BWX4Z1rNmzcfrWkBTEq5tJMP0Yfu'
