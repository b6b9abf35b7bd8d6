import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/app-error'
import type { EndUserDetails } from '@shared/contract/end-users.contract'
import type { RequestContext } from '../../context'
import type { DatabaseRow, StudioDatabase, Transaction } from '../../db/database'
import type { Procedures } from '../../rpc/implementer'
import { hashPassword } from '../accounts/password'
import type { RateLimit } from '../accounts/rate-limit'
import { recordActivity } from '../audit/record-activity'
import { type DatabaseAddress, findDatabase } from '../databases/database-address.service'
import { readAuthSettings, readMailSettings, writeAuthSettings } from './auth-settings.service'
import {
  type AppCall,
  checkPassword,
  costOf,
  type EndUserAuthDeps,
  refresh,
  type SignedIn,
  signIn,
  signOut,
  signUp,
} from './end-user-auth'
import { endSessions } from './end-user-sessions.service'
import { listSessionsSql, type SessionRow } from './end-user-sessions.sql'
import { createEndUserTokens } from './end-user-token'
import { changeState, changeUser, createUser, deleteUser, getUser, listUsers, referencesTo } from './end-users.service'
import type { Mailer } from './mail'
import { deliver, listMails, sendLetter } from './mails.service'
import type { VerifyEndUser } from './verify-end-user'

export interface EndUsersHandlersDeps {
  readonly secret: string
  readonly limit: RateLimit
  readonly mailer: Mailer
  readonly verify: VerifyEndUser
  /** The address of this server, for links in mails. */
  readonly baseUrl: () => string
  readonly bcryptCost?: number | undefined
}

/** The people of a project's app: their own calls, and the page on which the studio looks after them. */
export function createEndUsersHandlers(procedures: Procedures, deps: EndUsersHandlersDeps) {
  return { ...ownCalls(procedures, deps), ...careCalls(procedures, deps) }
}

/** Over HTTP for anybody, as an app's sign-in page is. */
function ownCalls({ ready: { endUsers } }: Procedures, deps: EndUsersHandlersDeps) {
  const tokens = createEndUserTokens(deps.secret)
  const auth = (db: StudioDatabase): EndUserAuthDeps => ({ ...deps, db, tokens })
  const callOf = async (
    db: StudioDatabase,
    databaseId: string,
    { userAgent, address }: RequestContext,
    signal?: AbortSignal,
  ): Promise<AppCall> => ({ at: await addressOf(db, databaseId), baseUrl: deps.baseUrl(), userAgent, address, signal })

  return {
    signup: endUsers.signup.handler(async ({ input: { databaseId, ...given }, context, signal }) => {
      const { user, session } = await signUp(
        auth(context.db),
        await callOf(context.db, databaseId, context, signal),
        given,
      )
      if (user && session) return issued({ user, session })
      return { confirmation_sent: true as const, email: given.email }
    }),
    login: endUsers.login.handler(async ({ input: { databaseId, ...given }, context, signal }) =>
      issued(await signIn(auth(context.db), await callOf(context.db, databaseId, context, signal), given)),
    ),
    refresh: endUsers.refresh.handler(async ({ input, context, signal }) =>
      issued(
        await refresh(
          auth(context.db),
          await callOf(context.db, input.databaseId, context, signal),
          input.refresh_token,
        ),
      ),
    ),
    logout: endUsers.logout.handler(async ({ input, context, signal }) => {
      const call = await callOf(context.db, input.databaseId, context, signal)
      const who = context.bearer ? await deps.verify(call.at, context.bearer) : null
      if (who === null)
        throw new AppError('UNAUTHENTICATED', 'Sign in first: this call needs the access token of an end user.')
      await signOut(auth(context.db), call, who, input.everywhere === true ? 'global' : 'local')
    }),
  }
}

/** For the project's owner. */
function careCalls({ signedIn: { endUsers } }: Procedures, deps: EndUsersHandlersDeps) {
  const letters = (db: StudioDatabase) => ({ db, secret: deps.secret, mailer: deps.mailer })
  const link = (purpose: 'invite' | 'recovery', { id, email }: EndUserDetails) => ({
    userId: id,
    email,
    purpose,
    baseUrl: deps.baseUrl(),
  })
  const note = (
    tx: Transaction,
    { project_id: projectId }: DatabaseRow,
    principal: Parameters<typeof recordActivity>[1]['principal'],
    action: string,
    sentence: string,
  ) => recordActivity(tx, { projectId, principal, action, sentence, kind: 'project' })

  return {
    list: endUsers.list.handler(({ input, context: { db, caller }, signal }) =>
      db.withDatabase(
        caller.account.id,
        input.databaseId,
        (tx, database) => listUsers(tx, database, { ...input, search: input.search }),
        { signal, readOnly: true, holdSchema: true },
      ),
    ),
    get: endUsers.get.handler(({ input, context: { db, caller }, signal }) =>
      db.withDatabase(
        caller.account.id,
        input.databaseId,
        async (tx, database) => ({
          user: await getUser(tx, database, input.userId),
          sessions: [...(await tx.query<SessionRow>(listSessionsSql(database.project_id, input.userId)))],
        }),
        { signal, readOnly: true, holdSchema: true },
      ),
    ),
    create: endUsers.create.handler(async ({ input: { databaseId, ...given }, context: { db, caller }, signal }) => {
      const at = { accountId: caller.account.id, databaseId, signal }
      const settings = await settingsOf(db, at)
      checkPassword(given.password, settings)
      const { password, ...named } = given
      const passwordHash = await hashPassword(password, costOf(deps, settings))
      const user = await db.withDatabase(
        at.accountId,
        databaseId,
        (tx, database) =>
          createUser(tx, database, at.accountId, {
            ...named,
            passwordHash,
            principal: caller,
            state: { confirmed_at: 'now' },
          }),
        { signal, holdSchema: true },
      )
      return { user }
    }),
    invite: endUsers.invite.handler(async ({ input: { databaseId, ...named }, context: { db, caller }, signal }) => {
      const address = await addressOf(db, databaseId)
      // Nobody knows it, so nobody signs in before a password is chosen.
      const passwordHash = await hashPassword(randomUUID(), 10)
      const user = await db.withDatabase(
        caller.account.id,
        databaseId,
        (tx, database) =>
          createUser(tx, database, caller.account.id, {
            ...named,
            passwordHash,
            principal: caller,
            state: { invited_at: 'now' },
          }),
        { signal, holdSchema: true },
      )
      return { user, delivered: await sendLetter(letters(db), address, link('invite', user)) }
    }),
    sendReset: endUsers.sendReset.handler(async ({ input, context: { db, caller }, signal }) => {
      const user = await db.withDatabase(
        caller.account.id,
        input.databaseId,
        async (tx, database) => {
          const found = await getUser(tx, database, input.userId)
          await note(tx, database, caller, 'users.reset', `Sent ${found.email} a link to choose a new password.`)
          return found
        },
        { signal, holdSchema: true },
      )
      return {
        delivered: await sendLetter(letters(db), await addressOf(db, input.databaseId), link('recovery', user)),
      }
    }),
    setPassword: endUsers.setPassword.handler(async ({ input, context: { db, caller }, signal }) => {
      const settings = await settingsOf(db, { accountId: caller.account.id, databaseId: input.databaseId, signal })
      checkPassword(input.password, settings)
      const hash = await hashPassword(input.password, costOf(deps, settings))
      await db.withDatabase(
        caller.account.id,
        input.databaseId,
        async (tx, database) => {
          const { email } = await getUser(tx, database, input.userId)
          await changeUser(tx, database, input.userId, caller, { password_hash: hash })
          await endSessions(tx, database.project_id, input.userId)
          await note(tx, database, caller, 'users.password', `Set the password of ${email}.`)
        },
        { signal, holdSchema: true },
      )
    }),
    setBan: endUsers.setBan.handler(async ({ input, context: { db, caller }, signal }) => ({
      user: await db.withDatabase(
        caller.account.id,
        input.databaseId,
        async (tx, database) => {
          const { email } = await getUser(tx, database, input.userId)
          await changeState(tx, database, input.userId, { banned_until: input.banned ? 'infinity' : null })
          if (input.banned) await endSessions(tx, database.project_id, input.userId)
          const sentence = input.banned ? `Banned ${email}.` : `Lifted the ban of ${email}.`
          await note(tx, database, caller, 'users.ban', sentence)
          return getUser(tx, database, input.userId)
        },
        { signal, holdSchema: true },
      ),
    })),
    endSessions: endUsers.endSessions.handler(async ({ input, context: { db, caller }, signal }) => ({
      ended: await db.withDatabase(
        caller.account.id,
        input.databaseId,
        async (tx, database) => {
          const { email } = await getUser(tx, database, input.userId)
          const ended = await endSessions(tx, database.project_id, input.userId, { only: input.sessionId })
          if (ended > 0) await note(tx, database, caller, 'users.sessions', `Ended sign-ins of ${email}.`)
          return ended
        },
        { signal, holdSchema: true },
      ),
    })),
    references: endUsers.references.handler(async ({ input, context: { db, caller }, signal }) => ({
      references: await db.withDatabase(
        caller.account.id,
        input.databaseId,
        async (tx, database) => {
          await getUser(tx, database, input.userId)
          return referencesTo(tx, database, input.userId)
        },
        { signal, readOnly: true, holdSchema: true },
      ),
    })),
    delete: endUsers.delete.handler(({ input, context: { db, caller }, signal }) =>
      db.withDatabase(
        caller.account.id,
        input.databaseId,
        async (tx, database) => {
          await getUser(tx, database, input.userId)
          await endSessions(tx, database.project_id, input.userId)
          return deleteUser(tx, database, input.userId, caller)
        },
        { signal, holdSchema: true },
      ),
    ),
    settings: endUsers.settings.handler(async ({ input: { databaseId }, context: { db, caller }, signal }) => ({
      settings: await settingsOf(db, { accountId: caller.account.id, databaseId, signal }),
    })),
    updateSettings: endUsers.updateSettings.handler(async ({ input, context: { db, caller }, signal }) => ({
      settings: await db.withDatabase(
        caller.account.id,
        input.databaseId,
        async (tx, database) => {
          const { secret } = deps
          await note(tx, database, caller, 'users.settings', 'Changed how people sign in.')
          return writeAuthSettings(tx, database.project_id, input.settings, {
            mailPassword: input.mailPassword,
            secret,
          })
        },
        { signal },
      ),
    })),
    testMail: endUsers.testMail.handler(async ({ input, context: { db, caller }, signal }) => {
      const { id } = caller.account
      const settings = await db.withDatabase(
        id,
        input.databaseId,
        (tx, { project_id }) => readMailSettings(tx, project_id, deps.secret),
        { signal, readOnly: true },
      )
      if (settings.server === null)
        throw new AppError('CONFLICT', 'There is no mail server yet. Name one in the settings, and save them.')
      const mail = {
        recipient: input.recipient,
        subject: 'A test from Tessera Studio',
        body: 'The mail server of your project works.',
      }
      if (await deliver(letters(db), await addressOf(db, input.databaseId), mail, settings)) return
      const [last] = await db.withDatabase(
        id,
        input.databaseId,
        async (tx, { project_id }) => (await listMails(tx, project_id)).filter(({ problem }) => problem !== null),
        { signal, readOnly: true },
      )
      throw new AppError(
        'UNAVAILABLE',
        `The mail server did not take the mail: ${last?.problem ?? 'it did not say why'}.`,
      )
    }),
    mails: endUsers.mails.handler(async ({ input: { databaseId }, context: { db, caller }, signal }) => ({
      mails: await db.withDatabase(caller.account.id, databaseId, (tx, { project_id }) => listMails(tx, project_id), {
        signal,
        readOnly: true,
      }),
    })),
  }
}

function settingsOf(
  db: StudioDatabase,
  at: { readonly accountId: string; readonly databaseId: string; readonly signal?: AbortSignal | undefined },
) {
  return db.withDatabase(at.accountId, at.databaseId, (tx, { project_id }) => readAuthSettings(tx, project_id), {
    signal: at.signal,
    readOnly: true,
  })
}

async function addressOf(db: StudioDatabase, databaseId: string): Promise<DatabaseAddress> {
  const found = await findDatabase(db, { databaseId })
  if (!found) throw new AppError('NOT_FOUND', 'There is no such database. It may have been deleted.')
  return found
}

function issued({ user, session }: Pick<SignedIn, 'user' | 'session'>) {
  const { id, email, full_name, avatar_url, created_at, updated_at } = user
  return {
    user: { id, email, full_name, avatar_url, created_at, updated_at },
    access_token: session.accessToken,
    refresh_token: session.refreshToken,
    expires_in: session.expiresIn,
  }
}
