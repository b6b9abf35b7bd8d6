import { createClient, type SupabaseClient } from '@supabase/supabase-js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createHttpStudio, type HttpStudio } from '../helpers/http-studio'
import { signUpTenant, type Tenant } from '../helpers/test-studio'

/** Signing in with the official client, unchanged: an app on a project without a backend. */

let studio: HttpStudio
let owner: Tenant
let databaseId: string
let base: string
let publishable: string
let secret: string

beforeAll(async () => {
  studio = await createHttpStudio()
  owner = await signUpTenant(studio, 'owner@example.org')
  const { client } = owner
  const { project } = await client.projects.create({ name: 'Notes' })
  const { database } = await client.databases.create({ projectId: project.id })
  databaseId = database.id
  base = `${studio.url}/p/${database.ref}`
  publishable = (await client.keys.create({ databaseId, name: 'web', kind: 'publishable' })).secret
  secret = (await client.keys.create({ databaseId, name: 'server', kind: 'secret' })).secret
  const { table } = await client.tables.create({
    databaseId,
    schemaJson: {
      name: 'notes',
      columns: [
        { name: 'text', type: 'text', required: true },
        { name: 'owner', type: 'uuid', references: { table: 'users', column: 'id', on_delete: 'cascade' } },
      ],
    },
  })
  const own = { owner: 'owner' }
  await client.rules.set({ databaseId, tableId: table.id, select: own, insert: own, update: own, delete: own })
})

afterAll(() => studio.close())

/** Node 20 has no WebSocket, and nothing here is live. */
const noTransport = class {} as never

function app(key = publishable): SupabaseClient {
  return createClient(base, key, {
    auth: { autoRefreshToken: false, persistSession: false },
    realtime: { transport: noTransport },
  })
}

const password = 'correct horse'

test('two people sign up, and each sees only their own records', async () => {
  const ada = app()
  const bob = app()
  const signedUp = await ada.auth.signUp({
    email: 'ada@example.org',
    password,
    options: { data: { full_name: 'Ada' } },
  })
  expect(signedUp.error).toBeNull()
  expect(signedUp.data.session?.expires_in).toBe(3600)
  expect(signedUp.data.user).toMatchObject({ email: 'ada@example.org', user_metadata: { full_name: 'Ada' } })
  expect((await bob.auth.signUp({ email: 'bob@example.org', password })).error).toBeNull()

  const adaId = signedUp.data.user?.id
  expect((await ada.from('notes').insert({ text: 'mine', owner: adaId })).error).toBeNull()
  expect((await bob.from('notes').insert({ text: 'forged', owner: adaId })).error?.code).toBe('42501')
  expect((await bob.from('notes').select()).data).toEqual([])
  expect((await ada.from('notes').select('text')).data).toEqual([{ text: 'mine' }])
  expect((await app().from('notes').select()).error?.code).toBe('42501')
  expect((await ada.from('users').select()).data ?? []).toEqual([])
})

test('signing in, on and out', async () => {
  const ada = app()
  const wrong = await ada.auth.signInWithPassword({ email: 'ada@example.org', password: 'wrong' })
  expect(wrong.error?.code).toBe('invalid_credentials')
  const inside = await ada.auth.signInWithPassword({ email: 'ada@example.org', password })
  expect(inside.error).toBeNull()
  expect((await ada.auth.getUser()).data.user?.email).toBe('ada@example.org')
  const refreshed = await ada.auth.refreshSession()
  expect(refreshed.error).toBeNull()
  expect(refreshed.data.session?.refresh_token).not.toBe(inside.data.session?.refresh_token)
  expect((await ada.from('notes').select('text')).data).toEqual([{ text: 'mine' }])

  const token = refreshed.data.session?.access_token ?? ''
  expect((await ada.auth.signOut()).error).toBeNull()
  const after = await app().auth.getUser(token)
  // What the client is told when a sign-in has ended, so that it forgets it.
  expect(after.error?.name).toBe('AuthSessionMissingError')
  const reused = await app().auth.refreshSession({ refresh_token: inside.data.session?.refresh_token ?? '' })
  expect(reused.error?.code).toBe('refresh_token_not_found')
})

test('an address that is taken, a weak password and anonymous people are refused', async () => {
  expect((await app().auth.signUp({ email: 'ada@example.org', password })).error?.code).toBe('user_already_exists')
  expect((await app().auth.signUp({ email: 'c@example.org', password: 'short' })).error?.code).toBe('weak_password')
  expect((await app().auth.signInAnonymously()).error?.code).toBe('anonymous_provider_disabled')
  expect((await app('tessera_pub_nothing').auth.signUp({ email: 'c@example.org', password })).error?.status).toBe(401)
})

test('people change their data and password', async () => {
  const bob = app()
  await bob.auth.signInWithPassword({ email: 'bob@example.org', password })
  const other = app()
  await other.auth.signInWithPassword({ email: 'bob@example.org', password })
  const changed = await bob.auth.updateUser({ password: 'battery staple', data: { theme: 'dark', full_name: 'Bob' } })
  expect(changed.data.user?.user_metadata).toEqual({ theme: 'dark', full_name: 'Bob' })
  // Their other sign-ins end with the old password.
  expect((await other.auth.getUser()).error).not.toBeNull()
  expect((await bob.auth.getUser()).error).toBeNull()
  expect((await app().auth.signInWithPassword({ email: 'bob@example.org', password })).error).not.toBeNull()
  const { records } = await owner.client.records.query({
    databaseId,
    tableName: 'users',
    filters: { email: 'bob@example.org' },
  })
  expect(records[0]?.full_name).toBe('Bob')
})

async function lastLink(): Promise<URL> {
  const { mails } = await owner.client.endUsers.mails({ databaseId })
  return new URL(/http\S+/.exec(mails[0]?.body ?? '')?.[0] ?? '')
}

test('a forgotten password is chosen anew by the link of a mail', async () => {
  expect((await app().auth.resetPasswordForEmail('nobody@example.org')).error).toBeNull()
  expect((await app().auth.resetPasswordForEmail('ada@example.org')).error).toBeNull()
  const link = await lastLink()
  const page = await fetch(link)
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(await page.text()).toContain('Choose a new password')
  const form = new URLSearchParams({
    token: link.searchParams.get('token') ?? '',
    type: 'recovery',
    password: 'brand new horse',
  })
  const saved = await fetch(`${base}/auth/v1/password`, { method: 'POST', body: form })
  expect(await saved.text()).toContain('Password saved')
  expect(
    (await app().auth.signInWithPassword({ email: 'ada@example.org', password: 'brand new horse' })).error,
  ).toBeNull()
  const again = await fetch(`${base}/auth/v1/password`, { method: 'POST', body: form })
  expect(again.status).toBe(403)
})

test('where addresses must be confirmed, signing in waits for the code of the mail', async () => {
  const { settings } = await owner.client.endUsers.settings({ databaseId })
  await owner.client.endUsers.updateSettings({
    databaseId,
    settings: { ...settings, confirmEmail: true, siteUrl: 'https://app.example.org/welcome' },
  })
  const dora = app()
  const signedUp = await dora.auth.signUp({ email: 'dora@example.org', password })
  expect(signedUp).toMatchObject({ error: null, data: { session: null } })
  // Nobody learns whose an address is.
  expect((await app().auth.signUp({ email: 'ada@example.org', password })).error).toBeNull()
  expect((await dora.auth.signInWithPassword({ email: 'dora@example.org', password })).error?.code).toBe(
    'email_not_confirmed',
  )
  await dora.auth.resend({ type: 'signup', email: 'dora@example.org' })
  const { mails } = await owner.client.endUsers.mails({ databaseId })
  const code = /code: (\d{6})/.exec(mails[0]?.body ?? '')?.[1] ?? ''
  const wrong = await dora.auth.verifyOtp({
    email: 'dora@example.org',
    token: code === '000000' ? '111111' : '000000',
    type: 'signup',
  })
  expect(wrong.error?.code).toBe('otp_expired')
  const right = await dora.auth.verifyOtp({ email: 'dora@example.org', token: code, type: 'signup' })
  expect(right.data.user?.email).toBe('dora@example.org')

  await app().auth.signInWithOtp({
    email: 'dora@example.org',
    options: { emailRedirectTo: 'https://evil.example.net/' },
  })
  const led = await fetch(await lastLink(), { redirect: 'manual' })
  expect(led.status).toBe(303)
  expect(led.headers.get('location')).toMatch(/^https:\/\/app\.example\.org\/welcome#access_token=/)
})

test('a secret key looks after users; a publishable one may not', async () => {
  const admin = app(secret).auth.admin
  const made = await admin.createUser({ email: 'made@example.org', password, email_confirm: true })
  expect(made.error).toBeNull()
  const id = made.data.user?.id ?? ''
  expect((await admin.listUsers()).data.users.map(({ email }) => email)).toContain('made@example.org')
  const page = (await admin.listUsers({ page: 1, perPage: 2 })).data
  expect(page).toMatchObject({ users: [{}, {}], nextPage: 2, total: expect.any(Number) })
  // For a server that sends its own mails.
  const link = await admin.generateLink({ type: 'magiclink', email: 'made@example.org' })
  expect(link.data.properties?.action_link).toMatch(/\/auth\/v1\/verify\?token=/)
  const hash = link.data.properties?.hashed_token ?? ''
  expect((await app().auth.verifyOtp({ token_hash: hash, type: 'magiclink' })).data.user?.id).toBe(id)
  const nobody = await admin.generateLink({ type: 'recovery', email: 'nobody@example.org' })
  expect(nobody.error?.code).toBe('user_not_found')
  expect((await admin.updateUserById(id, { ban_duration: '24h' })).error).toBeNull()
  expect((await app().auth.signInWithPassword({ email: 'made@example.org', password })).error?.code).toBe('user_banned')
  expect((await admin.updateUserById(id, { ban_duration: 'none' })).error).toBeNull()
  expect((await app().auth.signInWithPassword({ email: 'made@example.org', password })).error).toBeNull()
  expect((await admin.deleteUser(id)).error).toBeNull()
  expect((await admin.getUserById(id)).error?.status).toBe(404)
  expect((await app().auth.admin.listUsers()).error?.status).toBe(403)
})

test('a key that is revoked looks after nobody any more, and signs nobody in', async () => {
  const made = await owner.client.keys.create({ databaseId, name: 'short', kind: 'secret' })
  const admin = app(made.secret).auth
  expect((await admin.admin.listUsers()).error).toBeNull()
  await owner.client.keys.revoke({ databaseId, keyId: made.key.id })
  expect((await admin.admin.listUsers()).error?.status).toBe(401)
  expect((await admin.signInWithPassword({ email: 'ada@example.org', password })).error?.status).toBe(401)
})

test('the client hears why: a token that was spent, a password that is the same, an address that is taken', async () => {
  const { settings } = await owner.client.endUsers.settings({ databaseId })
  await owner.client.endUsers.updateSettings({ databaseId, settings: { ...settings, confirmEmail: false } })
  const eve = app()
  await eve.auth.signUp({ email: 'eve@example.org', password })
  const first = (await eve.auth.getSession()).data.session?.refresh_token ?? ''
  await eve.auth.refreshSession()
  expect((await app().auth.refreshSession({ refresh_token: first })).error?.code).toBe('refresh_token_already_used')
  await eve.auth.signInWithPassword({ email: 'eve@example.org', password })
  expect((await eve.auth.updateUser({ password })).error?.code).toBe('same_password')
  expect((await eve.auth.updateUser({ email: 'ada@example.org' })).error?.code).toBe('email_exists')
  const admin = app(secret).auth.admin
  expect((await admin.createUser({ email: 'eve@example.org', password })).error?.code).toBe('email_exists')
  const call = async (path: string, init: RequestInit = {}) => {
    const headers = { apikey: publishable, 'content-type': 'application/json', ...init.headers }
    const answer = await fetch(`${base}/auth/v1/${path}`, { ...init, headers })
    return `${answer.status} ${(await answer.json()).code}`
  }
  expect(await call('user')).toBe('401 no_authorization')
  expect(await call('user', { headers: { authorization: 'Bearer a.b.c' } })).toBe('401 bad_jwt')
  expect(await call('token?grant_type=magic', { method: 'POST', body: '{}' })).toBe('400 unsupported_grant_type')
  expect(await call('signup', { method: 'POST', body: '{"email":"f@example.org"}' })).toBe('400 validation_failed')
})

async function lastCode(): Promise<string> {
  const { mails } = await owner.client.endUsers.mails({ databaseId })
  return /code: (\d{6})/.exec(mails[0]?.body ?? '')?.[1] ?? ''
}

test('a code of a mail shows once more who changes a password', async () => {
  const eve = app()
  await eve.auth.signInWithPassword({ email: 'eve@example.org', password })
  expect((await eve.auth.reauthenticate()).error).toBeNull()
  const nonce = await lastCode()
  const wrong = nonce === '000000' ? '111111' : '000000'
  const changed = { password: 'battery staple' }
  expect((await eve.auth.updateUser({ ...changed, nonce: wrong })).error?.code).toBe('reauthentication_not_valid')
  expect((await eve.auth.updateUser({ ...changed, nonce })).error).toBeNull()
  expect((await app().auth.signInWithPassword({ email: 'eve@example.org', ...changed })).error).toBeNull()
})

test('who signs in by mail for the first time is signed up, unless the app says no', async () => {
  const names = async () => (await app(secret).auth.admin.listUsers()).data.users.map(({ email }) => email)
  const known = await app().auth.signInWithOtp({ email: 'no@example.org', options: { shouldCreateUser: false } })
  expect(known.error).toBeNull()
  expect(await names()).not.toContain('no@example.org')
  const zoe = app()
  expect(
    (await zoe.auth.signInWithOtp({ email: 'zoe@example.org', options: { data: { name: 'Zoe' } } })).error,
  ).toBeNull()
  const inside = await zoe.auth.verifyOtp({ email: 'zoe@example.org', token: await lastCode(), type: 'email' })
  expect(inside.data.user).toMatchObject({ email: 'zoe@example.org', user_metadata: { full_name: 'Zoe' } })
  expect((await zoe.from('notes').select()).data).toEqual([])
})
