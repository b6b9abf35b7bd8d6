import type { Client } from 'pg'
import { asAdmin } from './database'
import { makeDedicated } from './dedicated'
import { runInPanel } from './panel-run'
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
  /** Of the dedicated tier, with the same columns as plans. */
  readonly dedicatedTableId: string
  readonly dedicatedRecordId: string
  /** Its table in studio_data, and the app's view in studio_rows. */
  readonly relation: string
  /** The Postgres schema of the typed views. */
  readonly schema: string
  readonly viewId: string
  readonly keyId: string
  /** Rows that the SQL panel keeps. */
  readonly resultId: string
  readonly queryId: string
  /** One that wrote records. */
  readonly operation: string
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
  const { recordId, userRecordId, dedicatedTableId, dedicatedRecordId, binnedProjectId, binnedDatabaseId } = world
  return {
    projectId,
    databaseId,
    usersTableId,
    plansTableId,
    recordId,
    userRecordId,
    dedicatedTableId,
    dedicatedRecordId,
    operation: world.operation,
    viewId: world.viewId,
    keyId: world.keyId,
    resultId: world.resultId,
    queryId: world.queryId,
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
       union all select 'key', k::text from studio.project_keys k where project_id = any($2)
       union all select 'change', c::text from studio.changes c where project_id = any($2)
       union all select 'login', l::text from studio.sql_logins l where project_id = any($2)
       union all select 'role', r.rolname || ' ' || r.rolpassword from studio.sql_logins l
         join pg_authid r on r.rolname = l.role_name where project_id = any($2)
       union all select 'move', m::text from studio.table_moves m where project_id = any($2)
       union all select 'index', i::text from studio.table_indexes i where project_id = any($2)
       union all select 'saved view', v::text from studio.saved_views v where project_id = any($2)
       union all select 'version', v::text from studio.schema_versions v where project_id = any($2)
       union all select 'version table', v::text from studio.schema_version_tables v where project_id = any($2)
       union all select 'layout', l::text from studio.canvas_layouts l where project_id = any($2)
       union all select 'api key', k::text from studio.api_keys k where project_id = any($2)
       union all select 'rules', r::text from studio.access_rules r where project_id = any($2)
       union all select 'run', r::text from studio.sql_runs r where project_id = any($2)
       union all select 'draft', d::text from studio.sql_drafts d where project_id = any($2)
       union all select 'saved query', q::text from studio.saved_queries q where project_id = any($2)
       union all select 'dedicated', r::text from studio_data.${world.relation} r
       union all select 'view', pg_get_viewdef(c.oid) from pg_class c
         where c.relkind = 'v' and (c.relnamespace = $3::regnamespace or c.relname = $4)
     )
     select count(*) || ' ' || md5(string_agg(kind || row, ',' order by kind, row)) as digest from rows`,
    [userId, [world.projectId, world.binnedProjectId], world.schema, world.relation],
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
  const columns = () => [
    { name: 'title', type: 'text', default: `Untitled ${word}` },
    { name: 'owner', type: 'uuid', references: { table: 'users', column: 'id' } },
    { name: 'code', type: 'integer', unique: true },
  ]
  const plans = await client.tables.create({ databaseId, schemaJson: { name: 'plans', columns: columns() } })
  const invoices = await client.tables.create({ databaseId, schemaJson: { name: 'invoices', columns: columns() } })
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
  const dedicated = await client.records.create({
    databaseId,
    tableName: 'invoices',
    // Many, so that there are statistics of their values.
    records: Array.from({ length: 200 }, (_, n) => ({ title: `Invoice ${n % 5} ${word}`, code: n })),
  })
  const { storage } = await makeDedicated(studio, tenant.userId, databaseId, 'invoices')
  await client.connection.create({ databaseId })
  await plantRows(studio, project.id, plans.table.id)
  const [facts] = await asAdmin(
    studio.adminUrl,
    `select schema_name, (select operation from studio.changes c where c.project_id = d.project_id and c.op = 'insert' limit 1)
     from studio.project_databases d where d.id = $1`,
    [databaseId],
  )
  const { view } = await client.views.create({
    databaseId,
    tableId: plans.table.id,
    name: `Plans ${word}`,
    filters: { title: word },
  })
  await client.schema.saveLayout({
    databaseId,
    layout: { tables: { plans: { x: 1, y: 2 } }, areas: {}, notes: { a: { ...note, text: `Note ${word}` } } },
    revision: 0,
  })
  const { key } = await client.keys.create({ databaseId, name: `Key ${word}`, kind: 'secret' })
  await client.rules.set({ databaseId, tableId: plans.table.id, select: { owner: 'owner' } })
  const { results, failure } = await runInPanel(client, { databaseId, query: `select title, '${word}' from plans` })
  if (failure !== null) throw new Error(failure.message, { cause: failure })
  const { query } = await client.sqlPanel.createQuery({ databaseId, name: `Query ${word}`, text: `select '${word}'` })
  await client.sqlPanel.saveDraft({
    databaseId,
    draft: {
      id: project.id,
      place: 0,
      name: word,
      text: `-- ${word}`,
      queryId: query.id,
      results: null,
      editedAt: Date.now(),
    },
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
    dedicatedTableId: invoices.table.id,
    dedicatedRecordId: dedicated.records?.[0]?._id ?? '',
    relation: storage.tier === 'dedicated' ? storage.relation : '',
    schema: String(facts?.schema_name),
    operation: String(facts?.operation),
    viewId: view.id,
    keyId: key.id,
    resultId: results[0]?.resultId ?? '',
    queryId: query.id,
    binnedProjectId: oldProject.id,
    binnedDatabaseId: oldDatabase.id,
    ref: database.ref,
    recordCursor: nextCursor ?? '',
    activityCursor: audit.nextCursor ?? '',
  }
}

/** What the studio's workers write down of a table, without a worker that would go on with it. */
async function plantRows(studio: TestStudio, projectId: string, tableId: string): Promise<void> {
  const ids = [projectId, tableId]
  await asAdmin(
    studio.adminUrl,
    `insert into studio.table_moves (project_id, table_id, target, owner, heartbeat)
     values ($1, $2, 'dedicated', gen_random_uuid(), 'infinity')`,
    ids,
  )
  await asAdmin(
    studio.adminUrl,
    `insert into studio.table_indexes (project_id, table_id, members) values ($1, $2, '[{"key": "title", "path": []}]')`,
    ids,
  )
  await asAdmin(
    studio.adminUrl,
    `insert into studio.observed_queries (project_id, table_id, day, shape, count) values ($1, $2, now(), '{}', 1)`,
    ids,
  )
}

const note = { x: 0, y: 0, width: 100, height: 100 }
const someHash = '$2b$04$7EqJtq98hPqEX7fNZaFWoOhi5BWX4Z1rNmzcfrWkBTEq5tJMP0Yfu'
