import type { Procedures } from '../../rpc/implementer'
import type { AccessTokens } from './access-token'
import { endSessions, type NewSession } from './accounts.service'
import { issuedTokens } from './issued-tokens'
import { refresh, type SignInOptions, signIn, signUp } from './sign-in'

export interface AuthHandlersDeps extends SignInOptions {
  readonly accessTokens: AccessTokens
}

/** Signing in over HTTP: the tokens go to the caller. */
export function createAuthHandlers({ ready, signedIn }: Procedures, deps: AuthHandlersDeps) {
  const tokens = (session: NewSession) => issuedTokens(deps.accessTokens, session)

  return {
    signup: ready.auth.signup.handler(async ({ input, context }) =>
      tokens(await signUp(context.db, input, context, deps)),
    ),
    login: ready.auth.login.handler(async ({ input, context }) =>
      tokens(await signIn(context.db, input, context, deps)),
    ),
    refresh: ready.auth.refresh.handler(async ({ input, context }) =>
      tokens(await refresh(context.db, input.refresh_token)),
    ),
    logout: signedIn.auth.logout.handler(async ({ input, context: { db, caller } }) => {
      await db.withAccount(caller.account.id, (tx) => endSessions(tx, caller, input?.everywhere === true))
    }),
  }
}
