import type { StudioDatabase } from '../../db/database'
import type { DatabaseAddress } from '../databases/database-address.service'
import { liveSessionSql, sessionsChannel } from './end-user-sessions.sql'
import { createEndUserTokens } from './end-user-token'
import { findById } from './end-users.service'

/** An end user of a project's app, by a token that was given to them here. */
export interface EndUser {
  readonly userId: string
  readonly sessionId: string
  readonly email: string
  readonly role: 'authenticated'
}

/** Null for what is forged, expired, of another database, or of a sign-in that was ended. */
export type VerifyEndUser = (at: DatabaseAddress, token: string) => Promise<EndUser | null>

/** Milliseconds that a sign-in is taken to live on without asking; what ends one is told to every server at once. */
const trustedFor = 10_000
const mostTokens = 20_000

/**
 * Verifies access tokens of end users. The token alone is not enough, its sign-in must live; that is remembered, since
 * a question for each call would cost as much as the call.
 */
export function createEndUserVerifier(deps: {
  readonly db: () => Promise<StudioDatabase>
  readonly jwtSecret: string
  readonly now?: () => number
}): { readonly verify: VerifyEndUser; readonly close: () => void } {
  const now = deps.now ?? Date.now
  const tokens = createEndUserTokens(deps.jwtSecret, now)
  const live = new Map<string, { readonly user: EndUser; readonly until: number }>()
  let listening: (() => void) | undefined
  let isListening = false
  let ends = 0

  function forget(): void {
    ends += 1
    live.clear()
  }

  function listen(db: StudioDatabase): void {
    listening ??= db.listen(sessionsChannel, forget, () => {
      forget()
      isListening = true
    })
  }

  async function verify(at: DatabaseAddress, token: string): Promise<EndUser | null> {
    // Signature, database and expiry are looked at each time: they cost a tenth of a millisecond.
    const claims = await tokens.verify(at.databaseId, token)
    if (claims === null) return null
    const key = `${at.databaseId} ${claims.sessionId} ${claims.userId}`
    const known = live.get(key)
    if (known && known.until > now()) return known.user
    const db = await deps.db()
    listen(db)
    const before = ends
    const email = await db.withDatabase(
      at.accountId,
      at.databaseId,
      async (tx, database) => {
        const rows = await tx.query(liveSessionSql(at.projectId, claims.userId, claims.sessionId))
        return rows.length === 0 ? null : ((await findById(tx, database, claims.userId))?.user.email ?? null)
      },
      { readOnly: true, holdSchema: true },
    )
    if (email === null) return null
    const user: EndUser = { userId: claims.userId, sessionId: claims.sessionId, email, role: 'authenticated' }
    if (live.size >= mostTokens) live.clear()
    // Nothing is remembered before somebody would tell, nor what was told of meanwhile.
    if (isListening && ends === before) live.set(key, { user, until: now() + trustedFor })
    return user
  }

  return { verify, close: () => listening?.() }
}
