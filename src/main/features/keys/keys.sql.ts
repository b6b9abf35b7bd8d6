import { type SqlQuery, sql } from '../../db/sql'
import type { KeyKind, NewKey, StoredScope } from './api-key'

export interface KeyRow {
  readonly id: string
  readonly name: string
  readonly kind: KeyKind
  readonly prefix: string
  readonly scopes: readonly StoredScope[] | null
  readonly is_default: boolean
  readonly made_by: string
  readonly created_at: string
  readonly expires_at: string | null
  readonly revoked_at: string | null
  readonly last_used_at: string | null
  readonly last_used_address: string | null
  readonly replaces: string | null
}

const columns = sql`k.id, k.name, k.kind, k.prefix, k.scopes, k.is_default, k.made_by, k.created_at, k.expires_at,
  k.revoked_at, k.last_used_at, k.last_used_address, k.replaces`

export function selectKeysSql(projectId: string): SqlQuery {
  return sql`select ${columns} from studio.api_keys k where k.project_id = ${projectId}
    order by k.revoked_at is not null, k.created_at desc, k.id limit 1000`
}

export function countKeysSql(projectId: string): SqlQuery {
  return sql`select count(*)::integer as count from studio.api_keys k
    where k.project_id = ${projectId} and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > clock_timestamp())`
}

/** Locks it. */
export function selectKeySql(projectId: string, id: string): SqlQuery {
  return sql`select ${columns} from studio.api_keys k where k.project_id = ${projectId} and k.id = ${id} for update`
}

export function selectKeyByHashSql(projectId: string, hash: Buffer): SqlQuery {
  return sql`select ${columns} from studio.api_keys k where k.project_id = ${projectId} and k.key_hash = ${hash}`
}

export function selectDefaultKeySql(projectId: string): SqlQuery {
  return sql`select ${columns} from studio.api_keys k
    where k.project_id = ${projectId} and k.is_default and k.revoked_at is null order by k.created_at desc limit 1`
}

export interface InsertKey {
  readonly id: string
  readonly name: string
  readonly kind: KeyKind
  readonly key: NewKey
  readonly scopes: readonly StoredScope[] | null
  readonly isDefault: boolean
  readonly madeBy: string
  readonly expiresAt: string | null
  readonly replaces: string | null
}

export function insertKeySql(projectId: string, one: InsertKey): SqlQuery {
  const { key } = one
  return sql`insert into studio.api_keys as k
      (project_id, id, name, kind, prefix, key_hash, scopes, is_default, made_by, expires_at, replaces)
    values (${projectId}, ${one.id}, ${one.name}, ${one.kind}, ${key.prefix}, ${key.hash},
      ${one.scopes === null ? null : JSON.stringify(one.scopes)}::jsonb, ${one.isDefault}, ${one.madeBy},
      ${one.expiresAt}::timestamptz, ${one.replaces})
    returning ${columns}`
}

export function revokeKeySql(projectId: string, id: string): SqlQuery {
  return sql`update studio.api_keys k set revoked_at = clock_timestamp()
    where k.project_id = ${projectId} and k.id = ${id} and k.revoked_at is null returning ${columns}`
}

/** Never later than it would have ended anyway. */
export function endKeySql(projectId: string, id: string, seconds: number): SqlQuery {
  return sql`update studio.api_keys k
    set expires_at = least(k.expires_at, clock_timestamp() + make_interval(secs => ${seconds}))
    where k.project_id = ${projectId} and k.id = ${id}`
}

/** Another version of the database's catalogue: what servers keep in memory of keys and rules is outdated by it. */
export function renewApiSql(projectId: string): SqlQuery {
  return sql`update studio.project_databases d set schema_version = gen_random_uuid() where d.project_id = ${projectId}`
}
