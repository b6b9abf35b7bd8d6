import { afterAll, beforeAll, expect, test } from 'vitest'
import type { HostSession } from '../../src/main/context'
import {
  createHostSession,
  createLocalOwnerSession,
  type RefreshTokenStore,
} from '../../src/main/features/accounts/host-session'
import { asAdmin } from '../helpers/database'
import { createTestStudio, failureOf, signUpTenant, type TestStudio, windowOf } from '../helpers/test-studio'

let studio: TestStudio
beforeAll(async () => {
  studio = await createTestStudio()
})
afterAll(() => studio.close())

const password = 'correct horse'
let people = 0
const newAddress = () => `person${++people}@example.org`

function memoryStore(text: string | null = null): RefreshTokenStore & { text: string | null } {
  return {
    text,
    async read() {
      return this.text
    },
    async write(next) {
      this.text = next
    },
  }
}

function hostSession(store: RefreshTokenStore, now?: () => number): HostSession {
  return createHostSession({ db: async () => studio.db, store, ...(now && { now }) })
}

test('sign up, sign in, and be known by the access token', async () => {
  const email = newAddress()
  const signed = await studio.client().auth.signup({ email: `  ${email.toUpperCase()} `, password })
  expect(signed).toMatchObject({ user: { email }, expires_in: 900 })
  expect(signed.user.created_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  const again = await studio.client().auth.login({ email: email.toUpperCase(), password })
  expect(again.user).toEqual(signed.user)
  expect(again.refresh_token).not.toBe(signed.refresh_token)
  expect((await studio.verifyAccessToken(again.access_token))?.account).toEqual(signed.user)
  expect(await studio.bearer(again.access_token).projects.list()).toEqual({ projects: [] })
})

test('a taken address is a conflict, in any spelling of case, also when both come at once', async () => {
  const email = newAddress()
  const both = await Promise.allSettled([
    studio.client().auth.signup({ email, password }),
    studio.client().auth.signup({ email: email.toUpperCase(), password }),
  ])
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(await failureOf(studio.client().auth.signup({ email, password }))).toMatchObject({
    code: 'CONFLICT',
    message: 'There is an account with this e-mail address. Sign in, or use another address.',
  })
})

test('a wrong password and an unknown address are answered in the same words', async () => {
  const { email } = await signUpTenant(studio, newAddress())
  const wrong = await failureOf(studio.client().auth.login({ email, password: 'wrong horse' }))
  const unknown = await failureOf(studio.client().auth.login({ email: 'nobody@example.org', password }))
  const impossible = await failureOf(studio.client().auth.login({ email: 'no\0body', password }))
  expect(wrong).toEqual({
    code: 'UNAUTHENTICATED',
    message: 'The e-mail address or the password is wrong.',
    data: undefined,
  })
  expect(unknown).toEqual(wrong)
  expect(impossible).toEqual(wrong)
})

test('the owner of an embedded server cannot be signed in as', async () => {
  await createLocalOwnerSession(async () => studio.db).principal()
  expect((await failureOf(studio.client().auth.login({ email: 'owner@localhost', password: '' }))).code).toBe(
    'UNAUTHENTICATED',
  )
})

test('passwords are kept as bcrypt, refresh tokens as sha-256, and neither comes out', async () => {
  const { email, refreshToken, userId } = await signUpTenant(studio, newAddress())
  const [user] = await asAdmin(studio.adminUrl, 'select password_hash from studio.users where email = $1', [email])
  expect(user?.password_hash).toMatch(/^\$2b\$04\$/)
  const [session] = await asAdmin(studio.adminUrl, 'select * from studio.sessions where user_id = $1', [userId])
  expect(session?.token_hash).toHaveLength(32)
  expect(JSON.stringify(session)).not.toContain(refreshToken)
})

test('the eleventh try for one account from one address has to wait, others do not', async () => {
  const { email } = await signUpTenant(studio, newAddress())
  const guess = (address: string) =>
    failureOf(studio.client({ address }).auth.login({ email: ` ${email}`, password: 'guess' }))
  for (let index = 0; index < 10; index++) expect((await guess('198.51.100.7')).code).toBe('UNAUTHENTICATED')
  const refused = await guess('198.51.100.7')
  expect(refused).toMatchObject({ code: 'RATE_LIMITED', data: { retryAfter: expect.any(Number) } })
  expect((await guess('198.51.100.8')).code).toBe('UNAUTHENTICATED')
  const other = await signUpTenant(studio, newAddress())
  await studio.client({ address: '198.51.100.7' }).auth.login({ email: other.email, password })
})

test('the eleventh sign-up from one address has to wait, others and signing in do not', async () => {
  const clock = { time: 1_800_000_000_000 }
  const limited = await createTestStudio({ now: () => clock.time })
  try {
    const signUp = (address: string, email = newAddress()) =>
      limited.client({ address }).auth.signup({ email, password })
    const email = newAddress()
    for (let index = 0; index < 9; index++) await signUp('198.51.100.7', index === 0 ? email : newAddress())
    // What fails counts as well.
    expect((await failureOf(signUp('198.51.100.7', email))).code).toBe('CONFLICT')
    expect(await failureOf(signUp('198.51.100.7'))).toMatchObject({
      code: 'RATE_LIMITED',
      message: 'Too many tries. Wait 10 seconds and try again.',
      data: { retryAfter: 10 },
    })
    await signUp('198.51.100.8')
    await limited.client({ address: '198.51.100.7' }).auth.login({ email, password })
    clock.time += 10_000
    await signUp('198.51.100.7')
  } finally {
    await limited.close()
  }
})

test('a refresh token is spent once; its second use ends the whole sign-in', async () => {
  const { refreshToken, email } = await signUpTenant(studio, newAddress())
  const elsewhere = await studio.client().auth.login({ email, password })
  const second = await studio.client().auth.refresh({ refresh_token: refreshToken })
  const third = await studio.client().auth.refresh({ refresh_token: second.refresh_token })
  expect(await studio.verifyAccessToken(third.access_token)).not.toBeNull()

  const reuse = await failureOf(studio.client().auth.refresh({ refresh_token: refreshToken }))
  expect(reuse).toMatchObject({
    code: 'UNAUTHENTICATED',
    message: 'This refresh token is not valid any more. Sign in again.',
  })
  expect((await failureOf(studio.client().auth.refresh({ refresh_token: third.refresh_token }))).code).toBe(
    'UNAUTHENTICATED',
  )
  expect(await studio.verifyAccessToken(third.access_token)).toBeNull()
  expect(await studio.verifyAccessToken(elsewhere.access_token)).not.toBeNull()
})

test('a refresh token that is used twice at the same moment is taken at most once', async () => {
  const { refreshToken } = await signUpTenant(studio, newAddress())
  const tries = await Promise.allSettled(
    Array.from({ length: 8 }, () => studio.client().auth.refresh({ refresh_token: refreshToken })),
  )
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('a session that has expired cannot be continued', async () => {
  const { refreshToken, accessToken, userId } = await signUpTenant(studio, newAddress())
  await asAdmin(studio.adminUrl, "update studio.sessions set expires_at = now() - interval '1 s' where user_id = $1", [
    userId,
  ])
  expect((await failureOf(studio.client().auth.refresh({ refresh_token: refreshToken }))).code).toBe('UNAUTHENTICATED')
  expect(await studio.verifyAccessToken(accessToken)).toBeNull()
})

test('logging out ends this sign-in at once, and everywhere ends all of them', async () => {
  const first = await signUpTenant(studio, newAddress())
  const second = await studio.client().auth.login({ email: first.email, password })
  const third = await studio.client().auth.login({ email: first.email, password })
  await first.client.auth.logout()
  expect((await failureOf(first.client.projects.list())).code).toBe('UNAUTHENTICATED')
  expect((await failureOf(studio.client().auth.refresh({ refresh_token: first.refreshToken }))).code).toBe(
    'UNAUTHENTICATED',
  )
  await studio.bearer(second.access_token).auth.logout({ everywhere: true })
  expect(await studio.verifyAccessToken(second.access_token)).toBeNull()
  expect(await studio.verifyAccessToken(third.access_token)).toBeNull()
})

test('sessions are listed once each, newest first, and revoked one by one', async () => {
  const first = await signUpTenant(studio, newAddress())
  const second = await studio.client({ userAgent: 'curl/8' }).auth.login({ email: first.email, password })
  const rotated = await studio.client().auth.refresh({ refresh_token: second.refresh_token })
  const me = studio.bearer(rotated.access_token)
  const { sessions } = await me.session.list()
  expect(sessions).toMatchObject([
    { user_agent: 'curl/8', current: true },
    { user_agent: 'tests', current: false },
  ])
  expect((sessions[0]?.last_used_at ?? '') > (sessions[0]?.created_at ?? '')).toBe(true)
  const other = sessions[1]?.id ?? ''
  await me.session.revoke({ sessionId: other })
  expect((await failureOf(first.client.projects.list())).code).toBe('UNAUTHENTICATED')
  expect((await failureOf(me.session.revoke({ sessionId: other }))).code).toBe('NOT_FOUND')
  expect((await me.session.list()).sessions).toHaveLength(1)
})

test('a window keeps its sign-in over a restart without ever being given a token', async () => {
  const email = newAddress()
  const store = memoryStore()
  const window = studio.client(windowOf(hostSession(store)))
  expect(await window.session.get()).toEqual({ user: null, localOwner: false })
  const account = await window.session.signUp({ email, password })
  expect(Object.keys(account).sort()).toEqual(['created_at', 'email', 'id'])
  expect(await window.session.get()).toEqual({ user: account, localOwner: false })
  const before = store.text

  const restarted = studio.client(windowOf(hostSession(store)))
  const answers = await Promise.all(Array.from({ length: 5 }, () => restarted.session.get()))
  expect(answers.map(({ user }) => user?.email)).toEqual(Array.from({ length: 5 }, () => email))
  expect(store.text).not.toBe(before)
  expect((await restarted.session.list()).sessions).toHaveLength(1)

  await restarted.session.signOut()
  expect(store.text).toBeNull()
  expect(await restarted.session.get()).toEqual({ user: null, localOwner: false })
  expect((await failureOf(restarted.projects.list())).code).toBe('UNAUTHENTICATED')
})

test('a window that signs in as someone else ends the sign-in it had', async () => {
  const first = await signUpTenant(studio, newAddress())
  const second = await signUpTenant(studio, newAddress())
  const window = studio.client(windowOf(hostSession(memoryStore())))
  await window.session.signIn({ email: first.email, password })
  await window.session.signIn({ email: second.email, password })
  expect((await window.session.get()).user?.email).toBe(second.email)
  expect((await first.client.session.list()).sessions).toHaveLength(1)
})

test('a crash in the middle of a rotation loses no sign-in, on either side of it', async () => {
  const email = newAddress()
  const store = memoryStore()
  await studio.client(windowOf(hostSession(store))).session.signUp({ email, password })

  // The next token is written, and the crash comes before the server hears of it.
  const crashBefore = createHostSession({
    db: () => Promise.resolve({ ...studio.db, withoutTenant: () => Promise.reject(new Error('crash')) }),
    store,
  })
  await expect(crashBefore.principal()).rejects.toThrow('crash')
  expect((await hostSession(store).principal())?.account.email).toBe(email)

  // The server has spent the token, and the crash comes before that is written.
  const text = store.text ?? ''
  let writes = 0
  const crashAfter = createHostSession({
    db: async () => studio.db,
    store: {
      read: async () => text,
      write: async (next) => {
        if (++writes > 1) throw new Error('crash')
        store.text = next
      },
    },
  })
  await expect(crashAfter.principal()).rejects.toThrow('crash')
  expect((await hostSession(store).principal())?.account.email).toBe(email)
})

test('a window takes a new token each day, and is signed out when its session is revoked elsewhere', async () => {
  const person = await signUpTenant(studio, newAddress())
  const store = memoryStore()
  const clock = { time: Date.now() }
  const session = hostSession(store, () => clock.time)
  const window = studio.client(windowOf(session))
  await window.session.signIn({ email: person.email, password })
  const first = store.text
  await window.session.get()
  expect(store.text).toBe(first)
  clock.time += 25 * 60 * 60 * 1000
  await Promise.all([window.session.get(), window.session.get(), window.session.list()])
  expect(store.text).not.toBe(first)

  const { sessions } = await person.client.session.list()
  const windows = sessions.find(({ current }) => !current)?.id ?? ''
  await person.client.session.revoke({ sessionId: windows })
  expect((await window.session.get()).user).toBeNull()
  expect(store.text).toBeNull()
})

test('over HTTP there is no window to sign in', async () => {
  const { client } = await signUpTenant(studio, newAddress())
  expect(await failureOf(client.session.get())).toMatchObject({
    code: 'FORBIDDEN',
    message: 'This call is for the windows of the studio. Over HTTP, use /api/auth.',
  })
})

test('on the embedded server the owner is there without asking, and cannot sign in or out', async () => {
  const embedded = await createTestStudio({ embedded: true })
  try {
    const window = embedded.client(windowOf(createLocalOwnerSession(async () => embedded.db)))
    const { user, localOwner } = await window.session.get()
    expect({ email: user?.email, localOwner }).toEqual({ email: 'owner@localhost', localOwner: true })
    for (const call of [
      () => window.session.signIn({ email: 'a@example.org', password }),
      () => window.session.signUp({ email: 'a@example.org', password }),
      () => window.session.signOut(),
    ])
      expect((await failureOf(call())).code).toBe('FORBIDDEN')
    const { project } = await window.projects.create({ name: 'Mine' })
    const { database } = await window.databases.create({ projectId: project.id })
    const { activity } = await window.databases.get({ databaseId: database.id })
    expect(new Set(activity.map(({ actor }) => actor))).toEqual(new Set(['Studio owner']))
    // Programs still sign up over HTTP, and see nothing of the owner's.
    const program = await signUpTenant(embedded, 'program@example.org')
    expect(await program.client.projects.list()).toEqual({ projects: [] })
  } finally {
    await embedded.close()
  }
})

test('the person at the window makes a token for programs; it ends when its session is revoked', async () => {
  const owned = await createTestStudio({ embedded: true })
  try {
    const window = owned.client(windowOf(createLocalOwnerSession(async () => owned.db)))
    const { project } = await window.projects.create({ name: 'Mine' })
    const { access_token, refresh_token } = await window.session.createToken()
    const program = owned.bearer(access_token)
    expect((await program.projects.list()).projects.map(({ id }) => id)).toEqual([project.id])
    expect((await owned.client().auth.refresh({ refresh_token })).user.email).toBe('owner@localhost')
    // A program cannot make more of them for itself.
    expect(await failureOf(program.session.createToken())).toMatchObject({ code: 'FORBIDDEN' })
    const { sessions } = await window.session.list()
    await window.session.revoke({ sessionId: sessions[0]?.id ?? '' })
    expect(await failureOf(program.projects.list())).toMatchObject({ code: 'UNAUTHENTICATED' })
  } finally {
    await owned.close()
  }
})
