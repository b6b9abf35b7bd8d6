import type { HttpBindings } from '@hono/node-server'
import { AppError } from '@shared/app-error'
import { id } from '@shared/contract/fields'
import type { Context } from 'hono'
import type { DatabaseAddress } from '../../features/databases/database-address.service'
import type { AppCall, EndUserAuthDeps } from '../../features/end-users/end-user-auth'
import type { Purpose } from '../../features/end-users/mailed-tokens.sql'
import type { EndUser, VerifyEndUser } from '../../features/end-users/verify-end-user'

/** A project, as the calls of its apps find it. */
export interface AppProject extends DatabaseAddress {
  /** Null for what is no live key of the project. */
  readonly keyOf: (
    text: string,
  ) => Promise<{ readonly kind: 'publishable' | 'secret'; readonly expires_at: string | null } | null>
  /** Pages that may call; null lets all of them. */
  readonly origins: readonly string[] | null
}

export interface ProjectAuthDeps {
  readonly find: (ref: string) => Promise<AppProject | null>
  /** Counts one request of the address, and answers the headers that say what is left; RATE_LIMITED when it is none. */
  readonly take: (project: AppProject, address: string) => Promise<Readonly<Record<string, string>>>
  readonly auth: () => Promise<EndUserAuthDeps>
  readonly verify: VerifyEndUser
  readonly baseUrl: () => string
  readonly onError: (error: unknown) => void
}

type NodeContext = Context<{ Bindings: HttpBindings }>

export interface Asked {
  readonly c: NodeContext
  readonly call: AppCall
  readonly auth: EndUserAuthDeps
}

/** What a call must bring: a key of the project, a secret one, or nothing (a browser that follows a mail's link). */
export type Needs = 'key' | 'secret' | 'nothing'

export async function ask(deps: ProjectAuthDeps, c: NodeContext, needs: Needs): Promise<Asked> {
  const project = await deps.find(c.req.param('ref') ?? '')
  if (!project) throw new AppError('NOT_FOUND', 'There is no project at this address.')
  const text = c.req.header('apikey') ?? bearerOf(c)
  const known = text === undefined ? null : await project.keyOf(text)
  const isLive = known !== null && (known.expires_at === null || Date.parse(known.expires_at) > Date.now())
  const key = isLive ? known.kind : null
  if (needs !== 'nothing' && key === null)
    throw new AppError('UNAUTHENTICATED', 'Send a key of this project in the header "apikey".', {
      details: { reason: 'invalid_api_key' },
    })
  if (needs === 'secret' && key !== 'secret')
    throw new AppError('FORBIDDEN', 'This call needs a secret key of the project.')
  const call: AppCall = {
    at: project,
    baseUrl: deps.baseUrl(),
    userAgent: c.req.header('user-agent') ?? null,
    address: c.env.incoming.socket.remoteAddress ?? null,
  }
  return { c, call, auth: await deps.auth() }
}

/** Who is signed in. UNAUTHENTICATED with a reason that the client acts on: it forgets a sign-in that was ended. */
export async function whoOf({ verify }: ProjectAuthDeps, { c, call, auth }: Asked): Promise<EndUser> {
  const token = bearerOf(c)
  if (token === undefined || token.split('.').length !== 3)
    throw signInFirst('no_authorization', 'Sign in first: this call needs the access token of a user.')
  const who = await verify(call.at, token)
  if (who) return who
  if ((await auth.tokens.verify(call.at.databaseId, token)) !== null)
    throw signInFirst('session_not_found', 'This sign-in has ended. Sign in again.')
  throw signInFirst('bad_jwt', 'The access token is forged or has expired. Sign in again, or refresh it.')
}

function signInFirst(reason: string, message: string): AppError {
  return new AppError('UNAUTHENTICATED', message, { details: { reason } })
}

const purposes: readonly Purpose[] = ['signup', 'invite', 'recovery', 'magiclink', 'email_change']

/** What the client calls a purpose; `email` is any that proves an address. */
export function purposesOf(type: string): readonly Purpose[] {
  if (type === 'email') return ['signup', 'magiclink', 'invite']
  const known = purposes.filter((purpose) => purpose === type)
  if (known.length === 0) throw new AppError('VALIDATION', `"type": It is one of ${purposes.join(', ')} and email.`)
  return known
}

export function redirectOf(c: NodeContext): string | undefined {
  return c.req.query('redirect_to') || undefined
}

export function bearerOf(c: NodeContext): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1]
}

export function numberOf(text: string | undefined, otherwise: number): number {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 && number < 1e6 ? number : otherwise
}

/** NOT_FOUND when it is no id at all. */
export function idOf(c: NodeContext): string {
  const known = id.safeParse(c.req.param('id'))
  if (known.success) return known.data
  throw new AppError('NOT_FOUND', 'There is no such user.')
}

/** Bytes of a form with a token and a password. */
const mostOfForm = 10_000

export async function formOf(c: NodeContext): Promise<URLSearchParams> {
  const announced = Number(c.req.header('content-length') ?? Number.POSITIVE_INFINITY)
  if (announced > mostOfForm) throw new AppError('TOO_LARGE', 'The form is too large.')
  return new URLSearchParams(await c.req.text())
}
