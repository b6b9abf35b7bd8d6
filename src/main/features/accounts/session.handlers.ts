import { AppError } from '@shared/app-error'
import type { HostSession, Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import type { Procedures } from '../../rpc/implementer'
import type { AccessTokens } from './access-token'
import { endSessions, listSessions, type NewSession, revokeSession, startSession } from './accounts.service'
import { issuedTokens } from './issued-tokens'
import { type SignInOptions, signIn, signUp } from './sign-in'

export interface SessionHandlersDeps extends SignInOptions {
  readonly accessTokens: AccessTokens
  /** The studio runs its own Postgres, whose owner is signed in always. */
  readonly embedded: () => boolean
}

/** The person at the window. What they sign in with stays with the host; the window learns only who they are. */
export function createSessionHandlers({ ready, signedIn }: Procedures, deps: SessionHandlersDeps) {
  function windowOf(session: HostSession | null): HostSession {
    if (session === null)
      throw new AppError('FORBIDDEN', 'This call is for the windows of the studio. Over HTTP, use /api/auth.')
    return session
  }

  function sharedOnly(): void {
    if (deps.embedded())
      throw new AppError(
        'FORBIDDEN',
        "The studio's own server has one owner, who is signed in already. Connect to a shared server to use accounts.",
      )
  }

  async function enter(db: StudioDatabase, host: HostSession, { principal, refreshToken }: NewSession) {
    const before = await host.principal()
    await host.signIn({ principal, refreshToken })
    if (before) await end(db, before, false)
    return principal.account
  }

  return {
    get: ready.session.get.handler(async ({ context }) => {
      const caller = await windowOf(context.session).principal()
      return { user: caller?.account ?? null, localOwner: caller !== null && caller.sessionId === null }
    }),
    signUp: ready.session.signUp.handler(async ({ input, context }) => {
      const host = windowOf(context.session)
      sharedOnly()
      return enter(context.db, host, await signUp(context.db, input, context, deps))
    }),
    signIn: ready.session.signIn.handler(async ({ input, context }) => {
      const host = windowOf(context.session)
      sharedOnly()
      return enter(context.db, host, await signIn(context.db, input, context, deps))
    }),
    signOut: ready.session.signOut.handler(async ({ input, context }) => {
      const host = windowOf(context.session)
      sharedOnly()
      const caller = await host.principal()
      if (caller) await end(context.db, caller, input?.everywhere === true)
      await host.signOut()
    }),
    createToken: signedIn.session.createToken.handler(async ({ context: { db, caller, session } }) => {
      windowOf(session)
      const made = await db.withAccount(caller.account.id, (tx) => startSession(tx, caller.account, 'Access token'))
      return issuedTokens(deps.accessTokens, made)
    }),
    list: signedIn.session.list.handler(async ({ context: { db, caller }, signal }) => ({
      sessions: await db.withAccount(caller.account.id, (tx) => listSessions(tx, caller), { signal }),
    })),
    revoke: signedIn.session.revoke.handler(async ({ input, context: { db, caller }, signal }) => {
      await db.withAccount(caller.account.id, (tx) => revokeSession(tx, caller, input.sessionId), { signal })
    }),
  }
}

function end(db: StudioDatabase, caller: Principal, everywhere: boolean): Promise<void> {
  return db.withAccount(caller.account.id, (tx) => endSessions(tx, caller, everywhere))
}
