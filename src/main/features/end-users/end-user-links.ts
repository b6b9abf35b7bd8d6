import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/app-error'
import { hashPassword } from '../accounts/password'
import {
  type AppCall,
  beginSignIn,
  costOf,
  type EndUserAuthDeps,
  type Names,
  type SignedIn,
  settingsOf,
  work,
} from './end-user-auth'
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
import { spendMailedToken } from './mailed-tokens.service'
import type { Purpose } from './mailed-tokens.sql'
import { sendLetterUnseen } from './mails.service'
import { normalEmail } from './users-table'

/** What people do by a mail: a link or a code of it shows that an address is theirs. */

/** Mails a code to who is signed in, which shows that they can still read their mails. */
export async function reauthenticate(deps: EndUserAuthDeps, call: AppCall, userId: string): Promise<void> {
  const { email } = await work(deps, call, (tx, database) => getUser(tx, database, userId), { readOnly: true })
  await sendLink(deps, call, { email, purpose: 'recovery' })
}

/** Sends a link, if there is such a user; says the same either way. RATE_LIMITED by the caller and the address. */
export async function sendLink(
  deps: EndUserAuthDeps,
  call: AppCall,
  {
    email,
    purpose,
    redirectTo,
    newcomer,
  }: {
    readonly email: string
    readonly purpose: Purpose
    readonly redirectTo?: string | undefined
    /** Whoever is not known yet is signed up, where people may sign up. */
    readonly newcomer?: Names | undefined
  },
): Promise<void> {
  await deps.limit.take(`${call.at.databaseId} ${call.address ?? ''} mails`)
  await deps.limit.take(`${call.at.databaseId} mails ${normalEmail(email)}`)
  if (newcomer !== undefined) await addNewcomer(deps, call, email, newcomer)
  const known = await work(deps, call, (tx, database) => findByEmail(tx, database, email), { readOnly: true })
  if (!known || known.isBanned || (purpose === 'signup' && known.user.confirmed_at !== null)) return
  await sendLetterUnseen(deps, call.at, {
    userId: known.user.id,
    email: known.user.email,
    purpose,
    baseUrl: call.baseUrl,
    redirectTo,
  })
}

/** With a password that nobody knows. The same work is done for an address that is known, so that the time tells nothing. */
async function addNewcomer(deps: EndUserAuthDeps, call: AppCall, email: string, names: Names): Promise<void> {
  const settings = await settingsOf(deps, call)
  if (!settings.signUps) return
  await deps.quota?.(call.at.accountId, call.at.databaseId)
  const passwordHash = await hashPassword(randomUUID(), costOf(deps, settings))
  await work(deps, call, async (tx, database) => {
    if ((await findByEmail(tx, database, email)) !== null) return
    await createUser(tx, database, call.at.accountId, { email, passwordHash, ...names, state: {} })
  }).catch((error: unknown) => {
    // Somebody else was faster with the same address.
    if (!isTakenAddress(error)) throw error
  })
}

/** What the token or code of a mail gives: the address is confirmed, and its owner signed in. UNAUTHENTICATED when it is spent. */
export async function verifyLink(
  deps: EndUserAuthDeps,
  call: AppCall,
  given: { readonly token: string } | { readonly email: string; readonly code: string },
  purposes: readonly Purpose[],
): Promise<SignedIn> {
  await deps.limit.take(`${call.at.databaseId} ${call.address ?? ''} verifies`)
  const settings = await settingsOf(deps, call)
  const userId = await work(deps, call, async (tx, database) => {
    const spent = await spendMailedToken(tx, database.project_id, given, purposes)
    const known = spent && (await findById(tx, database, spent.user_id))
    if (!spent || !known || known.isBanned) return null
    if (spent.purpose === 'email_change')
      await changeUser(tx, database, spent.user_id, asUser(call.at.accountId, known.user), { email: spent.email })
    await changeState(tx, database, spent.user_id, { confirmed_at: 'now' })
    return spent.user_id
  })
  if (userId === null)
    throw new AppError('UNAUTHENTICATED', 'This link is not valid any more. Ask for another one.', {
      details: { reason: 'otp_expired' },
    })
  return beginSignIn(deps, call, settings, userId)
}
