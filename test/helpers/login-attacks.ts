import { Client } from 'pg'
import { asAdmin } from './database'
import { makeDedicated } from './dedicated'
import type { TestStudio } from './test-studio'
import { createTwoTenants, secretText, type World } from './two-tenants'

/** One thing that somebody with a login of their own database tries, in a session of that login. */
export interface Attack {
  readonly name: string
  readonly statement: string
  /** Postgres must refuse it; otherwise it is enough that nothing of the victim is seen or changed. */
  readonly refused: boolean
}

export interface Outcome {
  /** Rows, notices and the error, as text. */
  readonly seen: string
  readonly failed: boolean
}

export interface LoginWorld {
  readonly victim: World
  readonly intruder: World
  /** What may be in no answer. */
  readonly secrets: readonly string[]
  readonly victimSchema: string
  readonly victimRelation: string | null
  readonly victimOids: readonly number[]
  /** A session of the studio's own login of the intruder's database, and one of the intruder's psql. */
  readonly logins: Readonly<Record<'runner' | 'person', { readonly role: string; readonly url: string }>>
  /** A login of the victim's database: a role that might be taken. */
  readonly victimRole: string
}

/** Two tenants with the same tables, one more of the victim's with names that are in no other, and their logins. */
export async function createLoginWorld(studio: TestStudio, tier: 'shared' | 'dedicated'): Promise<LoginWorld> {
  const { victim, intruder } = await createTwoTenants(studio)
  await victim.tenant.client.tables.create({
    databaseId: victim.databaseId,
    schemaJson: {
      name: `ledger_${secretText}`,
      columns: [
        { name: `margin_${secretText}`, type: 'text', default: `default ${secretText}` },
        { name: 'code', type: 'integer', unique: true },
      ],
    },
  })
  await victim.tenant.client.records.create({
    databaseId: victim.databaseId,
    tableName: `ledger_${secretText}`,
    record: { [`margin_${secretText}`]: `value ${secretText}`, code: 1 },
  })
  if (tier === 'dedicated') {
    await makeDedicated(studio, victim.tenant.userId, victim.databaseId, `ledger_${secretText}`)
    for (const world of [victim, intruder]) await makeDedicated(studio, world.tenant.userId, world.databaseId, 'plans')
  }
  for (const world of [victim, intruder]) {
    await world.tenant.client.sql.run({ databaseId: world.databaseId, query: 'select count(*) from plans' })
    await world.tenant.client.connection.create({ databaseId: world.databaseId })
  }
  await asAdmin(studio.adminUrl, 'analyze')
  const [schema] = await asAdmin(
    studio.adminUrl,
    'select schema_name as name from studio.project_databases where id = $1',
    [victim.databaseId],
  )
  const victimSchema = String(schema?.name)
  const [relation] = await asAdmin(
    studio.adminUrl,
    `select storage ->> 'relation' as name from studio.project_tables where table_name = $1`,
    [`ledger_${secretText}`],
  )
  const oids = await asAdmin(
    studio.adminUrl,
    `select c.oid::int as oid from pg_class c where c.relnamespace = $1::regnamespace or c.relname = $2`,
    [victimSchema, String(relation?.name)],
  )
  const { login } = await intruder.tenant.client.connection.get({ databaseId: intruder.databaseId })
  if (login === null) throw new Error('No login')
  const runner = await loginRow(studio, intruder.databaseId, 'runner')
  const url = new URL(login.url)
  url.username = runner.role_name
  url.password = runner.password
  return {
    victim,
    intruder,
    secrets: [secretText, victim.tenant.email, victim.databaseId, victim.projectId, victim.plansTableId],
    victimSchema,
    victimRelation: relation?.name === null ? null : String(relation?.name),
    victimOids: oids.map(({ oid }) => Number(oid)),
    logins: { runner: { role: runner.role_name, url: url.href }, person: { role: login.user, url: login.url } },
    victimRole: (await loginRow(studio, victim.databaseId, 'person')).role_name,
  }
}

async function loginRow(studio: TestStudio, databaseId: string, kind: string) {
  const [row] = await asAdmin(
    studio.adminUrl,
    `select role_name, studio.login_password(role_name, generation) as password
      from studio.sql_logins where database_id = $1 and kind = $2`,
    [databaseId, kind],
  )
  return {
    role_name: String(row?.role_name),
    password: String(row?.password),
  }
}

/** Runs it in a session of its own, whose transaction is committed: what it could change, it has changed. */
export async function attack(url: string, statement: string): Promise<Outcome> {
  const client = new Client({ connectionString: url })
  const seen: unknown[] = []
  client.on('notice', (notice) => seen.push(notice.message, notice.detail))
  client.on('notification', (notification) => seen.push(notification.channel, notification.payload))
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(`set statement_timeout = '10s'`)
    const answer: unknown = await client.query(statement)
    const results = Array.isArray(answer) ? answer : [answer]
    seen.push(results.map((result: { rows: unknown }) => result.rows))
    return { seen: JSON.stringify(seen), failed: false }
  } catch (error) {
    const { message, detail, hint, where } = error as Error & { detail?: string; hint?: string; where?: string }
    seen.push(message, detail, hint, where)
    return { seen: JSON.stringify(seen), failed: true }
  } finally {
    await client.end()
  }
}

/** What of the victim's is in the answer. The attacker's own words (in an error that quotes them) are no news. */
export function leaked(world: LoginWorld, statement: string, { seen }: Outcome): readonly string[] {
  return world.secrets.filter((secret) => seen.includes(secret) && !statement.includes(secret))
}

export function attacks(world: LoginWorld): readonly Attack[] {
  const { victim, intruder, victimSchema, victimRole, victimOids } = world
  const refused = (name: string, statement: string): Attack => ({ name, statement, refused: true })
  const blind = (name: string, statement: string): Attack => ({ name, statement, refused: false })
  const relation = world.victimRelation ?? 'nothing'
  const oids = victimOids.join(', ')
  return [
    // Other roles
    refused('set role to the store', 'set role studio_store'),
    refused('set role to the app', 'set role studio_app'),
    refused('set role to the owner', 'set role studio_owner'),
    refused('set role to the superuser', 'set role postgres'),
    refused("set role to the victim's login", `set role ${victimRole}`),
    refused('set session authorization', 'set session authorization postgres'),
    refused('set role by a setting', `select set_config('role', 'studio_store', false)`),
    refused('set role by SET', `set "role" = 'studio_store'`),
    blind('reset role', `reset role; select current_user, session_user`),
    refused('grant itself a role', 'grant studio_store to current_user'),
    refused('make a role', 'create role planted superuser'),
    refused('change the role of another', `alter role ${victimRole} password 'x'`),
    refused('become superuser', 'alter role current_user superuser'),
    refused('own its schema', `alter schema ${'public'} owner to current_user`),
    // Other data
    refused('read the records', 'select * from studio.project_data'),
    refused(
      'read the records after set_config',
      `set studio.project_id = '${victim.projectId}'; select * from studio.project_data`,
    ),
    refused('read the projects', 'select * from studio.projects'),
    refused('read the change log', 'select * from studio.changes'),
    refused('read the keys', 'select * from studio.project_keys'),
    refused('read the logins', 'select * from studio.sql_logins'),
    refused("read the victim's view", `select * from ${victimSchema}.plans`),
    refused('read it with another search path', `set search_path = ${victimSchema}; select * from ledger_${'xyzzy'}`),
    refused("write the victim's view", `insert into ${victimSchema}.plans (title) values ('planted')`),
    refused('read a physical table', `select * from studio_data.${relation}`),
    refused("read the app's way to it", `select * from studio_rows.${relation}`),
    refused('call the functions behind views', `select studio_code.w_${victim.plansTableId.replaceAll('-', '')}()`),
    refused(
      'write the change log by its function',
      `select studio.log_change('${victim.projectId}', '${victim.plansTableId}', 'plans', gen_random_uuid(), 'insert', 1, null, '{}')`,
    ),
    refused('call the system functions', 'select * from studio.local_owner()'),
    refused('empty the bin', `select studio.empty_bin('0 seconds')`),
    refused('list stray logins', 'select * from studio.stray_logins()'),
    blind(
      'change its tenant context',
      `set studio.project_id = '${victim.projectId}'; set studio.account_id = '${victim.tenant.userId}'; select * from plans`,
    ),
    blind('look through its own view with a cast that fails', `select title::integer from plans`),
    blind(
      'look through its own view with a division',
      `select * from plans where 1 / (case when title like '%zz%' then 0 else 1 end) = 2`,
    ),
    blind('look through in parallel', `set debug_parallel_query = on; select * from plans where title ~ 'x.*y'`),
    blind('turn row security off', 'set row_security = off; select * from plans'),
    blind('lock its own rows', 'select * from plans for update'),
    // The catalogue
    ...[
      'pg_class',
      'pg_attribute',
      'pg_attrdef',
      'pg_type',
      'pg_proc',
      'pg_rewrite',
      'pg_trigger',
      'pg_constraint',
      'pg_index',
      'pg_depend',
      'pg_description',
      'pg_statistic',
      'pg_statistic_ext',
      'pg_statistic_ext_data',
      'pg_authid',
      'pg_shadow',
      'pg_tables',
      'pg_views',
      'pg_indexes',
      'pg_rules',
      'pg_policies',
      'pg_stats',
      'pg_stats_ext',
      'pg_locks',
      'pg_stat_activity',
      'pg_stat_all_tables',
      'pg_stat_user_tables',
      'pg_statio_user_tables',
      'pg_stat_user_indexes',
      'pg_stat_xact_user_tables',
      'pg_stat_user_functions',
      'pg_stat_database',
      'pg_roles',
      'pg_user',
      'pg_auth_members',
      'pg_db_role_setting',
      'pg_namespace',
      'pg_default_acl',
      'pg_policy',
      'pg_hba_file_rules',
      'pg_file_settings',
    ].map((name) => refused(`read ${name}`, `select * from pg_catalog.${name}`)),
    ...[
      'tables',
      'columns',
      'views',
      'triggers',
      'routines',
      'table_constraints',
      'key_column_usage',
      'schemata',
      'column_privileges',
      'table_privileges',
      'view_table_usage',
      'view_column_usage',
      'triggered_update_columns',
      'element_types',
      'udt_privileges',
      'usage_privileges',
      'role_table_grants',
      'check_constraints',
      'attributes',
      'user_defined_types',
      'data_type_privileges',
      'sequences',
      'parameters',
      'referential_constraints',
    ].map((name) => blind(`read information_schema.${name}`, `select * from information_schema.${name}`)),
    blind('the definition of a view', `select pg_get_viewdef(o) from unnest(array[${oids}]) o`),
    blind('the definition of a trigger or rule', `select pg_get_ruledef(o::oid) from generate_series(1, 40000) o`),
    refused('the text of functions', `select pg_get_functiondef(o::oid) from generate_series(16384, 16400) o`),
    refused('rows by the statistics', `select pg_stat_get_live_tuples(o) from unnest(array[${oids}]) o`),
    refused('rows by writes', `select pg_stat_get_tuples_inserted(o) from unnest(array[${oids}]) o`),
    refused('rows by size', `select pg_relation_size(o) from unnest(array[${oids}]) o`),
    refused('rows by size, all of it', `select pg_total_relation_size(o) from unnest(array[${oids}]) o`),
    refused('the size of the database', 'select pg_database_size(current_database())'),
    refused('a description', `select obj_description(o, 'pg_class') from unnest(array[${oids}]) o`),
    refused('what an object is', `select pg_identify_object(1259, o, 0) from unnest(array[${oids}]) o`),
    refused('the columns by a row type', `select (null::${victimSchema}.plans).*`),
    refused('the columns by json', `select json_populate_record(null::${victimSchema}.plans, '{}')`),
    refused('a name in a schema', `select '${victimSchema}.plans'::regclass`),
    refused('explain of theirs', `explain select * from ${victimSchema}.plans`),
    // Files, programs, other servers, functions that run text
    refused('copy to a program', `copy (select 1) to program 'true'`),
    refused('copy from a program', `copy plans from program 'true'`),
    refused('copy to a file', `copy plans to '/tmp/planted'`),
    refused('copy the records out', 'copy studio.project_data to stdout'),
    refused('read a file', `select pg_read_file('PG_VERSION')`),
    refused('read a binary file', `select pg_read_binary_file('PG_VERSION')`),
    refused('list files', `select pg_ls_dir('.')`),
    refused('stat a file', `select pg_stat_file('PG_VERSION')`),
    refused('import a large object', `select lo_import('/etc/passwd')`),
    refused('export a large object', `select lo_export(1, '/tmp/planted')`),
    refused('make a large object', 'select lo_create(0)'),
    refused('write a large object', `select lo_from_bytea(0, 'x')`),
    refused('dblink', `select * from dblink('dbname=postgres', 'select 1') as t (a int)`),
    refused('install an extension', 'create extension dblink'),
    refused('make a foreign server', 'create server s foreign data wrapper nothing'),
    refused('run text through xml', `select query_to_xml('select * from studio.project_data', true, false, '')`),
    refused('run text of its own through xml', `select query_to_xml('select 1', true, false, '')`),
    refused('run text through a schema of xml', `select schema_to_xml('${victimSchema}', true, false, '')`),
    refused('run text through a database of xml', `select database_to_xml(true, false, '')`),
    refused('run text through a table of xml', `select table_to_xml('pg_authid', true, false, '')`),
    refused('run text through a cursor', `select cursor_to_xml('c', 1, true, false, '')`),
    refused('run text through ts_stat', `select * from ts_stat('select title::tsvector from plans')`),
    refused('run text through ts_rewrite', `select ts_rewrite('a'::tsquery, 'select ''a''::tsquery, ''b''::tsquery')`),
    refused('an anonymous block', 'do $$ begin perform 1; end $$'),
    refused('signal others', `select pg_terminate_backend(pid) from pg_stat_activity`),
    refused('reload the server', 'select pg_reload_conf()'),
    refused('rotate its log', 'select pg_rotate_logfile()'),
    refused('a checkpoint', 'checkpoint'),
    refused('write the log of the server', `select pg_logical_emit_message(false, 'a', 'b')`),
    refused('a replication slot', `select pg_create_physical_replication_slot('planted')`),
    refused('change the server', `alter system set work_mem = '1GB'`),
    // Things to leave behind
    refused('a temporary table', 'create temp table planted (a int)'),
    refused('a temporary view', 'create temp view planted as select 1'),
    refused('a temporary function', `create function pg_temp.f() returns int language sql as 'select 1'`),
    refused('a table', 'create table planted (a int)'),
    refused('a table elsewhere', 'create table public.planted (a int)'),
    refused('a table by select into', 'select 1 as a into planted'),
    refused('a view', 'create view planted as select 1'),
    refused('a function', `create function planted() returns int language sql as 'select 1'`),
    refused('an operator', 'create operator === (leftarg = int, rightarg = int, function = int4eq)'),
    refused('a type', 'create type planted as (a int)'),
    refused('a schema', 'create schema planted'),
    refused('a database', 'create database planted'),
    refused(
      'a trigger on a view',
      'create trigger planted instead of insert on plans execute function suppress_redundant_updates_trigger()',
    ),
    refused('a rule on a view', 'create rule planted as on insert to plans do also select 1'),
    refused('another owner of a view', 'alter view plans owner to current_user'),
    refused('a view without its barrier', 'alter view plans set (security_barrier = false)'),
    blind('rights for others', 'grant select on plans to public'),
    refused('its views dropped', 'drop view plans'),
    refused('a comment', `comment on view plans is 'planted'`),
    refused('default rights', 'alter default privileges for role studio_store grant all on tables to public'),
    refused('a publication', 'create publication planted for table plans'),
    refused('a subscription', `create subscription planted connection '' publication planted`),
    refused('an event trigger', 'create event trigger planted on ddl_command_start execute function planted()'),
    refused('truncate', 'truncate plans'),
    refused('vacuum full of the records', 'vacuum full studio.project_data; select * from studio.project_data'),
    // Locks and noise
    refused('a lock of the studio', `select pg_advisory_lock(hashtextextended('schema:${victim.databaseId}', 0))`),
    refused('a lock of the studio, if it is free', `select pg_try_advisory_xact_lock(1)`),
    refused('a lock on the records', 'lock table studio.project_data in access exclusive mode'),
    refused('a lock on a view that stops all', `begin; lock table ${victimSchema}.plans; commit`),
    refused('a notice to all windows', `select pg_notify('studio_changes', '{}')`),
    blind('listen for notices', `listen studio_changes; select pg_sleep(0.2)`),
    refused('files without a limit', 'set temp_file_limit = -1'),
    // Its own database works
    blind('read its own', `select title from plans where title like 'Plan%'`),
    blind('write its own', `insert into plans (title) values ('mine'); delete from plans where title = 'mine'`),
    blind('its own context is constant', `set studio.project_id = '${intruder.projectId}'; select count(*) from plans`),
  ]
}
