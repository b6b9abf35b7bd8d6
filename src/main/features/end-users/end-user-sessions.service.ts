import { randomUUID } from 'node:crypto'
import type { Transaction } from '../../db/database'
import { createRefreshToken, hashRefreshToken } from '../accounts/refresh-token'
import {
  forgetSessionsSql,
  holdTokenSql,
  insertSessionSql,
  revokeSessionsSql,
  spendTokenSql,
  type TokenRow,
} from './end-user-sessions.sql'

export interface Caller {
  readonly userAgent: string | null
  readonly address: string | null
}

export interface StartedSession {
  readonly sessionId: string
  readonly refreshToken: string
}

/** Begins a sign-in. `tx` is the project's. */
export async function startSession(
  tx: Transaction,
  projectId: string,
  userId: string,
  { userAgent, address }: Caller,
  sessionId: string = randomUUID(),
): Promise<StartedSession> {
  const refreshToken = createRefreshToken()
  await tx.execute(
    insertSessionSql({
      projectId,
      userId,
      familyId: sessionId,
      tokenHash: hashRefreshToken(refreshToken),
      userAgent: userAgent?.slice(0, 500) ?? null,
      address,
    }),
  )
  await tx.execute(forgetSessionsSql(projectId))
  return { sessionId, refreshToken }
}

export type Rotation =
  | { readonly kind: 'rotated'; readonly userId: string; readonly session: StartedSession }
  /** Unknown, expired or ended; or spent before. */
  | { readonly kind: 'unknown' | 'spent' }

/**
 * Spends `token` for the next one. One that was spent before ends the whole family, so this must be committed: the
 * caller answers the failure after the transaction, not inside it.
 */
export async function rotateSession(
  tx: Transaction,
  projectId: string,
  token: string,
  caller: Caller,
): Promise<Rotation> {
  const [row] = await tx.query<TokenRow>(holdTokenSql(projectId, hashRefreshToken(token)))
  if (!row || row.is_over) return { kind: 'unknown' }
  if (row.is_spent) {
    await endSessions(tx, projectId, row.user_id, { only: row.family_id })
    return { kind: 'spent' }
  }
  await tx.execute(spendTokenSql(projectId, row.id))
  const session = await startSession(tx, projectId, row.user_id, caller, row.family_id)
  return { kind: 'rotated', userId: row.user_id, session }
}

/** Answers how many sign-ins it ended. */
export async function endSessions(
  tx: Transaction,
  projectId: string,
  userId: string,
  which: Parameters<typeof revokeSessionsSql>[2] = {},
): Promise<number> {
  const [done] = await tx.query<{ ended: number }>(revokeSessionsSql(projectId, userId, which))
  return done?.ended ?? 0
}
