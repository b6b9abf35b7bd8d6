import { z } from 'zod'
import { procedure } from './base'
import { id, json, timestamp } from './fields'

const origin = z
  .string()
  .max(300)
  .refine((text) => isOrigin(text), 'An origin looks like https://app.example.org, without a path.')

function isOrigin(text: string): boolean {
  return /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/i.test(text)
}

/** Requests a minute. */
const rate = z.int().min(1).max(100_000_000)

const settings = z.object({
  /** Pages of these origins may call; null lets all of them. */
  origins: z.array(z.string()).nullable(),
  rates: z.object({ key: rate, address: rate, user: rate }),
})

export type ApiSettings = z.infer<typeof settings>

const plan = z.object({
  name: z.string(),
  /** Null: no limit. */
  bytes: z.number().nullable(),
  records: z.number().nullable(),
  /** A month. */
  requests: z.number().nullable(),
})

export const apiRequest = z.object({
  id: z.string(),
  at: timestamp,
  method: z.string(),
  path: z.string(),
  status: z.int(),
  ms: z.number(),
  key: z.object({ id, name: z.string(), prefix: z.string() }).nullable(),
  user_id: id.nullable(),
  address: z.string().nullable(),
  error: z.string().nullable(),
})
export type ApiRequest = z.infer<typeof apiRequest>

export const requestMethods = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'] as const

const requestFilter = {
  /** `failed` are those of 400 and above: `refused` below 500, and `broken`. */
  status: z.enum(['ok', 'failed', 'refused', 'broken']).optional(),
  method: z.enum(requestMethods).optional(),
  keyId: id.optional(),
  /** Calls of one signed-in person. */
  userId: id.optional(),
  search: z.string().max(200).optional(),
}

const databaseId = id
const path = '/api/database/{databaseId}/api' as const

export const apiContract = {
  settings: procedure
    .route({ method: 'GET', path: `${path}/settings`, tags: ['API'] })
    .input(z.strictObject({ databaseId }))
    .output(
      z.object({ settings, plan, usage: z.object({ bytes: z.number(), records: z.number(), requests: z.number() }) }),
    ),
  /** What is left out stays as it is. */
  setSettings: procedure
    .route({ method: 'PATCH', path: `${path}/settings`, tags: ['API'] })
    .input(
      z.strictObject({
        databaseId,
        origins: z.array(origin).max(100).nullable().optional(),
        rates: z
          .strictObject({ key: rate.optional(), address: rate.optional(), user: rate.optional() })
          .nullable()
          .optional(),
      }),
    )
    .output(z.object({ settings })),
  /** What was asked of the project's API, newest first. */
  requests: procedure
    .route({ method: 'GET', path: `${path}/requests`, tags: ['API'] })
    .input(
      z.strictObject({
        databaseId,
        cursor: z.string().max(200).optional(),
        ...requestFilter,
      }),
    )
    .output(z.object({ requests: z.array(apiRequest), nextCursor: z.string().nullable() })),
  /** How many in each of the last minutes, hours or days. */
  traffic: procedure
    .route({ method: 'GET', path: `${path}/traffic`, tags: ['API'] })
    .input(z.strictObject({ databaseId, span: z.enum(['hour', 'day', 'week']), ...requestFilter }))
    .output(z.object({ points: z.array(z.object({ at: timestamp, ok: z.int(), failed: z.int() })) })),
  /** The whole API as a document for programs: OpenAPI, or TypeScript types for the official client. */
  document: procedure
    .route({ method: 'GET', path: `${path}/document`, tags: ['API'] })
    .input(z.strictObject({ databaseId, format: z.enum(['openapi', 'typescript']) }))
    .output(z.object({ name: z.string(), text: z.string() })),
  /** One call of the data API, made as somebody by the studio's own page. What it writes stays. */
  tryCall: procedure
    .input(
      z.strictObject({
        databaseId,
        method: z.enum(['GET', 'POST', 'PATCH', 'DELETE']),
        tableName: z.string().max(200),
        search: z.string().max(8_000),
        body: json.optional(),
        as: z.union([z.enum(['anonymous', 'secret']), z.strictObject({ user: id })]),
      }),
    )
    .output(z.object({ status: z.int(), ms: z.number(), body: json })),
}
