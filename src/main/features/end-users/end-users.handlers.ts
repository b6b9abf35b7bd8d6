import { AppError } from '@shared/app-error'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import type { Procedures } from '../../rpc/implementer'
import type { RateLimit } from '../accounts/rate-limit'
import type { WriteQuota } from '../api/quota.service'
import { createAppSignInHandlers } from './app-sign-in.handlers'
import { readMailSettings, writeAuthSettings } from './auth-settings.service'
import {
  addressOf,
  addUser,
  authSettingsOf,
  type CareCall,
  caring,
  changeUserBy,
  endSignIns,
  inviteUser,
  noteCare,
  removeUser,
  sendReset,
} from './care.service'
import { listSessionsSql, type SessionRow } from './end-user-sessions.sql'
import { getUser, listUsers, referencesTo } from './end-users.service'
import type { Mailer } from './mail'
import { deliver, listMails } from './mails.service'
import type { VerifyEndUser } from './verify-end-user'

export interface EndUsersHandlersDeps {
  readonly secret: string
  readonly limit: RateLimit
  readonly mailer: Mailer
  readonly verify: VerifyEndUser
  /** The address of this server, for links in mails. */
  readonly baseUrl: () => string
  readonly bcryptCost?: number | undefined
  readonly quota?: WriteQuota | undefined
}

/** The people of a project's app: their own calls, and the page on which the studio looks after them. */
export function createEndUsersHandlers(procedures: Procedures, deps: EndUsersHandlersDeps) {
  return { ...createAppSignInHandlers(procedures, deps), ...careCalls(procedures, deps) }
}

/** For the project's owner. */
function careCalls({ signedIn: { endUsers } }: Procedures, deps: EndUsersHandlersDeps) {
  const care = (db: StudioDatabase) => ({ ...deps, db })

  return {
    list: endUsers.list.handler(({ input, ...call }) =>
      caring(
        call.context,
        by(call, input),
        (tx, database) => listUsers(tx, database, { ...input, search: input.search }),
        {
          readOnly: true,
        },
      ),
    ),
    get: endUsers.get.handler(({ input, ...call }) =>
      caring(
        call.context,
        by(call, input),
        async (tx, database) => ({
          user: await getUser(tx, database, input.userId),
          sessions: [...(await tx.query<SessionRow>(listSessionsSql(database.project_id, input.userId)))],
        }),
        { readOnly: true },
      ),
    ),
    create: endUsers.create.handler(async ({ input, ...call }) => {
      const { databaseId: _, ...given } = input
      return { user: await addUser(care(call.context.db), by(call, input), { ...given, isConfirmed: true }) }
    }),
    invite: endUsers.invite.handler(({ input, ...call }) => {
      const { databaseId: _, ...given } = input
      return inviteUser(care(call.context.db), by(call, input), given)
    }),
    sendReset: endUsers.sendReset.handler(async ({ input, ...call }) => ({
      delivered: await sendReset(care(call.context.db), by(call, input), input.userId),
    })),
    setPassword: endUsers.setPassword.handler(async ({ input, ...call }) => {
      await changeUserBy(care(call.context.db), by(call, input), input.userId, { password: input.password })
    }),
    setBan: endUsers.setBan.handler(async ({ input, ...call }) => {
      const bannedUntil = input.banned ? 'infinity' : null
      return { user: await changeUserBy(care(call.context.db), by(call, input), input.userId, { bannedUntil }) }
    }),
    endSessions: endUsers.endSessions.handler(async ({ input, ...call }) => ({
      ended: await endSignIns(care(call.context.db), by(call, input), input.userId, input.sessionId),
    })),
    references: endUsers.references.handler(async ({ input, ...call }) => ({
      references: await caring(
        call.context,
        by(call, input),
        async (tx, database) => {
          await getUser(tx, database, input.userId)
          return referencesTo(tx, database, input.userId)
        },
        { readOnly: true },
      ),
    })),
    delete: endUsers.delete.handler(({ input, ...call }) =>
      removeUser(care(call.context.db), by(call, input), input.userId),
    ),
    settings: endUsers.settings.handler(async ({ input, ...call }) => ({
      settings: await authSettingsOf(call.context, by(call, input)),
    })),
    updateSettings: endUsers.updateSettings.handler(async ({ input, ...call }) => ({
      settings: await caring(call.context, by(call, input), async (tx, database) => {
        const { secret } = deps
        await noteCare(tx, database, by(call, input), 'users.settings', 'Changed how people sign in.')
        return writeAuthSettings(tx, database.project_id, input.settings, { mailPassword: input.mailPassword, secret })
      }),
    })),
    testMail: endUsers.testMail.handler(async ({ input, ...call }) => {
      const deps = care(call.context.db)
      const read = { readOnly: true }
      const settings = await caring(
        deps,
        by(call, input),
        (tx, { project_id }) => readMailSettings(tx, project_id, deps.secret),
        read,
      )
      if (settings.server === null)
        throw new AppError('CONFLICT', 'There is no mail server yet. Name one in the settings, and save them.')
      const mail = {
        recipient: input.recipient,
        subject: 'A test from Tessera Studio',
        body: 'The mail server of your project works.',
      }
      if (await deliver(deps, await addressOf(deps, input.databaseId), mail, settings)) return
      const mails = await caring(deps, by(call, input), (tx, { project_id }) => listMails(tx, project_id), read)
      const reason = mails.find(({ problem }) => problem !== null)?.problem ?? 'it did not say why'
      throw new AppError('UNAVAILABLE', `The mail server did not take the mail: ${reason}.`)
    }),
    mails: endUsers.mails.handler(async ({ input, ...call }) => ({
      mails: await caring(call.context, by(call, input), (tx, { project_id }) => listMails(tx, project_id), {
        readOnly: true,
      }),
    })),
  }

  function by({ context: { caller }, signal }: Call, { databaseId }: { readonly databaseId: string }): CareCall {
    return { accountId: caller.account.id, databaseId, principal: caller, baseUrl: deps.baseUrl(), signal }
  }
}

interface Call {
  readonly context: { readonly caller: Principal }
  readonly signal?: AbortSignal | undefined
}
