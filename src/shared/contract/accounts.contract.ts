import { z } from 'zod'
import { procedure } from './base'
import { email, id, password, timestamp } from './fields'

export const account = z.object({ id, email: z.string(), created_at: timestamp })
export type Account = z.infer<typeof account>

const credentials = z.strictObject({ email, password })
/** Signing in says only whether the pair is right, so it takes any text. */
const anyCredentials = z.strictObject({ email: z.string().max(320), password: z.string().max(1000) })

const tokens = z.object({
  user: account,
  access_token: z.string(),
  refresh_token: z.string(),
  /** Seconds the access token lives. */
  expires_in: z.int(),
})

export const authContract = {
  signup: procedure
    .route({ method: 'POST', path: '/api/auth/signup', successStatus: 201, tags: ['Accounts'] })
    .input(credentials)
    .output(tokens),
  login: procedure
    .route({ method: 'POST', path: '/api/auth/login', tags: ['Accounts'] })
    .input(anyCredentials)
    .output(tokens),
  refresh: procedure
    .route({ method: 'POST', path: '/api/auth/refresh', tags: ['Accounts'] })
    .input(z.strictObject({ refresh_token: z.string().max(1000) }))
    .output(tokens),
  logout: procedure
    .route({ method: 'POST', path: '/api/auth/logout', successStatus: 204, tags: ['Accounts'] })
    .input(z.strictObject({ everywhere: z.boolean().optional() }).optional()),
}

const accountSession = z.object({
  id,
  created_at: timestamp,
  last_used_at: timestamp,
  /** The program that signed in, as it named itself. */
  user_agent: z.string().nullable(),
  current: z.boolean(),
})

/** The person at the studio's window. The tokens of the window stay with the host. */
export const sessionContract = {
  get: procedure.output(
    z.object({
      user: account.nullable(),
      /** The embedded server's owner exists without asking and cannot sign out. */
      localOwner: z.boolean(),
    }),
  ),
  signUp: procedure.input(credentials).output(account),
  signIn: procedure.input(anyCredentials).output(account),
  signOut: procedure.input(z.strictObject({ everywhere: z.boolean().optional() }).optional()),
  /**
   * Tokens for the person's own programs, a session of their own: listed and revoked like any other. The only way to
   * the API for the owner of an embedded server, who has no password.
   */
  createToken: procedure.output(tokens),
  list: procedure.output(z.object({ sessions: z.array(accountSession) })),
  revoke: procedure.input(z.strictObject({ sessionId: id })),
}
