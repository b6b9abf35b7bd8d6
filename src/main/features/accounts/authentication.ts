import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import { createAccessTokens } from './access-token'
import { livePrincipal } from './accounts.service'

export interface AuthenticationDeps {
  readonly db: () => Promise<StudioDatabase>
  readonly jwtSecret: string
  readonly now?: () => number
}

/**
 * Who an access token speaks for, for the HTTP carrier. The token alone is not enough: its session is asked for with
 * every call, so a sign-in that was revoked ends at once.
 */
export function createAccessTokenVerifier({ db, jwtSecret, now }: AuthenticationDeps) {
  const tokens = createAccessTokens(jwtSecret, now)
  return async function verifyAccessToken(token: string): Promise<Principal | null> {
    const claims = await tokens.verify(token)
    if (claims === null) return null
    const studio = await db()
    return studio.withAccount(claims.accountId, (tx) => livePrincipal(tx, claims.accountId, claims.sessionId), {
      readOnly: true,
    })
  }
}
