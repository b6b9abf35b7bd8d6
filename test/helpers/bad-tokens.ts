import { createHmac } from 'node:crypto'
import { createAccessTokens } from '../../src/main/features/accounts/access-token'
import { signUpTenant, type TestStudio, testSecret } from './test-studio'
import { secretText, type TwoTenants } from './two-tenants'

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function handMade(header: object, payload: object, key: string): string {
  const text = `${encode(header)}.${encode(payload)}`
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
}

/** Tokens that speak for the victim and must not be heard. */
export async function makeBadTokens(
  studio: TestStudio,
  { victim, intruder }: TwoTenants,
): Promise<ReadonlyMap<string, string>> {
  const { userId, accessToken } = victim.tenant
  const exp = Math.floor(Date.now() / 1000) + 600
  const payload = { sub: userId, sid: victim.sessionId, iss: 'tessera-studio', aud: 'tessera-studio/management', exp }
  const issued = (accountId: string, sessionId: string, now = Date.now()) =>
    createAccessTokens(testSecret, () => now).issue({ accountId, sessionId })
  const [header, , signature] = accessToken.split('.')
  const revoked = await signUpTenant(studio, `revoked-${secretText}@example.org`)
  await revoked.client.auth.logout()
  return new Map([
    ['an empty token', ''],
    ['no JWT', 'a.b.c'],
    ['an expired token', await issued(userId, victim.sessionId, Date.now() - 16 * 60_000)],
    ['alg none', `${encode({ alg: 'none' })}.${encode(payload)}.`],
    ['alg none and a signature', handMade({ alg: 'none' }, payload, testSecret)],
    ['another secret', handMade({ alg: 'HS256' }, payload, 'another secret, just as long as the other one')],
    ['another audience', handMade({ alg: 'HS256' }, { ...payload, aud: 'someone else' }, testSecret)],
    ['a changed payload', `${header}.${encode({ ...payload, exp: exp + 1 })}.${signature}`],
    ["the victim's account and the intruder's session", await issued(userId, intruder.sessionId)],
    ['a session that does not exist', await issued(userId, crypto.randomUUID())],
    ['a revoked session', revoked.accessToken],
    ['the refresh token', victim.tenant.refreshToken],
  ])
}
