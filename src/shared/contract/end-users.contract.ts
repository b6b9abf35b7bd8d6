import { z } from 'zod'
import { procedure } from './base'
import { email, id, password, timestamp, values } from './fields'

/** How the people of a project's app sign up and in. */
export const authSettings = z.object({
  /** Whether anybody may sign up; people can be invited and created either way. */
  signUps: z.boolean(),
  /** A new address has to be confirmed by mail before its first sign-in. */
  confirmEmail: z.boolean(),
  /** Characters of a new password. */
  passwordLength: z.int().min(6).max(72),
  /** Seconds an access token lives. */
  tokenLifetime: z.int().min(60).max(86_400),
  /** bcrypt's cost for new passwords; each step doubles the work. */
  bcryptCost: z.int().min(10).max(15),
  /** Where links in mails lead after they have done their work; null shows a plain page. */
  siteUrl: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .nullable(),
  /** Other addresses an app may ask them to lead to, each with everything below it. */
  redirectUrls: z.array(z.string().min(1).max(2000)).max(50),
  /** The sender of mails, and the server that takes them; without one they are only shown in the studio. */
  mail: z.object({
    sender: email.nullable(),
    server: z
      .object({
        host: z.string().min(1).max(253),
        port: z.int().min(1).max(65_535),
        /** From the first byte (usually port 465); otherwise the connection is upgraded where the server can. */
        tls: z.boolean(),
        user: z.string().max(320).nullable(),
        hasPassword: z.boolean(),
      })
      .nullable(),
  }),
})
export type AuthSettings = z.infer<typeof authSettings>

const userFields = {
  full_name: z.string().max(10_000).optional(),
  avatar_url: z.string().max(10_000).optional(),
}

export const endUser = z.object({
  id,
  email: z.string(),
  full_name: z.string().nullable(),
  avatar_url: z.string().nullable(),
  created_at: timestamp.nullable(),
  updated_at: timestamp.nullable(),
})
export type EndUser = z.infer<typeof endUser>

/** The same with what the studio knows of them. */
export const endUserDetails = endUser.extend({
  confirmed_at: timestamp.nullable(),
  invited_at: timestamp.nullable(),
  last_sign_in_at: timestamp.nullable(),
  banned_until: z.string().nullable(),
  user_metadata: values,
  /** Sign-ins that are under way. */
  sessions: z.int(),
})
export type EndUserDetails = z.infer<typeof endUserDetails>

export const endUserSession = z.object({
  id,
  created_at: timestamp,
  last_used_at: timestamp,
  user_agent: z.string().nullable(),
  address: z.string().nullable(),
})

const tokens = z.object({
  user: endUser,
  access_token: z.string(),
  refresh_token: z.string(),
  /** Seconds the access token lives. */
  expires_in: z.int(),
})

const databaseId = id
const one = z.strictObject({ databaseId, userId: id })
const anyCredentials = { email: z.string().max(320), password: z.string().max(1000) }

export const endUsersContract = {
  signup: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/auth/signup', successStatus: 201, tags: ['End users'] })
    .input(z.strictObject({ databaseId, email, password, ...userFields }))
    .output(z.union([tokens, z.object({ confirmation_sent: z.literal(true), email: z.string() })])),
  login: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/auth/login', tags: ['End users'] })
    .input(z.strictObject({ databaseId, ...anyCredentials }))
    .output(tokens),
  refresh: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/auth/refresh', tags: ['End users'] })
    .input(z.strictObject({ databaseId, refresh_token: z.string().max(1000) }))
    .output(tokens),
  /** With the end user's own access token. */
  logout: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/auth/logout', successStatus: 204, tags: ['End users'] })
    .input(z.strictObject({ databaseId, everywhere: z.boolean().optional() })),

  /** Newest first; `search` is a part of the address or the name, or an id. */
  list: procedure
    .input(
      z.strictObject({
        databaseId,
        search: z.string().max(320).optional(),
        state: z.enum(['all', 'confirmed', 'unconfirmed', 'banned']).default('all'),
        offset: z.int().min(0).max(10_000_000).default(0),
        limit: z.int().min(1).max(200).default(50),
      }),
    )
    .output(z.object({ users: z.array(endUserDetails), total: z.int() })),
  get: procedure.input(one).output(z.object({ user: endUserDetails, sessions: z.array(endUserSession) })),
  /** Somebody who can sign in at once. */
  create: procedure
    .input(z.strictObject({ databaseId, email, password, ...userFields }))
    .output(z.object({ user: endUserDetails })),
  /** Somebody who chooses a password by the link of a mail. */
  invite: procedure
    .input(z.strictObject({ databaseId, email, full_name: userFields.full_name }))
    .output(z.object({ user: endUserDetails, delivered: z.boolean() })),
  sendReset: procedure.input(one).output(z.object({ delivered: z.boolean() })),
  setPassword: procedure.input(one.extend({ password })),
  /** A ban ends every sign-in at once. */
  setBan: procedure.input(one.extend({ banned: z.boolean() })).output(z.object({ user: endUserDetails })),
  endSessions: procedure.input(one.extend({ sessionId: id.optional() })).output(z.object({ ended: z.int() })),
  /** Records that refer to the user, and what becomes of them. */
  references: procedure.input(one).output(
    z.object({
      references: z.array(
        z.object({
          table: z.string(),
          column: z.string(),
          count: z.int(),
          on_delete: z.enum(['cascade', 'restrict', 'set_null']),
        }),
      ),
    }),
  ),
  /** What went with the user; CONSTRAINT when something keeps them, and then nothing is deleted. */
  delete: procedure.input(one).output(z.object({ deleted: z.int(), cascaded: z.int() })),

  settings: procedure.input(z.strictObject({ databaseId })).output(z.object({ settings: authSettings })),
  updateSettings: procedure
    .input(
      z.strictObject({
        databaseId,
        settings: authSettings,
        /** For the mail server; the known one when left out. */
        mailPassword: z.string().max(1000).optional(),
      }),
    )
    .output(z.object({ settings: authSettings })),
  /** Sends one to this address; answers only when the mail server took it. */
  testMail: procedure.input(z.strictObject({ databaseId, recipient: email })),
  mails: procedure.input(z.strictObject({ databaseId })).output(
    z.object({
      mails: z.array(
        z.object({
          id,
          at: timestamp,
          recipient: z.string(),
          subject: z.string(),
          body: z.string(),
          delivered_at: timestamp.nullable(),
          problem: z.string().nullable(),
        }),
      ),
    }),
  ),
}
