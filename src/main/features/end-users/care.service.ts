import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/app-error'
import type { AuthSettings, EndUserDetails } from '@shared/contract/end-users.contract'
import type { JsonObject } from '@shared/json'
import type { Principal } from '../../context'
import type { DatabaseRow, Transaction } from '../../db/database'
import { hashPassword } from '../accounts/password'
import type { WriteQuota } from '../api/quota.service'
import { recordActivity } from '../audit/record-activity'
import { type DatabaseAddress, findDatabase } from '../databases/database-address.service'
import { readAuthSettings } from './auth-settings.service'
import { checkPassword, costOf, type Names } from './end-user-auth'
import { endSessions } from './end-user-sessions.service'
import { changeState, changeUser, createUser, deleteUser, findByEmail, getUser } from './end-users.service'
import { issueMailedToken, type Mailed } from './mailed-tokens.service'
import { type Letter, linkOf, type MailDeps, sendLetter } from './mails.service'

/** What is done with the people of an app by who looks after them: the owner in the studio, or a secret key. */

export interface CareDeps extends MailDeps {
  /** For all projects in the place of their setting; tests take less. */
  readonly bcryptCost?: number | undefined
  /** Asked before somebody is added; no limits when left out. */
  readonly quota?: WriteQuota | undefined
}

export interface CareCall {
  readonly accountId: string
  readonly databaseId: string
  readonly principal: Principal
  /** `http://HOST:PORT`, for links in mails. */
  readonly baseUrl: string
  readonly signal?: AbortSignal | undefined
}

/** In the database, with its schema held. */
export function caring<T>(
  { db }: Pick<CareDeps, 'db'>,
  { accountId, databaseId, signal }: Pick<CareCall, 'accountId' | 'databaseId' | 'signal'>,
  run: (tx: Transaction, database: DatabaseRow) => Promise<T>,
  { readOnly = false } = {},
): Promise<T> {
  return db.withDatabase(accountId, databaseId, run, { signal, holdSchema: true, readOnly })
}

export function authSettingsOf(
  deps: Pick<CareDeps, 'db'>,
  call: Pick<CareCall, 'accountId' | 'databaseId' | 'signal'>,
): Promise<AuthSettings> {
  return caring(deps, call, (tx, { project_id }) => readAuthSettings(tx, project_id), { readOnly: true })
}

export interface AddedUser extends Names {
  readonly email: string
  /** Nobody can sign in with one that was left out before it is chosen. */
  readonly password?: string | undefined
  readonly isConfirmed?: boolean
}

/** CONFLICT when the address is taken, VALIDATION for a password that is too weak. */
export async function addUser(
  deps: CareDeps,
  call: CareCall,
  { isConfirmed = false, ...given }: AddedUser,
): Promise<EndUserDetails> {
  return add(deps, call, given, isConfirmed ? { confirmed_at: 'now' } : {})
}

export interface Invited {
  readonly user: EndUserDetails
  /** A mail server took the invitation; otherwise the studio shows it. */
  readonly delivered: boolean
}

export async function inviteUser(
  deps: CareDeps,
  call: CareCall,
  { redirectTo, ...given }: Names & { readonly email: string; readonly redirectTo?: string | undefined },
): Promise<Invited> {
  const user = await add(deps, call, given, { invited_at: 'now' })
  return { user, delivered: await mail(deps, call, user, { purpose: 'invite', redirectTo }) }
}

async function add(
  deps: CareDeps,
  call: CareCall,
  { password, ...named }: AddedUser,
  state: { readonly confirmed_at?: 'now'; readonly invited_at?: 'now' },
): Promise<EndUserDetails> {
  const { accountId, databaseId, principal } = call
  const settings = await authSettingsOf(deps, call)
  if (password !== undefined) checkPassword(password, settings)
  await deps.quota?.(accountId, databaseId)
  const passwordHash = await hashPassword(password ?? randomUUID(), costOf(deps, settings))
  return caring(deps, call, (tx, database) =>
    createUser(tx, database, accountId, { ...named, passwordHash, principal, state }),
  )
}

export interface ChangedUser extends Names {
  readonly email?: string | undefined
  readonly password?: string | undefined
  readonly isConfirmed?: boolean
  /** ISO 8601, `infinity`, or null for no ban; unchanged when left out. */
  readonly bannedUntil?: string | null | undefined
}

/** A new password and a ban end every sign-in. */
export async function changeUserBy(
  deps: CareDeps,
  call: CareCall,
  userId: string,
  { password, isConfirmed = false, bannedUntil, metadata, ...named }: ChangedUser,
): Promise<EndUserDetails> {
  const settings = await authSettingsOf(deps, call)
  if (password !== undefined) checkPassword(password, settings)
  const hash = password === undefined ? undefined : await hashPassword(password, costOf(deps, settings))
  return caring(deps, call, async (tx, database) => {
    const before = await getUser(tx, database, userId)
    const change: JsonObject = Object.fromEntries(
      Object.entries({ ...named, password_hash: hash }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    )
    if (Object.keys(change).length > 0) await changeUser(tx, database, userId, call.principal, change)
    const state = {
      ...(metadata === undefined ? {} : { user_metadata: JSON.stringify({ ...before.user_metadata, ...metadata }) }),
      ...(isConfirmed ? { confirmed_at: 'now' } : {}),
      ...(bannedUntil === undefined ? {} : { banned_until: bannedUntil }),
    }
    if (Object.keys(state).length > 0) await changeState(tx, database, userId, state)
    const isBanned = (bannedUntil ?? null) !== null
    if (hash !== undefined || isBanned) await endSessions(tx, database.project_id, userId)
    const { email } = before
    if (hash !== undefined) await noteCare(tx, database, call, 'users.password', `Set the password of ${email}.`)
    if (bannedUntil !== undefined)
      await noteCare(tx, database, call, 'users.ban', isBanned ? `Banned ${email}.` : `Lifted the ban of ${email}.`)
    return getUser(tx, database, userId)
  })
}

/** Sends a link to choose a new password. Answers whether a mail server took it. */
export async function sendReset(deps: CareDeps, call: CareCall, userId: string): Promise<boolean> {
  const user = await caring(deps, call, async (tx, database) => {
    const found = await getUser(tx, database, userId)
    await noteCare(tx, database, call, 'users.reset', `Sent ${found.email} a link to choose a new password.`)
    return found
  })
  return mail(deps, call, user, { purpose: 'recovery' })
}

export interface MadeLink {
  readonly user: EndUserDetails
  readonly link: string
  readonly mailed: Mailed
}

/** What a mail would hold, for a server that sends its own. Whoever signs up or is invited by it is added first. */
export async function makeLink(
  deps: CareDeps,
  call: CareCall,
  { purpose, redirectTo, ...given }: AddedUser & Pick<Letter, 'purpose' | 'redirectTo'>,
): Promise<MadeLink> {
  const isNew = purpose === 'signup' || purpose === 'invite'
  const added = isNew ? await add(deps, call, given, purpose === 'invite' ? { invited_at: 'now' } : {}) : null
  const { ref } = await addressOf(deps, call.databaseId)
  return caring(deps, call, async (tx, database) => {
    const user = added ?? (await findByEmail(tx, database, given.email))?.user
    if (!user) throw new AppError('NOT_FOUND', 'There is no user with this e-mail address.')
    const mailed = await issueMailedToken(tx, database.project_id, { userId: user.id, email: user.email, purpose })
    await noteCare(tx, database, call, 'users.link', `Made a link for ${user.email}.`)
    return { user, mailed, link: linkOf(ref, { baseUrl: call.baseUrl, purpose, redirectTo }, mailed.token) }
  })
}

/** All of them, or only one. Answers how many. */
export function endSignIns(deps: CareDeps, call: CareCall, userId: string, only?: string): Promise<number> {
  return caring(deps, call, async (tx, database) => {
    const { email } = await getUser(tx, database, userId)
    const ended = await endSessions(tx, database.project_id, userId, { only })
    if (ended > 0) await noteCare(tx, database, call, 'users.sessions', `Ended sign-ins of ${email}.`)
    return ended
  })
}

/** With what refers to them, as the table says. */
export function removeUser(deps: CareDeps, call: CareCall, userId: string): ReturnType<typeof deleteUser> {
  return caring(deps, call, async (tx, database) => {
    await getUser(tx, database, userId)
    await endSessions(tx, database.project_id, userId)
    return deleteUser(tx, database, userId, call.principal)
  })
}

export function noteCare(
  tx: Transaction,
  { project_id: projectId }: DatabaseRow,
  { principal }: Pick<CareCall, 'principal'>,
  action: string,
  sentence: string,
): Promise<void> {
  return recordActivity(tx, { projectId, principal, action, sentence, kind: 'project' })
}

export async function addressOf({ db }: Pick<CareDeps, 'db'>, databaseId: string): Promise<DatabaseAddress> {
  const found = await findDatabase(db, { databaseId })
  if (!found) throw new AppError('NOT_FOUND', 'There is no such database. It may have been deleted.')
  return found
}

/** To somebody who was found in this very database. */
async function mail(
  deps: CareDeps,
  { databaseId, baseUrl }: CareCall,
  { id: userId, email }: EndUserDetails,
  letter: Pick<Letter, 'purpose' | 'redirectTo'>,
): Promise<boolean> {
  return sendLetter(deps, await addressOf(deps, databaseId), { userId, email, baseUrl, ...letter })
}
