import { z } from 'zod'
import { verbs } from '../domain/access-rule'
import { textProblem } from '../domain/text-problem'
import { procedure } from './base'
import { id, name, timestamp } from './fields'

/** Keys of one project, those that are revoked or expired not counted. */
export const keyLimit = 200

export const keyKind = z.enum(['publishable', 'secret'])

const scope = z.strictObject({
  table: z.union([z.literal('*'), name]),
  verbs: z.array(z.enum(verbs)).min(1, 'Name at least one verb.').max(verbs.length),
})

const scopes = z.array(scope).min(1, 'Name at least one table, or leave the scopes out.').max(500)

export const apiKey = z.object({
  id,
  name: z.string(),
  kind: keyKind,
  /** The beginning of the key, to tell it by. */
  prefix: z.string(),
  /** Null: what its kind may. */
  scopes: z.array(z.object({ table: z.string(), verbs: z.array(z.enum(verbs)) })).nullable(),
  created_at: timestamp,
  created_by: z.string(),
  expires_at: timestamp.nullable(),
  revoked_at: timestamp.nullable(),
  last_used_at: timestamp.nullable(),
  last_used_address: z.string().nullable(),
  /** The key that this one follows. */
  replaces: id.nullable(),
})
export type ApiKey = z.infer<typeof apiKey>

const keyName = z
  .string()
  .trim()
  .min(1, 'Give the key a name.')
  .max(100, 'Use at most 100 characters.')
  .refine((value) => textProblem(value) === null, 'A name is text without U+0000 and broken characters.')

const ofDatabase = { databaseId: id }
const named = z.strictObject({ id: id.optional(), keyId: id.optional() })
const path = '/api/database/{databaseId}/keys' as const
/** The key itself is answered here and nowhere else. */
const made = z.object({ key: apiKey, secret: z.string() })

export const keysContract = {
  /** Newest first, those that were revoked last. */
  list: procedure
    .route({ method: 'GET', path, tags: ['Keys'] })
    .input(z.strictObject(ofDatabase))
    .output(z.object({ keys: z.array(apiKey) })),
  create: procedure
    .route({ method: 'POST', path, successStatus: 201, tags: ['Keys'] })
    .input(
      z.strictObject({
        ...ofDatabase,
        name: keyName,
        kind: keyKind,
        scopes: scopes.nullable().optional(),
        expires_at: z.iso
          .datetime({ offset: true, error: 'Write the time as 2027-01-31T12:00:00Z.' })
          .nullable()
          .optional(),
      }),
    )
    .output(made),
  /** Ends a key at once. `id` in the query or the body says which, or `keyId`. */
  revokeNamed: procedure
    .route({ method: 'DELETE', path, successStatus: 204, tags: ['Keys'], inputStructure: 'detailed' })
    .input(
      z.object({
        params: z.strictObject(ofDatabase),
        query: named.optional(),
        body: named.optional(),
      }),
    ),
  revoke: procedure
    .route({ method: 'DELETE', path: `${path}/{keyId}`, successStatus: 204, tags: ['Keys'] })
    .input(z.strictObject({ ...ofDatabase, keyId: id })),
  /** A new key that does the same; the old one ends after `overlap` seconds, a day when left out. */
  rotate: procedure
    .route({ method: 'POST', path: `${path}/{keyId}/rotate`, successStatus: 201, tags: ['Keys'] })
    .input(
      z.strictObject({
        ...ofDatabase,
        keyId: id,
        overlap: z
          .int()
          .min(0)
          .max(90 * 24 * 3600)
          .optional(),
      }),
    )
    .output(made),
  /** The publishable key of the studio's own snippets: made when it is first asked for, and shown again. */
  snippet: procedure.input(z.strictObject(ofDatabase)).output(made),
}
