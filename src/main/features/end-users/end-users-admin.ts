import { randomUUID } from 'node:crypto'
import type { AuthSettings, EndUserDetails } from '@shared/contract/end-users.contract'
import type { JsonObject } from '@shared/json'
import type { Principal } from '../../context'
import type { DatabaseRow, Transaction } from '../../db/database'
import { hashPassword } from '../accounts/password'
import { readAuthSettings } from './auth-settings.service'
import { type AppCall, checkPassword, costOf, type EndUserAuthDeps, type Names } from './end-user-auth'
import { endSessions } from './end-user-sessions.service'
import { changeState, changeUser, createUser, deleteUser, getUser, listUsers } from './end-users.service'
import { sendLetter } from './mails.service'

/** What a secret key of the project does with its users. */

export function authSettingsOf({ db }: EndUserAuthDeps, { at }: AppCall): Promise<AuthSettings> {
  return db.withProject(at.accountId, at.projectId, (tx) => readAuthSettings(tx, at.projectId), { readOnly: true })
}

export function adminList(
  deps: EndUserAuthDeps,
  call: AppCall,
  page: { readonly offset: number; readonly limit: number },
) {
  return work(deps, call, (tx, database) => listUsers(tx, database, { ...page, search: undefined, state: 'all' }))
}

export function adminGet(deps: EndUserAuthDeps, call: AppCall, userId: string): Promise<EndUserDetails> {
  return work(deps, call, (tx, database) => getUser(tx, database, userId))
}

export interface AdminUser extends Names {
  readonly email: string
  /** Nobody can sign in with one that was left out before it is chosen. */
  readonly password?: string | undefined
  readonly isConfirmed?: boolean
  readonly invites?: boolean
  readonly redirectTo?: string | undefined
}

export async function adminCreate(
  deps: EndUserAuthDeps,
  call: AppCall,
  { email, password, isConfirmed = false, invites = false, redirectTo, ...names }: AdminUser,
): Promise<EndUserDetails> {
  const settings = await authSettingsOf(deps, call)
  if (password !== undefined) checkPassword(password, settings)
  await deps.quota?.(call.at.accountId, call.at.databaseId)
  const passwordHash = await hashPassword(password ?? randomUUID(), costOf(deps, settings))
  const state = { ...(isConfirmed ? { confirmed_at: 'now' } : {}), ...(invites ? { invited_at: 'now' } : {}) }
  const user = await work(deps, call, (tx, database) =>
    createUser(tx, database, call.at.accountId, {
      email,
      passwordHash,
      ...names,
      principal: keyPrincipal(call),
      state,
    }),
  )
  if (invites)
    await sendLetter(deps, call.at, { userId: user.id, email, purpose: 'invite', baseUrl: call.baseUrl, redirectTo })
  return user
}

export interface AdminChange extends Names {
  readonly email?: string | undefined
  readonly password?: string | undefined
  readonly isConfirmed?: boolean
  /** ISO 8601, `infinity`, or null for no ban; unchanged when left out. */
  readonly bannedUntil?: string | null | undefined
}

export async function adminChange(
  deps: EndUserAuthDeps,
  call: AppCall,
  userId: string,
  { password, isConfirmed = false, bannedUntil, metadata, ...named }: AdminChange,
): Promise<EndUserDetails> {
  const settings = await authSettingsOf(deps, call)
  if (password !== undefined) checkPassword(password, settings)
  const hash = password === undefined ? undefined : await hashPassword(password, costOf(deps, settings))
  return work(deps, call, async (tx, database) => {
    const before = await getUser(tx, database, userId)
    const change: JsonObject = Object.fromEntries(
      Object.entries({ ...named, password_hash: hash }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    )
    if (Object.keys(change).length > 0) await changeUser(tx, database, userId, keyPrincipal(call), change)
    const state = {
      ...(metadata === undefined ? {} : { user_metadata: JSON.stringify({ ...before.user_metadata, ...metadata }) }),
      ...(isConfirmed ? { confirmed_at: 'now' } : {}),
      ...(bannedUntil === undefined ? {} : { banned_until: bannedUntil }),
    }
    if (Object.keys(state).length > 0) await changeState(tx, database, userId, state)
    if (hash !== undefined || (bannedUntil ?? null) !== null) await endSessions(tx, database.project_id, userId)
    return getUser(tx, database, userId)
  })
}

export async function adminDelete(deps: EndUserAuthDeps, call: AppCall, userId: string): Promise<void> {
  await work(deps, call, async (tx, database) => {
    await endSessions(tx, database.project_id, userId)
    await deleteUser(tx, database, userId, keyPrincipal(call))
  })
}

function keyPrincipal({ at }: AppCall): Principal {
  return {
    account: { id: at.accountId, email: '', created_at: '' },
    sessionId: null,
    actor: { id: at.accountId, name: 'A secret key' },
  }
}

function work<T>(
  { db }: EndUserAuthDeps,
  { at, signal }: AppCall,
  run: (tx: Transaction, database: DatabaseRow) => Promise<T>,
): Promise<T> {
  return db.withDatabase(at.accountId, at.databaseId, run, { signal, holdSchema: true })
}
