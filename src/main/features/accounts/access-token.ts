import { hkdfSync, webcrypto } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'

// jose 6 expects the WebCrypto global, which Node 18 (the Electron 25 runtime) does not have.
if (globalThis.crypto === undefined) Object.defineProperty(globalThis, 'crypto', { value: webcrypto })

/** Seconds an access token lives. */
export const accessTokenLifetime = 15 * 60

const algorithm = 'HS256'
const issuer = 'tessera-studio'
const audience = 'tessera-studio/management'

export interface AccessClaims {
  readonly accountId: string
  /** The session's family: one sign-in, however often its refresh token was changed. */
  readonly sessionId: string
}

export interface AccessTokens {
  issue(claims: AccessClaims): Promise<string>
  /** Null for what is forged, expired, made for something else or no token at all. */
  verify(token: string): Promise<AccessClaims | null>
}

const claimsShape = z.object({ sub: z.uuid(), sid: z.uuid() })

/** Bytes. HMAC-SHA-256 is as strong as its key up to the length of its output. */
const keyLength = 32

/** Whether `secret` is shorter than a key should be: it works, but it can be guessed. */
export function isShortSecret(secret: string): boolean {
  return Buffer.byteLength(secret) < keyLength
}

/** A short secret is stretched to the length of a key (RFC 5869), which makes it no harder to guess. */
function keyOf(secret: string): Uint8Array {
  if (!isShortSecret(secret)) return new TextEncoder().encode(secret)
  return new Uint8Array(hkdfSync('sha256', secret, '', audience, keyLength))
}

export function createAccessTokens(secret: string, now: () => number = Date.now): AccessTokens {
  const key = keyOf(secret)
  return {
    issue({ accountId, sessionId }) {
      const issued = Math.floor(now() / 1000)
      return new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setSubject(accountId)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(issued)
        .setExpirationTime(issued + accessTokenLifetime)
        .sign(key)
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [algorithm],
          issuer,
          audience,
          requiredClaims: ['exp', 'sub', 'sid'],
          currentDate: new Date(now()),
        })
        const claims = claimsShape.safeParse(payload)
        return claims.success ? { accountId: claims.data.sub, sessionId: claims.data.sid } : null
      } catch {
        return null
      }
    },
  }
}
