import { type SqlQuery, sql } from '../../db/sql'

export type Purpose = 'signup' | 'recovery' | 'invite' | 'magiclink' | 'email_change'

/** Wrong codes after which a mailed token is no good any more: one in 100,000 guesses one. */
const mostWrongCodes = 10

export interface MailedToken {
  readonly projectId: string
  readonly userId: string
  readonly purpose: Purpose
  readonly tokenHash: Buffer
  readonly codeHash: Buffer
  readonly email: string
  /** `1 hour` */
  readonly lifetime: string
}

/** A newer one takes the place of those that were sent before for the same purpose. */
export function insertMailedTokenSql(token: MailedToken): SqlQuery {
  return sql`with older as (
      delete from studio.end_user_tokens
      where project_id = ${token.projectId} and user_id = ${token.userId}
        and (purpose = ${token.purpose} or expires_at < clock_timestamp() - interval '1 day')
    )
    insert into studio.end_user_tokens (project_id, user_id, purpose, token_hash, code_hash, email, expires_at)
    values (${token.projectId}, ${token.userId}, ${token.purpose}, ${token.tokenHash}, ${token.codeHash},
      ${token.email}, clock_timestamp() + ${token.lifetime}::interval)`
}

export interface UsedTokenRow {
  readonly user_id: string
  readonly purpose: Purpose
  readonly email: string
}

/** Spends it. No row when it is unknown, was used, or is too old. */
export function spendMailedTokenSql(projectId: string, tokenHash: Buffer, purposes: readonly Purpose[]): SqlQuery {
  return sql`update studio.end_user_tokens set used_at = clock_timestamp()
    where project_id = ${projectId} and token_hash = ${tokenHash} and purpose = any(${purposes}::text[])
      and used_at is null and expires_at > clock_timestamp()
    returning user_id, purpose, email`
}

/** The same by address and code; a wrong code counts against every token of the address. */
export function spendCodeSql(
  projectId: string,
  email: string,
  codeHash: Buffer,
  purposes: readonly Purpose[],
): SqlQuery {
  return sql`with right_one as (
      update studio.end_user_tokens set used_at = clock_timestamp()
      where project_id = ${projectId} and email = ${email} and purpose = any(${purposes}::text[])
        and code_hash = ${codeHash} and wrong_codes < ${mostWrongCodes}
        and used_at is null and expires_at > clock_timestamp()
      returning id, user_id, purpose, email
    ), wrong as (
      update studio.end_user_tokens set wrong_codes = wrong_codes + 1
      where project_id = ${projectId} and email = ${email} and used_at is null and not exists (select from right_one)
    )
    select user_id, purpose, email from right_one limit 1`
}
