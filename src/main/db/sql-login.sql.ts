import { identifier, inlined, join, type SqlQuery, sql } from './sql'
import type { SqlLogin } from './sql-login'

/** Milliseconds that any statement of a login may take, and that it may hold a transaction open doing nothing. */
export const longestStatement = 300_000
const longestIdle = 60_000

/** One admin at a time: two that change the rights of one schema at once fail with "tuple concurrently updated". */
export const lockLoginsSql = sql`select pg_advisory_xact_lock(5231804411208)`

export function roleExistsSql(role: string): SqlQuery {
  return sql`select rolname from pg_catalog.pg_roles where rolname = ${role}`
}

export function createRoleSql(role: string): SqlQuery {
  return sql`create role ${identifier(role)} nologin`
}

export function hasRightsOfSql(role: string): SqlQuery {
  return sql`select 1 as has where pg_catalog.pg_has_role(${role}, 'USAGE')`
}

export function takeRightsOfSql(role: string): SqlQuery {
  return sql`grant ${identifier(role)} to current_user`
}

/** The attributes it must not have are those that a role does not get unless it is said. */
export function alterRoleSql({ role, connections }: SqlLogin, verifier: string): SqlQuery {
  return inlined(
    sql`alter role ${identifier(role)} with login noinherit
      connection limit ${connections} password ${verifier} valid until 'infinity'`,
  )
}

/** It can change these for itself; the studio's own clocks hold whoever does. */
export function roleSettingsSql({ role, schema }: SqlLogin): readonly SqlQuery[] {
  const name = identifier(role)
  return [
    sql`alter role ${name} reset all`,
    sql`alter role ${name} set search_path = ${identifier(schema)}`,
    inlined(sql`alter role ${name} set statement_timeout = ${longestStatement}`),
    inlined(sql`alter role ${name} set idle_in_transaction_session_timeout = ${longestIdle}`),
    sql`alter role ${name} set jit = off`,
    // As the studio's own sessions have it (pool.ts).
    sql`alter role ${name} set random_page_cost = 1.1`,
  ]
}

/** Only a superuser may set it, and then the login cannot change it: one query fills no disk. */
export function tempLimitSql(role: string): SqlQuery {
  return sql`alter role ${identifier(role)} set temp_file_limit = '1GB'`
}

export const actAsStoreSql = sql`set local role studio_store`

export function grantsSql({ role, schema }: SqlLogin): readonly SqlQuery[] {
  const name = identifier(role)
  const place = identifier(schema)
  const rights = sql`select, insert, update, delete`
  return [
    sql`grant usage on schema ${place} to ${name}`,
    sql`grant ${rights} on all tables in schema ${place} to ${name}`,
    sql`alter default privileges in schema ${place} grant ${rights} on tables to ${name}`,
  ]
}

export function revokeGrantsSql(role: string, schemas: readonly string[]): readonly SqlQuery[] {
  const name = identifier(role)
  return schemas.flatMap((schema) => {
    const place = identifier(schema)
    return [
      sql`alter default privileges in schema ${place} revoke all on tables from ${name}`,
      sql`revoke all on all tables in schema ${place} from ${name}`,
      sql`revoke all on schema ${place} from ${name}`,
    ]
  })
}

/** Schemas in which it has rights. */
export function schemasOfRoleSql(role: string): SqlQuery {
  return sql`select n.nspname as name from pg_catalog.pg_namespace n, pg_catalog.pg_roles r
    where r.rolname = ${role} and exists (
      select from pg_catalog.aclexplode(n.nspacl) a where a.grantee = r.oid)`
}

export function dropRoleSql(role: string): SqlQuery {
  return sql`drop role if exists ${identifier(role)}`
}

export function endSessionsSql(role: string): SqlQuery {
  return sql`select pg_catalog.pg_terminate_backend(pid) from pg_catalog.pg_stat_activity where usename = ${role}`
}

export function mayLoginSql(role: string, may: boolean): SqlQuery {
  return may ? sql`alter role ${identifier(role)} login` : sql`alter role ${identifier(role)} nologin`
}

/** TEMP and CREATE are what a login could hide things in or fill the disk with. Databases cloned from another lose it. */
export function closeDatabaseSql(database: string): SqlQuery {
  return join([sql`revoke temporary, create on database`, identifier(database), sql`from public`], ' ')
}

/** Whether public may still make temporary tables here. */
export const databaseFactsSql = sql`select current_database() as name, exists (
    select from pg_catalog.pg_database d, pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) a
    where d.datname = current_database() and a.grantee = 0 and a.privilege_type in ('TEMPORARY', 'CREATE')
  ) as open,
  (select rolsuper from pg_catalog.pg_roles where rolname = current_user) as superuser`

export const strayLoginsSql = sql`select role_name, todo from studio.stray_logins()`
export const actAsOwnerSql = sql`set local role studio_owner`
export const actAsAdminSql = sql`set local role none`

export function forgetLoginSql(role: string): SqlQuery {
  return sql`select studio.forget_login(${role})`
}

/** Milliseconds that a schema edit may wait for a lock of a login (it gives up after 5,000), and that others may. */
const longestForEdit = 2_000
const longestForOthers = 8_000

/**
 * A transaction that a person keeps open in the SQL panel says so by this name, which SQL cannot set: only the studio
 * logs in as a runner, and refuses to change such settings. Milliseconds that it may take.
 */
const keptTransaction = 'tessera-kept'
export const longestKept = 31 * 60_000
export const keepTransactionSql = inlined(
  sql`set application_name = ${keptTransaction}; set local idle_in_transaction_session_timeout = 0`,
)

/**
 * Ends sessions of logins that have a transaction open too long, or that hold up the studio: their timeouts are settings
 * of the session, which it can change. Answers how many logins have a session that does something, and how many ended.
 */
export const endHogsSql = inlined(sql`
  with logins as (
    select a.pid, a.xact_start, case
        when a.usename ~ '^tr_' and a.application_name = ${keptTransaction} then ${longestKept} else ${longestStatement}
      end * interval '1 millisecond' as patience
    from pg_catalog.pg_stat_activity a
    where a.datname = current_database() and a.usename ~ '^t[ru]_[0-9a-f]{24}$' and a.xact_start is not null
  ), waiting as (
    select b.pid, b.state_change, bool_or(l.mode = 'AccessExclusiveLock' or l.locktype = 'advisory') as edits
    from pg_catalog.pg_stat_activity b join pg_catalog.pg_locks l on l.pid = b.pid and not l.granted
    where exists (select from logins) and b.datname = current_database() and b.wait_event_type = 'Lock'
      and b.usename !~ '^t[ru]_[0-9a-f]{24}$'
    group by b.pid, b.state_change
  ), blocking as (
    select unnest(pg_catalog.pg_blocking_pids(w.pid)) as pid from waiting w
    where w.state_change < clock_timestamp()
      - case when w.edits then ${longestForEdit} else ${longestForOthers} end * interval '1 millisecond'
  ), hogs as (
    select pid from logins where xact_start < clock_timestamp() - patience or pid in (select pid from blocking)
  )
  select (select count(*)::int from logins) as busy, count(pg_catalog.pg_terminate_backend(pid))::int as ended from hogs`)
