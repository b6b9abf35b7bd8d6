import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { procedure } from './base'
import { id, timestamp } from './fields'
import { table } from './tables.contract'

export const database = z.object({
  id,
  project_id: id,
  /** The project's name in addresses: `/p/<ref>`. */
  ref: z.string(),
  name: z.string(),
  created_at: timestamp,
})
export type Database = z.infer<typeof database>

export const activityEntry = z.object({
  id: z.string(),
  at: timestamp,
  /** Who: an e-mail address, or the studio's owner. */
  actor: z.string(),
  /** `table.create`, `records.update`, ... */
  action: z.string(),
  /** One plain sentence about what happened. */
  sentence: z.string(),
  /** The table it happened to, while that exists. */
  table_id: id.nullable(),
  /** What `changes.undo` takes back; null where nothing can be. */
  operation: id.nullable(),
  /** False for schema edits (their inverse is another edit), what was undone already, and what is forgotten by now. */
  undoable: z.boolean(),
})
export type ActivityEntry = z.infer<typeof activityEntry>

/** Something changed; readers ask again for what they show. */
export const databaseChange = z.object({
  kind: z.enum(['records', 'tables', 'project']),
  tableId: id.nullable(),
})
export type DatabaseChange = z.infer<typeof databaseChange>

const overview = z.object({
  database,
  tables: z.array(table),
  records: z.object({ count: z.int(), estimated: z.boolean() }),
  bytes: z.int(),
  activity: z.array(activityEntry),
  connection: z.object({
    /** `http://HOST:PORT`, the base of the management API. */
    api_url: z.string(),
    server: z.string(),
    embedded: z.boolean(),
  }),
})
export type Overview = z.infer<typeof overview>

export const databasesContract = {
  create: procedure
    .route({ method: 'POST', path: '/api/database/create', successStatus: 201, tags: ['Databases'] })
    .input(z.strictObject({ projectId: id }))
    .output(z.object({ database, tables: z.array(table) })),
  get: procedure
    .route({ method: 'GET', path: '/api/database/{databaseId}', tags: ['Databases'] })
    .input(z.strictObject({ databaseId: id }))
    .output(overview),
  /** The bytes of each table with its indexes, the largest first. */
  space: procedure
    .route({ method: 'GET', path: '/api/database/{databaseId}/space', tags: ['Databases'] })
    .input(z.strictObject({ databaseId: id }))
    .output(z.object({ tables: z.array(z.object({ table_name: z.string(), bytes: z.number() })) })),
  /** Who did what, newest first. */
  audit: procedure
    .route({ method: 'GET', path: '/api/database/{databaseId}/audit', tags: ['Databases'] })
    .input(z.strictObject({ databaseId: id, cursor: z.string().max(200).optional() }))
    .output(z.object({ entries: z.array(activityEntry), nextCursor: z.string().nullable() })),
  /** Every change that somebody commits in this database, from any window or API call. */
  watch: procedure.input(z.strictObject({ databaseId: id })).output(eventIterator(databaseChange)),
}
