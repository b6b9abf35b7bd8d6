import { AppError } from '@shared/app-error'
import type { RequestContext } from '../../context'
import type { StudioDatabase } from '../../db/database'
import type { Procedures } from '../../rpc/implementer'
import { addressOf } from './care.service'
import { type AppCall, type EndUserAuthDeps, refresh, type SignedIn, signIn, signOut, signUp } from './end-user-auth'
import { createEndUserTokens } from './end-user-token'
import type { EndUsersHandlersDeps } from './end-users.handlers'

/** The calls of an app's own people: over HTTP for anybody, as an app's sign-in page is. */
export function createAppSignInHandlers({ ready: { endUsers } }: Procedures, deps: EndUsersHandlersDeps) {
  const tokens = createEndUserTokens(deps.secret)
  const auth = (db: StudioDatabase): EndUserAuthDeps => ({ ...deps, db, tokens })
  const callOf = async (
    { db, userAgent, address }: RequestContext & { readonly db: StudioDatabase },
    databaseId: string,
    signal?: AbortSignal,
  ): Promise<AppCall> => ({
    at: await addressOf({ db }, databaseId),
    baseUrl: deps.baseUrl(),
    userAgent,
    address,
    signal,
  })

  return {
    signup: endUsers.signup.handler(async ({ input: { databaseId, ...given }, context, signal }) => {
      const { user, session } = await signUp(auth(context.db), await callOf(context, databaseId, signal), given)
      if (user && session) return issued({ user, session })
      return { confirmation_sent: true as const, email: given.email }
    }),
    login: endUsers.login.handler(async ({ input: { databaseId, ...given }, context, signal }) =>
      issued(await signIn(auth(context.db), await callOf(context, databaseId, signal), given)),
    ),
    refresh: endUsers.refresh.handler(async ({ input, context, signal }) =>
      issued(await refresh(auth(context.db), await callOf(context, input.databaseId, signal), input.refresh_token)),
    ),
    logout: endUsers.logout.handler(async ({ input, context, signal }) => {
      const call = await callOf(context, input.databaseId, signal)
      const who = context.bearer ? await deps.verify(call.at, context.bearer) : null
      if (who === null)
        throw new AppError('UNAUTHENTICATED', 'Sign in first: this call needs the access token of an end user.')
      await signOut(auth(context.db), call, who, input.everywhere === true ? 'global' : 'local')
    }),
  }
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
