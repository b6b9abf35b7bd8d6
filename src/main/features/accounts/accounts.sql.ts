import { type SqlQuery, sql } from '../../db/sql'

export interface AccountRow {
  readonly id: string
  readonly email: string
  readonly created_at: string
}

export interface CredentialsRow extends AccountRow {
  readonly password_hash: string
}

export interface RotationRow {
  readonly outcome: 'rotated' | 'reused' | 'invalid'
  readonly family_id: string | null
  readonly id: string | null
  readonly email: string | null
  readonly created_at: string | null
}

export interface SessionRow {
  readonly id: string
  readonly created_at: string
  readonly last_used_at: string
  readonly user_agent: string | null
}

/** How long a refresh token lives when nobody uses it. */
const sessionLifetime = '30 days'

export function localOwnerSql(): SqlQuery {
  return sql`select id, email, created_at from studio.local_owner()`
}

/** Raises unique_violation when the address is taken. */
export function createAccountSql(email: string, passwordHash: string): SqlQuery {
  return sql`select id, email, created_at from studio.create_account(${email}, ${passwordHash})`
}

export function accountByEmailSql(email: string): SqlQuery {
  return sql`select id, email, password_hash, created_at from studio.account_by_email(${email})`
}

/** The account of a session that is neither revoked nor expired. */
export function liveAccountSql(accountId: string, familyId: string): SqlQuery {
  return sql`select id, email, created_at from studio.users
    where id = ${accountId} and studio.session_is_live(${familyId}, ${accountId})`
}

export function insertSessionSql(session: {
  readonly accountId: string
  readonly familyId: string
  readonly tokenHash: Buffer
  readonly userAgent: string | null
}): SqlQuery {
  return sql`with entry as (
      insert into studio.account_audit (user_id, action, details)
      values (${session.accountId}, 'session.create', jsonb_build_object('family_id', ${session.familyId}::uuid))
    )
    insert into studio.sessions (user_id, family_id, token_hash, user_agent, expires_at)
    values (${session.accountId}, ${session.familyId}, ${session.tokenHash}, ${session.userAgent},
      clock_timestamp() + ${sessionLifetime}::interval)`
}

export function rotateSessionSql(spent: Buffer, next: Buffer): SqlQuery {
  return sql`select outcome, family_id, id, email, created_at
    from studio.rotate_session(${spent}, ${next}, ${sessionLifetime}::interval)`
}

/** One row for each live sign-in: a family holds every refresh token it ever had, and one of them is unspent. */
export function listSessionsSql(accountId: string): SqlQuery {
  return sql`select family_id as id, min(created_at) as created_at, max(created_at) as last_used_at,
      max(user_agent) as user_agent
    from studio.sessions
    where user_id = ${accountId} and revoked_at is null
    group by family_id
    having bool_or(spent_at is null and expires_at > clock_timestamp())
    order by max(created_at) desc, family_id`
}

/** Ends one sign-in of the account, or all of them (`familyId` null); touches one row for each token it had. */
export function revokeSessionsSql(accountId: string, familyId: string | null): SqlQuery {
  return sql`with ended as (
      update studio.sessions set revoked_at = clock_timestamp()
      where user_id = ${accountId} and revoked_at is null
        and (${familyId}::uuid is null or family_id = ${familyId}::uuid)
      returning family_id
    )
    insert into studio.account_audit (user_id, action, details)
    select distinct ${accountId}::uuid, 'session.revoke', jsonb_build_object('family_id', family_id) from ended`
}
