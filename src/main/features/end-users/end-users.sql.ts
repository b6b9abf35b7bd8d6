import { identifier, join, type SqlQuery, sql } from '../../db/sql'
import { rowsOf, type TableAt } from '../records/page.sql'
import { wholeRecord } from '../records/record-row.sql'
import { ownRecords, recordId, recordsOf, storedValue, typedColumn } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import { hasColumn } from './users-table'

/** What the studio keeps of an end user beside the record. */
export interface StateRow {
  readonly user_metadata: Readonly<Record<string, unknown>> | null
  readonly invited_at: string | null
  readonly confirmed_at: string | null
  readonly last_sign_in_at: string | null
  readonly banned_until: string | null
  readonly is_banned: boolean
  readonly sessions: number
}

/** The record, its password hash as `_hash`, and its state. An address as it was typed comes before its normal form. */
export function selectByEmailSql(at: TableAt, typed: string, normal: string): SqlQuery {
  const email = column(at.table, 'email')
  return sql`select ${list(at)}, ${hash(at.table)} as _hash
    from ${withState(at)} and ${email} = any(${[typed, normal]}::text[])
    order by ${email} = ${typed} desc limit 1`
}

export function selectByIdSql(at: TableAt, userId: string): SqlQuery {
  return sql`select ${list(at)}, ${hash(at.table)} as _hash
    from ${withState(at)} and ${recordId(at.table, 'd')} = ${userId}::uuid`
}

export interface UserSearch {
  readonly search: string | undefined
  readonly state: 'all' | 'confirmed' | 'unconfirmed' | 'banned'
  readonly offset: number
  readonly limit: number
}

export function listUsersSql(at: TableAt, search: UserSearch): SqlQuery {
  const { table } = at
  const newest = hasColumn(table, 'created_at')
    ? sql`${column(table, 'created_at')} desc nulls last, ${recordId(table, 'd')} desc`
    : sql`${recordId(table, 'd')} desc`
  return sql`select ${list(at)} from ${withState(at)} and ${matches(table, search)}
    order by ${newest} limit ${search.limit} offset ${search.offset}`
}

export function countUsersSql(at: TableAt, search: UserSearch): SqlQuery {
  return sql`select count(*)::integer as count from ${withState(at)} and ${matches(at.table, search)}`
}

function matches(table: StoredTable, { search, state }: UserSearch): SqlQuery {
  const states = {
    all: sql`true`,
    confirmed: sql`s.confirmed_at is not null`,
    unconfirmed: sql`s.confirmed_at is null`,
    banned: sql`s.banned_until > clock_timestamp()`,
  }
  const text = search?.trim() ?? ''
  if (text === '') return states[state]
  const inside = `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  const looked = ['email', 'full_name'].filter((name) => hasColumn(table, name))
  const found = looked.map((name) => sql`${column(table, name)} ilike ${inside}`)
  return sql`${states[state]} and (${join([...found, sql`${recordId(table, 'd')}::text = ${text.toLowerCase()}`], ' or ')})`
}

function list({ projectId, table }: TableAt): SqlQuery {
  return sql`${wholeRecord(table).list}, s.user_metadata, s.invited_at, s.confirmed_at, s.last_sign_in_at,
    s.banned_until::text as banned_until, coalesce(s.banned_until > clock_timestamp(), false) as is_banned,
    (select count(*)::integer from studio.end_user_sessions e
      where e.project_id = ${projectId} and e.user_id = ${recordId(table, 'd')}
        and e.spent_at is null and e.revoked_at is null and e.expires_at > clock_timestamp()) as sessions`
}

function withState({ projectId, table }: TableAt): SqlQuery {
  return sql`${recordsOf(table, 'd')} left join studio.end_users s
      on s.project_id = ${projectId} and s.user_id = ${recordId(table, 'd')}
    where ${ownRecords(projectId, table, 'd')}`
}

export function userExistsSql(at: TableAt, userId: string): SqlQuery {
  return sql`select 1 as one from ${rowsOf(at)} and ${recordId(at.table, 'd')} = ${userId}::uuid`
}

/** Records of `at` whose column refers to the user, by the value of the user's own column. */
export function countReferencesSql(
  at: TableAt,
  name: string,
  users: TableAt,
  target: string,
  userId: string,
): SqlQuery {
  const own = at.table.schema.columns.find((one) => one.name === name)
  const other = users.table.schema.columns.find((one) => one.name === target)
  if (!own || !other) throw new Error(`No column ${name} or ${target}`)
  return sql`select count(*)::integer as count from ${rowsOf(at)} and ${typedColumn(at.table, own, 'd')} = (
    select ${typedColumn(users.table, other, 'u')} from ${recordsOf(users.table, 'u')}
    where ${ownRecords(users.projectId, users.table, 'u')} and ${recordId(users.table, 'u')} = ${userId}::uuid)`
}

function column(table: StoredTable, name: string): SqlQuery {
  const found = table.schema.columns.find((one) => one.name === name)
  if (!found) throw new Error(`No column ${name}`)
  return typedColumn(table, found, 'd')
}

/** The one place where a password's hash is read: to compare a password with it. */
function hash(table: StoredTable): SqlQuery {
  const found = table.schema.columns.find((one) => one.name === 'password_hash')
  if (!found) throw new Error('No column password_hash')
  return storedValue(table, found, 'd')
}

const stateColumns = {
  user_metadata: 'jsonb',
  invited_at: 'timestamptz',
  confirmed_at: 'timestamptz',
  last_sign_in_at: 'timestamptz',
  banned_until: 'timestamptz',
} as const

export type StateChange = { readonly [Column in keyof typeof stateColumns]?: string | null }

/** Changes what is given; `now` as a value is the time of the statement. */
export function upsertStateSql(projectId: string, userId: string, change: StateChange): SqlQuery {
  const names = Object.keys(stateColumns).filter((name): name is keyof StateChange => name in change)
  const values = names.map((name) => {
    const value = change[name] ?? null
    if (value === 'now') return sql`clock_timestamp()`
    return stateColumns[name] === 'jsonb' ? sql`${value}::jsonb` : sql`${value}::timestamptz`
  })
  const columns = names.map((name) => identifier(name))
  const sets = [
    ...names.map((name) => sql`${identifier(name)} = excluded.${identifier(name)}`),
    sql`updated_at = clock_timestamp()`,
  ]
  const all = join([sql`project_id`, sql`user_id`, ...columns], ', ')
  return sql`insert into studio.end_users (${all}) values (${join([sql`${projectId}::uuid`, sql`${userId}::uuid`, ...values], ', ')})
    on conflict (project_id, user_id) do update set ${join(sets, ', ')}`
}

/** What is kept of a user who is gone. */
export function forgetUserSql(projectId: string, userId: string): SqlQuery {
  return sql`with sessions as (
      delete from studio.end_user_sessions where project_id = ${projectId} and user_id = ${userId}
    ), tokens as (
      delete from studio.end_user_tokens where project_id = ${projectId} and user_id = ${userId}
    )
    delete from studio.end_users where project_id = ${projectId} and user_id = ${userId}`
}
