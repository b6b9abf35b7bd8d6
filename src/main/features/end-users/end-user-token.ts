import { hkdfSync } from 'node:crypto'
import type { JsonObject } from '@shared/json'
import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'

/** Who an end user's access token speaks for. */
export interface EndUserClaims {
  readonly userId: string
  readonly sessionId: string
  readonly email: string
}

export interface EndUserTokens {
  /** `lifetime` in seconds. `metadata` is what the official client shows of the user without asking. */
  issue(databaseId: string, claims: EndUserClaims, lifetime: number, metadata: JsonObject): Promise<string>
  /** Null for what is forged, expired, of another database or no token at all. */
  verify(databaseId: string, token: string): Promise<EndUserClaims | null>
}

const algorithm = 'HS256'
/** What the official client of Supabase expects there. */
const role = 'authenticated'

const claimsShape = z.object({ sub: z.guid(), session_id: z.guid(), email: z.string(), role: z.literal(role) })

/** Each database has a key of its own, derived from the studio's secret: a token of one opens nothing in another. */
export function createEndUserTokens(secret: string, now: () => number = Date.now): EndUserTokens {
  const keyOf = (databaseId: string) =>
    new Uint8Array(hkdfSync('sha256', secret, '', `tessera-studio/end-users/${databaseId}`, 32))
  const issuerOf = (databaseId: string) => `tessera-studio/${databaseId}`

  return {
    issue(databaseId, { userId, sessionId, email }, lifetime, metadata) {
      const issued = Math.floor(now() / 1000)
      return new SignJWT({
        session_id: sessionId,
        role,
        email,
        phone: '',
        aal: 'aal1',
        is_anonymous: false,
        app_metadata: { provider: 'email', providers: ['email'] },
        user_metadata: metadata,
      })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setSubject(userId)
        .setIssuer(issuerOf(databaseId))
        .setAudience(role)
        .setIssuedAt(issued)
        .setExpirationTime(issued + lifetime)
        .sign(keyOf(databaseId))
    },
    async verify(databaseId, token) {
      try {
        const { payload } = await jwtVerify(token, keyOf(databaseId), {
          algorithms: [algorithm],
          issuer: issuerOf(databaseId),
          audience: role,
          requiredClaims: ['exp', 'sub'],
          currentDate: new Date(now()),
        })
        const claims = claimsShape.safeParse(payload)
        if (!claims.success) return null
        const { sub, session_id: sessionId, email } = claims.data
        return { userId: sub, sessionId, email }
      } catch {
        return null
      }
    },
  }
}
