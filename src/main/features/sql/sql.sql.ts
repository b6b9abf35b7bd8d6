import { inlined, join, type SqlQuery, sql } from '../../db/sql'

export type LoginKind = 'runner' | 'person'

/** A row of `studio.sql_logins`. */
export interface LoginRow {
  readonly role_name: string
  readonly schema_name: string
  readonly password_mark: string
  /** Derived on the server from its own secret, so that all studios which work on it agree. */
  readonly password: string
}

const columns = sql`l.role_name, l.schema_name, l.password_mark, studio.login_password(l.role_name, l.generation) as password`

export function selectLoginSql(databaseId: string, kind: LoginKind): SqlQuery {
  return sql`select ${columns} from studio.sql_logins l
    where l.project_id = (select studio.current_project()) and l.database_id = ${databaseId} and l.kind = ${kind}`
}

/** No row when somebody else was first. */
export function insertLoginSql(
  database: { readonly id: string; readonly project_id: string; readonly schema_name: string },
  kind: LoginKind,
  role: string,
): SqlQuery {
  return sql`insert into studio.sql_logins as l (project_id, database_id, kind, role_name, schema_name)
    values (${database.project_id}, ${database.id}, ${kind}, ${role}, ${database.schema_name})
    on conflict (project_id, database_id, kind) do nothing
    returning ${columns}`
}

export function rotateLoginSql(databaseId: string, kind: LoginKind): SqlQuery {
  return sql`update studio.sql_logins l set generation = l.generation + 1
    where l.project_id = (select studio.current_project()) and l.database_id = ${databaseId} and l.kind = ${kind}
    returning ${columns}`
}

export function markLoginSql(databaseId: string, kind: LoginKind, mark: string): SqlQuery {
  return sql`update studio.sql_logins l set password_mark = ${mark}
    where l.project_id = (select studio.current_project()) and l.database_id = ${databaseId} and l.kind = ${kind}`
}

export function deleteLoginSql(databaseId: string, kind: LoginKind): SqlQuery {
  return sql`delete from studio.sql_logins l
    where l.project_id = (select studio.current_project()) and l.database_id = ${databaseId} and l.kind = ${kind}
    returning ${columns}`
}

/**
 * Tells nobody: a run that writes is told of by its own changes. Nor does the run wait for the disk to have it: what a run
 * writes is committed later, and is on the disk only together with everything before it.
 */
export function insertRunSql(entry: {
  readonly projectId: string
  readonly actorId: string
  readonly actor: string
  readonly sentence: string
  readonly details: object
}): SqlQuery {
  return sql`with entry as (
      insert into studio.audit (project_id, actor_id, actor, action, sentence, details)
      values (${entry.projectId}, ${entry.actorId}, ${entry.actor}, 'sql.run', ${entry.sentence},
        ${JSON.stringify(entry.details)}::jsonb)
    )
    select set_config('synchronous_commit', 'off', true)`
}

/**
 * Opens the transaction of a run in one exchange. The session's own limit is a second one, for a studio that dies
 * before it can cancel. Functions behind the views read who it is.
 */
export function beginRunSql(options: {
  readonly readOnly: boolean
  readonly timeoutMs: number
  readonly actor: string
  /**
   * Of the shared tier, the planner knows how many records a table has only roughly, and no index serves a join: an
   * estimate of 1 in place of 5,000 made it compare each with each, 20 s in place of 8 ms.
   */
  readonly isSharedOnly: boolean
}): SqlQuery {
  const begin = options.readOnly ? sql`begin read only` : sql`begin`
  return inlined(
    join(
      [
        sql`${begin}; set local statement_timeout = ${options.timeoutMs + 1_000};`,
        ...(options.isSharedOnly ? [sql`set local enable_nestloop = off;`] : []),
        sql`set local studio.actor = ${options.actor.replaceAll('\0', '')}`,
      ],
      ' ',
    ),
  )
}

export const commitSql = sql`commit`
export const rollbackSql = sql`rollback`
export const savepointSql = sql`savepoint statement`
export const rollbackToSavepointSql = sql`rollback to savepoint statement`

/** A statement of a transaction that stays open: what it did can be undone alone. */
export function beginStatementSql(isSharedOnly: boolean): SqlQuery {
  const nested = isSharedOnly ? sql`off` : sql`on`
  return sql`savepoint kept; set local enable_nestloop = ${nested}`
}
export const endStatementSql = sql`release savepoint kept`
export const undoStatementSql = sql`rollback to savepoint kept; release savepoint kept`

export function typeNamesSql(types: readonly { readonly typeId: number; readonly typeModifier: number }[]): SqlQuery {
  return sql`select pg_catalog.format_type(t.id, t.modifier) as name
    from unnest(${types.map(({ typeId }) => String(typeId))}::oid[], ${types.map(({ typeModifier }) => typeModifier)}::int[])
      with ordinality as t (id, modifier, place)
    order by t.place`
}
