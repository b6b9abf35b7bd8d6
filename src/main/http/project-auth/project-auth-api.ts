import { randomUUID } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { AppError } from '@shared/app-error'
import type { EndUserDetails } from '@shared/contract/end-users.contract'
import { Hono } from 'hono'
import { authSettingsOf, caring } from '../../features/end-users/care.service'
import { changeSelf, refresh, signIn, signOut, signUp } from '../../features/end-users/end-user-auth'
import { reauthenticate, sendLink, verifyLink } from '../../features/end-users/end-user-links'
import { getUser } from '../../features/end-users/end-users.service'
import type { Purpose } from '../../features/end-users/mailed-tokens.sql'
import { corsHeaders, preflight } from '../data-api-cors'
import { headersOf } from '../error-response'
import { readJsonBody } from '../json-body'
import { adminCalls } from './admin-calls'
import {
  credentials,
  emailBody,
  namesOf,
  newUser,
  read,
  refreshBody,
  resendBody,
  userBody as userInput,
  verifyBody,
} from './auth-input'
import { type AppProject, type Asked, ask, type ProjectAuthDeps, purposesOf, redirectOf, whoOf } from './auth-request'
import { type AuthFailure, failureOf, json, type On, sessionBody, userBody } from './auth-shapes'
import { choosePassword, followLink } from './mail-links'

/** `/p/<ref>/auth/v1/*`, as the official client of Supabase calls it. */
export function createProjectAuthApi(deps: ProjectAuthDeps): Hono<{ Bindings: HttpBindings }> {
  const api = new Hono<{ Bindings: HttpBindings }>()
  const root = '/p/:ref/auth/v1'

  api.use(`${root}/*`, async (c, next) => {
    const project = await deps.find(c.req.param('ref') ?? '')
    const origins = project?.origins ?? null
    const { incoming } = c.env
    const taken = project ? await take(project, incoming.socket.remoteAddress ?? '') : noRates
    if (taken instanceof Response) c.res = taken
    else if (c.req.method === 'OPTIONS') {
      const { status, headers } = preflight(incoming, origins)
      c.res = new Response(null, { status, headers })
    } else await next()
    const rates = taken instanceof Response ? noRates : taken
    for (const [name, value] of Object.entries({ ...corsHeaders(incoming, origins), ...rates }))
      c.res.headers.set(name, value)
  })

  /** A refusal is answered in the form of all others. */
  const take = (project: AppProject, address: string) =>
    deps.take(project, address).catch((error: unknown) => {
      if (error instanceof AppError) return failed(failureOf(error, ''), error)
      throw error
    })

  const on: On = (method, path, needs, answer) =>
    api.on(method, `${root}${path}`, async (c) => {
      try {
        return await answer(await ask(deps, c, needs))
      } catch (error) {
        if (!(error instanceof AppError)) deps.onError(error)
        const known = error instanceof AppError ? error : wentWrong
        return failed(failureOf(known, callName(c)), known)
      }
    })

  on('GET', '/health', 'nothing', async () =>
    Response.json({ name: 'Tessera Studio', version: '1', description: 'Sign-in' }),
  )
  on('GET', '/.well-known/jwks.json', 'nothing', async () => Response.json({ keys: [] }))
  on('GET', '/settings', 'key', async ({ auth, call }) => {
    const { signUps, confirmEmail } = await authSettingsOf(auth, call.at)
    return json({
      external: { email: true, phone: false, anonymous_users: false },
      disable_signup: !signUps,
      mailer_autoconfirm: !confirmEmail,
      phone_autoconfirm: false,
    })
  })

  on('POST', '/signup', 'key', async ({ c, auth, call }) => {
    const body = await bodyOf(c)
    if (typeof body === 'object' && body !== null && !('email' in body))
      return failed({ status: 422, code: 'anonymous_provider_disabled', message: 'Anonymous sign-ins are disabled' })
    const { email, password, data } = read(newUser, body)
    const names = namesOf(data)
    const { user, session } = await signUp(auth, call, { email, password, ...names, redirectTo: redirectOf(c) })
    if (user && session) return json(sessionBody({ user, session }))
    // The same for an address that was there already, so that nobody learns whose it is.
    const { identities, ...shown } = userBody(user ?? nobody(email))
    return json({ ...shown, id: randomUUID(), identities: [] })
  })

  on('POST', '/token', 'key', async ({ c, auth, call }) => {
    const grant = c.req.query('grant_type')
    const body = await bodyOf(c)
    if (grant === 'password') return json(sessionBody(await signIn(auth, call, read(credentials, body))))
    if (grant === 'refresh_token') {
      const { refresh_token } = read(refreshBody, body)
      return json(sessionBody(await refresh(auth, call, refresh_token)))
    }
    throw new AppError('VALIDATION', 'The grant_type is password or refresh_token.', {
      details: { reason: 'unsupported_grant_type' },
    })
  })

  on('GET', '/user', 'key', async (asked) => {
    const { userId } = await whoOf(deps, asked)
    const { auth, call } = asked
    return json(
      userBody(await caring(auth, call.at, (tx, database) => getUser(tx, database, userId), { readOnly: true })),
    )
  })
  on('PUT', '/user', 'key', async (asked) => {
    const who = await whoOf(deps, asked)
    const { email, password, nonce, data } = read(userInput, await bodyOf(asked.c))
    const change = { email, password, nonce, mustDiffer: true, ...namesOf(data), redirectTo: redirectOf(asked.c) }
    return json(userBody(await changeSelf(asked.auth, asked.call, who, change)))
  })
  on('GET', '/reauthenticate', 'key', async (asked) => {
    await reauthenticate(asked.auth, asked.call, (await whoOf(deps, asked)).userId)
    return json({})
  })
  on('POST', '/logout', 'key', async (asked) => {
    const scope = asked.c.req.query('scope') ?? 'global'
    if (scope !== 'global' && scope !== 'local' && scope !== 'others')
      throw new AppError('VALIDATION', 'The scope is global, local or others.')
    await signOut(asked.auth, asked.call, await whoOf(deps, asked), scope)
    return new Response(null, { status: 204 })
  })

  const sends = (path: string, purpose: Purpose) =>
    on('POST', path, 'key', async ({ c, auth, call }) => {
      const { email, data, create_user = true } = read(emailBody, await bodyOf(c))
      const newcomer = path === '/otp' && create_user ? namesOf(data) : undefined
      await sendLink(auth, call, { email, purpose, redirectTo: redirectOf(c), newcomer })
      return json({})
    })
  sends('/recover', 'recovery')
  sends('/otp', 'magiclink')
  sends('/magiclink', 'magiclink')
  on('POST', '/resend', 'key', async ({ c, auth, call }) => {
    const { email, type } = read(resendBody, await bodyOf(c))
    await sendLink(auth, call, { email, purpose: type, redirectTo: redirectOf(c) })
    return json({})
  })
  on('POST', '/verify', 'key', async ({ c, auth, call }) => {
    const given = read(verifyBody, await bodyOf(c))
    const by = 'token_hash' in given ? { token: given.token_hash } : { email: given.email, code: given.token }
    return json(sessionBody(await verifyLink(auth, call, by, purposesOf(given.type))))
  })

  // Where a password is to be chosen without a page of the app, the link opens one of ours and spends nothing yet.
  on('GET', '/verify', 'nothing', followLink)
  on('POST', '/password', 'nothing', choosePassword)

  adminCalls(on)

  api.all(`${root}/*`, () => failed({ status: 404, code: 'not_found', message: 'There is nothing at this address.' }))
  return api
}

type NodeContext = Asked['c']

const noRates: Readonly<Record<string, string>> = {}

function bodyOf(c: NodeContext): Promise<unknown> {
  return readJsonBody(c.env.incoming)
}

const version = { 'x-supabase-api-version': '2024-01-01' }

function failed({ status, code, message, extra }: AuthFailure, error?: AppError): Response {
  const headers = error?.code === 'RATE_LIMITED' ? headersOf(error.code, error.details) : {}
  return Response.json(
    { code, error_code: code, message, msg: message, ...extra },
    { status, headers: { 'cache-control': 'no-store', ...version, ...headers } },
  )
}

/** Which failure it is depends on what was asked. */
function callName(c: NodeContext): string {
  return c.req.query('grant_type') ?? c.req.path.split('/').at(-1) ?? ''
}

const wentWrong = new AppError('INTERNAL', 'Something went wrong on our side. Try again; if it stays, see the log.')

/** In the place of a user whose address was taken. */
function nobody(email: string): EndUserDetails {
  const now = new Date().toISOString()
  return {
    id: '',
    email,
    full_name: null,
    avatar_url: null,
    created_at: now,
    updated_at: now,
    confirmed_at: null,
    invited_at: null,
    last_sign_in_at: null,
    banned_until: null,
    user_metadata: {},
    sessions: 0,
  }
}
