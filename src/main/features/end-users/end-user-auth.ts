import { AppError } from '@shared/app-error'
import type { AuthSettings, EndUserDetails } from '@shared/contract/end-users.contract'
import { passwordProblem } from '@shared/domain/secret-column'
import type { JsonObject } from '@shared/json'
import type { DatabaseRow, StudioDatabase, Transaction } from '../../db/database'
import { hashPassword, passwordMatches } from '../accounts/password'
import type { RateLimit } from '../accounts/rate-limit'
import type { WriteQuota } from '../api/quota.service'
import type { DatabaseAddress } from '../databases/database-address.service'
import { readAuthSettings } from './auth-settings.service'
import { type Caller, endSessions, rotateSession, type StartedSession, startSession } from './end-user-sessions.service'
import type { EndUserTokens } from './end-user-token'
import {
  asUser,
  changeState,
  changeUser,
  createUser,
  findByEmail,
  findById,
  getUser,
  isTakenAddress,
} from './end-users.service'
import type { Mailer } from './mail'
import { spendMailedToken } from './mailed-tokens.service'
import { sendLetter, sendLetterUnseen } from './mails.service'
import { normalEmail } from './users-table'

export interface EndUserAuthDeps {
  readonly db: StudioDatabase
  /** The studio's own secret. */
  readonly secret: string
  readonly tokens: EndUserTokens
  readonly limit: RateLimit
  readonly mailer: Mailer
  /** For all projects in the place of their setting; tests take less. */
  readonly bcryptCost?: number | undefined
  /** Asked before somebody is added; no limits when left out. */
  readonly quota?: WriteQuota | undefined
}

/** A call from an app: where it goes, who makes it, and by which address it came. */
export interface AppCall extends Caller {
  readonly at: DatabaseAddress
  /** `http://HOST:PORT`, for links in mails. */
  readonly baseUrl: string
  readonly signal?: AbortSignal | undefined
}

/** What a sign-in gives. */
export interface SignedIn {
  readonly user: EndUserDetails
  readonly sessionId: string
  readonly session: { readonly accessToken: string; readonly refreshToken: string; readonly expiresIn: number }
}

export interface Names {
  readonly full_name?: string | undefined
  readonly avatar_url?: string | undefined
  readonly metadata?: JsonObject | undefined
}

/**
 * Signs somebody up into the project's own `users`. `session` is null when the address must be confirmed first; then a
 * taken address looks the same as a free one. RATE_LIMITED by the caller's address, FORBIDDEN where nobody may sign up.
 */
export async function signUp(
  deps: EndUserAuthDeps,
  call: AppCall,
  given: Names & { readonly email: string; readonly password: string; readonly redirectTo?: string | undefined },
): Promise<{ readonly user: EndUserDetails | null; readonly session: SignedIn['session'] | null }> {
  await deps.limit.take(`${call.at.databaseId} ${call.address ?? ''} signs up`)
  const settings = await settingsOf(deps, call)
  if (!settings.signUps)
    throw new AppError('FORBIDDEN', 'Nobody can sign up here. Ask whoever runs the app for an invitation.')
  checkPassword(given.password, settings)
  await deps.quota?.(call.at.accountId, call.at.databaseId)
  const { email, password, redirectTo, ...names } = given
  const passwordHash = await hashPassword(password, costOf(deps, settings))
  const state = settings.confirmEmail ? {} : { confirmed_at: 'now', last_sign_in_at: 'now' }
  try {
    const made = await work(deps, call, async (tx, database) => {
      const user = await createUser(tx, database, call.at.accountId, { email, passwordHash, ...names, state })
      return {
        user,
        started: settings.confirmEmail ? null : await startSession(tx, database.project_id, user.id, call),
      }
    })
    if (made.started) return { user: made.user, session: await issue(deps, call, settings, made.user, made.started) }
    await sendLetterUnseen(deps, call.at, {
      userId: made.user.id,
      email,
      purpose: 'signup',
      baseUrl: call.baseUrl,
      redirectTo,
    })
    return { user: made.user, session: null }
  } catch (error) {
    if (settings.confirmEmail && isTakenAddress(error)) return { user: null, session: null }
    throw error
  }
}

/** UNAUTHENTICATED in one sentence for an unknown address and a wrong password, after the same work. */
export async function signIn(
  deps: EndUserAuthDeps,
  call: AppCall,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<SignedIn> {
  await deps.limit.take(`${call.at.databaseId} ${call.address ?? ''} ${normalEmail(email)}`)
  const settings = await settingsOf(deps, call)
  const known = await work(deps, call, (tx, database) => findByEmail(tx, database, email), { readOnly: true })
  const matches = await passwordMatches(password, known?.passwordHash ?? null, costOf(deps, settings))
  if (!known || !matches) throw new AppError('UNAUTHENTICATED', 'The e-mail address or the password is wrong.')
  if (known.isBanned) throw banned()
  if (settings.confirmEmail && known.user.confirmed_at === null)
    throw new AppError(
      'FORBIDDEN',
      'This address is not confirmed yet. Follow the link in the mail, or ask for another.',
      {
        details: { reason: 'email_not_confirmed' },
      },
    )
  return beginSignIn(deps, call, settings, known.user.id)
}

/** Spends the refresh token for the next one; its second use ends every token of the sign-in. */
export async function refresh(deps: EndUserAuthDeps, call: AppCall, token: string): Promise<SignedIn> {
  const settings = await settingsOf(deps, call)
  const next = await work(deps, call, async (tx, database) => {
    const rotated = await rotateSession(tx, database.project_id, token, call)
    if (rotated.kind !== 'rotated') return rotated.kind
    const known = await findById(tx, database, rotated.userId)
    if (known && !known.isBanned) return { user: known.user, started: rotated.session }
    await endSessions(tx, database.project_id, rotated.userId)
    return 'unknown'
  })
  if (typeof next === 'string')
    throw new AppError('UNAUTHENTICATED', 'This refresh token is not valid any more. Sign in again.', {
      details: next === 'spent' ? { reason: 'refresh_token_already_used' } : undefined,
    })
  return {
    user: next.user,
    sessionId: next.started.sessionId,
    session: await issue(deps, call, settings, next.user, next.started),
  }
}

/** Ends this sign-in, the others of the same user, or all. */
export async function signOut(
  deps: EndUserAuthDeps,
  call: AppCall,
  who: { readonly userId: string; readonly sessionId: string },
  scope: 'local' | 'others' | 'global',
): Promise<void> {
  const which = { local: { only: who.sessionId }, others: { except: who.sessionId }, global: {} }[scope]
  await work(deps, call, (tx, { project_id }) => endSessions(tx, project_id, who.userId, which))
}

export interface UserChange extends Names {
  readonly email?: string | undefined
  readonly password?: string | undefined
  /** The code of a mail that `reauthenticate` has sent: one that is given has to be right. */
  readonly nonce?: string | undefined
  /** The password must not be the one that they have. */
  readonly mustDiffer?: boolean
  readonly redirectTo?: string | undefined
}

/**
 * What a signed-in user changes of themselves. A new password ends their other sign-ins. A new address is used when it
 * is confirmed, where addresses have to be.
 */
export async function changeSelf(
  deps: EndUserAuthDeps,
  call: AppCall,
  who: { readonly userId: string; readonly sessionId: string },
  { email, password, nonce, mustDiffer = false, metadata, redirectTo, ...named }: UserChange,
): Promise<EndUserDetails> {
  const settings = await settingsOf(deps, call)
  if (password !== undefined) checkPassword(password, settings)
  if (password !== undefined && mustDiffer) await refuseSamePassword(deps, call, settings, who.userId, password)
  if (nonce !== undefined) await spendNonce(deps, call, who.userId, nonce)
  const hash = password === undefined ? undefined : await hashPassword(password, costOf(deps, settings))
  const waits = email !== undefined && settings.confirmEmail
  const user = await work(deps, call, async (tx, database) => {
    const before = await getUser(tx, database, who.userId)
    const change = Object.fromEntries(
      Object.entries({ ...named, password_hash: hash, email: waits ? undefined : email }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    )
    if (Object.keys(change).length > 0)
      await changeUser(tx, database, who.userId, asUser(call.at.accountId, before), change)
    if (metadata !== undefined)
      await changeState(tx, database, who.userId, {
        user_metadata: JSON.stringify({ ...before.user_metadata, ...metadata }),
      })
    if (hash !== undefined) await endSessions(tx, database.project_id, who.userId, { except: who.sessionId })
    return getUser(tx, database, who.userId)
  })
  if (waits)
    await sendLetter(deps, call.at, {
      userId: user.id,
      email,
      purpose: 'email_change',
      baseUrl: call.baseUrl,
      redirectTo,
    })
  return user
}

async function refuseSamePassword(
  deps: EndUserAuthDeps,
  call: AppCall,
  settings: AuthSettings,
  userId: string,
  password: string,
): Promise<void> {
  const known = await work(deps, call, (tx, database) => findById(tx, database, userId), { readOnly: true })
  if (await passwordMatches(password, known?.passwordHash ?? null, costOf(deps, settings)))
    throw new AppError('VALIDATION', 'This is the password that you have. Choose another.', {
      details: { reason: 'same_password' },
    })
}

async function spendNonce(deps: EndUserAuthDeps, call: AppCall, userId: string, code: string): Promise<void> {
  await deps.limit.take(`${call.at.databaseId} ${call.address ?? ''} verifies`)
  const spent = await work(deps, call, async (tx, database) => {
    const { email } = await getUser(tx, database, userId)
    return spendMailedToken(tx, database.project_id, { email, code }, ['recovery'])
  })
  if (spent?.user_id !== userId)
    throw new AppError('VALIDATION', 'This code is not valid any more. Ask for another one.', {
      details: { reason: 'reauthentication_not_valid' },
    })
}

export function checkPassword(password: string, { passwordLength }: Pick<AuthSettings, 'passwordLength'>): void {
  const problem =
    [...password].length < passwordLength ? `needs at least ${passwordLength} characters` : passwordProblem(password)
  if (problem !== null)
    throw new AppError('VALIDATION', `The password ${problem}. Choose another.`, {
      details: { issues: [{ path: 'password', message: `The password ${problem}.` }], reason: 'weak_password' },
    })
}

export function costOf(deps: Pick<EndUserAuthDeps, 'bcryptCost'>, settings: AuthSettings): number {
  return deps.bcryptCost ?? settings.bcryptCost
}

/** A sign-in of somebody who has shown who they are. */
export async function beginSignIn(
  deps: EndUserAuthDeps,
  call: AppCall,
  settings: AuthSettings,
  userId: string,
): Promise<SignedIn> {
  const { user, started } = await work(deps, call, async (tx, database) => {
    const begun = await startSession(tx, database.project_id, userId, call)
    await changeState(tx, database, userId, { last_sign_in_at: 'now' })
    return { user: await getUser(tx, database, userId), started: begun }
  })
  return { user, sessionId: started.sessionId, session: await issue(deps, call, settings, user, started) }
}

async function issue(
  { tokens }: EndUserAuthDeps,
  { at }: AppCall,
  { tokenLifetime }: AuthSettings,
  user: EndUserDetails,
  { sessionId, refreshToken }: StartedSession,
): Promise<SignedIn['session']> {
  const claims = { userId: user.id, sessionId, email: user.email }
  return {
    accessToken: await tokens.issue(at.databaseId, claims, tokenLifetime, user.user_metadata),
    refreshToken,
    expiresIn: tokenLifetime,
  }
}

export async function settingsOf({ db }: EndUserAuthDeps, { at, signal }: AppCall): Promise<AuthSettings> {
  return db.withProject(at.accountId, at.projectId, (tx) => readAuthSettings(tx, at.projectId), {
    signal,
    readOnly: true,
  })
}

/** In the database of the call, with its schema held. */
export function work<T>(
  { db }: EndUserAuthDeps,
  { at, signal }: AppCall,
  run: (tx: Transaction, database: DatabaseRow) => Promise<T>,
  options: { readonly readOnly?: boolean } = {},
): Promise<T> {
  return db.withDatabase(at.accountId, at.databaseId, run, { signal, holdSchema: true, ...options })
}

function banned(): AppError {
  return new AppError('FORBIDDEN', 'This user is banned. Ask whoever runs the app.', {
    details: { reason: 'user_banned' },
  })
}
