import { type SqlQuery, sql } from '../../db/sql'

/** Told, without a word about whose, when sign-ins were ended: what servers remember of them is asked for again. */
export const sessionsChannel = 'studio_end_user_sessions'

/** How long a refresh token lives when nobody uses it. */
const lifetime = '60 days'

export interface SessionAt {
  readonly projectId: string
  readonly userId: string
  readonly familyId: string
  readonly tokenHash: Buffer
  readonly userAgent: string | null
  readonly address: string | null
}

export function insertSessionSql(session: SessionAt): SqlQuery {
  return sql`insert into studio.end_user_sessions
      (project_id, user_id, family_id, token_hash, user_agent, address, expires_at)
    values (${session.projectId}, ${session.userId}, ${session.familyId}, ${session.tokenHash}, ${session.userAgent},
      ${session.address}, clock_timestamp() + ${lifetime}::interval)`
}

export interface TokenRow {
  readonly id: string
  readonly user_id: string
  readonly family_id: string
  readonly is_over: boolean
  readonly is_spent: boolean
}

export function holdTokenSql(projectId: string, tokenHash: Buffer): SqlQuery {
  return sql`select id, user_id, family_id, revoked_at is not null or expires_at <= clock_timestamp() as is_over,
      spent_at is not null as is_spent
    from studio.end_user_sessions where project_id = ${projectId} and token_hash = ${tokenHash} for update`
}

export function spendTokenSql(projectId: string, id: string): SqlQuery {
  return sql`update studio.end_user_sessions set spent_at = clock_timestamp() where project_id = ${projectId} and id = ${id}`
}

/** Ends sign-ins of a user: one family, all of them, or all but one. */
export function revokeSessionsSql(
  projectId: string,
  userId: string,
  which: { readonly only?: string | undefined; readonly except?: string | undefined } = {},
): SqlQuery {
  return sql`with ended as (
      update studio.end_user_sessions set revoked_at = clock_timestamp()
      where project_id = ${projectId} and user_id = ${userId} and revoked_at is null
        and (${which.only ?? null}::uuid is null or family_id = ${which.only ?? null}::uuid)
        and (${which.except ?? null}::uuid is null or family_id <> ${which.except ?? null}::uuid)
      returning family_id
    )
    select count(distinct family_id)::integer as ended, pg_notify(${sessionsChannel}::text, '') from ended`
}

export interface SessionRow {
  readonly id: string
  readonly created_at: string
  readonly last_used_at: string
  readonly user_agent: string | null
  readonly address: string | null
}

export function listSessionsSql(projectId: string, userId: string): SqlQuery {
  return sql`select family_id as id, min(created_at) as created_at, max(created_at) as last_used_at,
      max(user_agent) as user_agent, (array_agg(address order by created_at desc))[1] as address
    from studio.end_user_sessions
    where project_id = ${projectId} and user_id = ${userId} and revoked_at is null
    group by family_id
    having bool_or(spent_at is null and expires_at > clock_timestamp())
    order by max(created_at) desc, family_id`
}

/** A row while the sign-in lives and the user is not banned. */
export function liveSessionSql(projectId: string, userId: string, familyId: string): SqlQuery {
  return sql`select 1 as one from studio.end_user_sessions e
    where e.project_id = ${projectId} and e.family_id = ${familyId} and e.user_id = ${userId}
      and e.spent_at is null and e.revoked_at is null and e.expires_at > clock_timestamp()
      and not exists (select from studio.end_users s
        where s.project_id = e.project_id and s.user_id = e.user_id and s.banned_until > clock_timestamp())`
}

/** What no token can bring back any more. */
export function forgetSessionsSql(projectId: string): SqlQuery {
  return sql`delete from studio.end_user_sessions
    where project_id = ${projectId} and expires_at < clock_timestamp() - interval '30 days'`
}
