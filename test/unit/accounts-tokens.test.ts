import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { createAccessTokens, isShortSecret } from '../../src/main/features/accounts/access-token'
import { hashPassword, passwordMatches } from '../../src/main/features/accounts/password'
import { createRefreshToken, hashRefreshToken } from '../../src/main/features/accounts/refresh-token'

const secret = 'a secret of the tests, 32 bytes or more'
const claims = {
  accountId: '0b7c2b1e-6f2f-4a53-8d1e-3a9f3f0e8a11',
  sessionId: '5f2c7a70-1d3b-4b39-9f6d-2f0d2f1f7c22',
}

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function handMade(header: object, payload: object, key = secret, hash = 'sha256'): string {
  const text = `${base64(header)}.${base64(payload)}`
  return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`
}

const soon = Math.floor(Date.now() / 1000) + 600
const good = {
  sub: claims.accountId,
  sid: claims.sessionId,
  iss: 'tessera-studio',
  aud: 'tessera-studio/management',
  exp: soon,
}

test('a token says who it was issued for, until 15 minutes have passed', async () => {
  const clock = { time: 1_800_000_000_000 }
  const tokens = createAccessTokens(secret, () => clock.time)
  const token = await tokens.issue(claims)
  expect(await tokens.verify(token)).toEqual(claims)
  clock.time += 15 * 60_000 - 1000
  expect(await tokens.verify(token)).toEqual(claims)
  clock.time += 1000
  expect(await tokens.verify(token)).toBeNull()
})

test('the forger of these tests can make a token that is taken', async () => {
  expect(await createAccessTokens(secret).verify(handMade({ alg: 'HS256' }, good))).toEqual(claims)
})

test.each([
  ['no token', ''],
  ['no JWT', 'abc.def.ghi'],
  ['no signature, alg none', `${base64({ alg: 'none' })}.${base64(good)}.`],
  ['alg none with a signature', handMade({ alg: 'none' }, good)],
  ['another algorithm', handMade({ alg: 'HS512' }, good, secret, 'sha512')],
  ['another secret', handMade({ alg: 'HS256' }, good, 'another secret that is also 32 bytes')],
  ['an empty secret', handMade({ alg: 'HS256' }, good, '')],
  ['another audience', handMade({ alg: 'HS256' }, { ...good, aud: 'someone' })],
  ['another issuer', handMade({ alg: 'HS256' }, { ...good, iss: 'someone' })],
  ['no end', handMade({ alg: 'HS256' }, { ...good, exp: undefined })],
  ['no session', handMade({ alg: 'HS256' }, { ...good, sid: undefined })],
  ['a subject that is no id', handMade({ alg: 'HS256' }, { ...good, sub: "' or true --" })],
])('refuses a token with %s', async (_, token) => {
  expect(await createAccessTokens(secret).verify(token)).toBeNull()
})

test('a payload that was changed after signing is refused', async () => {
  const tokens = createAccessTokens(secret)
  const [header, , signature] = (await tokens.issue(claims)).split('.')
  expect(await tokens.verify(`${header}.${base64({ ...good, sub: claims.sessionId })}.${signature}`)).toBeNull()
})

test.each(['short', 'x', 'thirty-one bytes, one too few..'])(
  'a short secret works as a key of its own: %s',
  async (short) => {
    expect(isShortSecret(short)).toBe(true)
    const token = await createAccessTokens(short).issue(claims)
    expect(await createAccessTokens(short).verify(token)).toEqual(claims)
    expect(await createAccessTokens(`${short}.`).verify(token)).toBeNull()
    expect(await createAccessTokens(secret).verify(token)).toBeNull()
    // Stretched, not used as it is.
    expect(await createAccessTokens(short).verify(handMade({ alg: 'HS256' }, good, short))).toBeNull()
    expect(isShortSecret(secret)).toBe(false)
  },
)

test('a password matches itself and nothing else', async () => {
  const hash = await hashPassword('correct horse', 4)
  expect(await passwordMatches('correct horse', hash, 4)).toBe(true)
  expect(await passwordMatches('correct horsf', hash, 4)).toBe(false)
  expect(await passwordMatches('correct horse', null, 4)).toBe(false)
})

test('a password that only begins like the right one does not match', async () => {
  const password = 'x'.repeat(72)
  const hash = await hashPassword(password, 4)
  expect(await passwordMatches(password, hash, 4)).toBe(true)
  expect(await passwordMatches(`${password}y`, hash, 4)).toBe(false)
  expect(await passwordMatches('x\0y', await hashPassword('x', 4), 4)).toBe(false)
})

test('the hash that stands for an unknown address makes bcrypt work as for a known one', async () => {
  const known = await hashPassword('somebody', 10)
  const time = async (hash: string | null) => {
    const start = process.hrtime.bigint()
    await passwordMatches('guess', hash, 10)
    return Number(process.hrtime.bigint() - start)
  }
  const least = async (hash: string | null) => Math.min(await time(hash), await time(hash), await time(hash))
  // Without work it would be a thousandth, so a tenth leaves room for any machine.
  expect(await least(null)).toBeGreaterThan((await least(known)) / 10)
})

test('refresh tokens are 256 bits, never the same, and kept as sha-256', () => {
  const tokens = new Set(Array.from({ length: 1000 }, createRefreshToken))
  expect(tokens.size).toBe(1000)
  for (const token of tokens) expect(Buffer.from(token, 'base64url')).toHaveLength(32)
  expect(hashRefreshToken('abc').toString('hex')).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})
