import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { procedure } from './base'
import { email, id } from './fields'
import { transferProgress } from './transfers.contract'

/** `encrypted` takes any certificate; `verified` one that is good for the host, by an authority that is known or given. */
export const tlsModes = ['off', 'encrypted', 'verified'] as const
export type TlsMode = (typeof tlsModes)[number]

/** A Postgres beside the built-in one, without what is secret of it. */
export const server = z.object({
  id,
  name: z.string(),
  /** Host, port and database name. */
  address: z.string(),
  user: z.string(),
  tls: z.enum(tlsModes),
  /** An authority's certificate was given, which counts in place of those that this machine knows. */
  certificate: z.boolean(),
})
export type Server = z.infer<typeof server>

/** What a server said when it was tried. */
export const serverFacts = z.object({
  /** Of Postgres: "15.8". */
  version: z.string(),
  /** "TLSv1.3"; null when the connection is not encrypted. */
  tls: z.string().nullable(),
  /** Whether a studio has been there: never; with older tables, which are brought up to date; or as this one. */
  studio: z.enum(['none', 'older', 'same']),
  /** Milliseconds to connect and ask. */
  ms: z.int(),
})
export type ServerFacts = z.infer<typeof serverFacts>

const url = z
  .string()
  .trim()
  .min(1, 'Paste the connection string of the server.')
  .max(2000)
  .regex(/^postgres(ql)?:\/\//, 'It looks like postgres://user:password@host:5432/database.')

/** What is left out of a server that is kept already stays as it is. */
const connection = {
  serverId: id.optional(),
  url: url.optional(),
  tls: z.enum(tlsModes),
  /** PEM; null for none. */
  certificate: z.string().max(200_000).nullable().optional(),
}

const serverName = z.string().trim().min(1, 'Give the server a name.').max(60)

/** Null is the built-in server. */
const place = id.nullable()

export const movedProject = z.object({
  projectId: id,
  name: z.string(),
  tables: z.array(z.object({ name: z.string(), records: z.int() })),
  records: z.int(),
  /** The name in addresses, `/p/<ref>`. */
  ref: z.string(),
  /** Apps reach it under the same address there; false when that was taken. */
  sameAddress: z.boolean(),
  /** What is not there as it was here, a sentence each. */
  notes: z.array(z.string()),
})
export type MovedProject = z.infer<typeof movedProject>

/** The servers that this studio knows. Its window asks; over HTTP they are closed. */
export const serversContract = {
  list: procedure.output(
    z.object({
      servers: z.array(server),
      /** The one that the studio works on. */
      current: place,
      /** DATABASE_URL decides, and nothing can be changed here. */
      fixed: z.boolean(),
    }),
  ),
  /** Connects, and looks at its version and at what the user may do there. Nothing is made or kept. */
  test: procedure.input(z.strictObject(connection)).output(serverFacts),
  /** Keeps it once it was tried. */
  save: procedure
    .input(z.strictObject({ ...connection, name: serverName }))
    .output(z.object({ server, facts: serverFacts })),
  /** CONFLICT for the one that the studio works on. */
  remove: procedure.input(z.strictObject({ serverId: id })).output(z.object({})),
  /** Has the studio work on another server; it starts anew for that. */
  use: procedure.input(z.strictObject({ serverId: place })).output(z.object({})),
  /**
   * Copies a project to another server, with everything that belongs to it, and counts what came. The original stays.
   * A server that others share has accounts: the project belongs to that one there.
   */
  move: procedure
    .input(
      z.strictObject({
        databaseId: id,
        to: place,
        account: z.strictObject({ email, password: z.string().max(1000), isNew: z.boolean() }).nullable(),
      }),
    )
    .output(eventIterator(z.union([transferProgress, z.object({ kind: z.literal('done'), result: movedProject })]))),
  /** The original of a project that was moved goes to the bin, and no longer holds its address. */
  leave: procedure.input(z.strictObject({ databaseId: id })).output(z.object({})),
}
