import { z } from 'zod'
import { procedure } from './base'
import { id } from './fields'

export const tableIndex = z.object({
  /** What it is dropped by. */
  id: z.string(),
  /** Columns in order; one may be a path into a jsonb column: `meta.a.b`. */
  columns: z.array(z.string()),
  unique: z.boolean(),
  /** Why it is there: the key, a unique rule, a reference, or because somebody asked. */
  origin: z.enum(['key', 'unique', 'reference', 'asked']),
  /** `planned`: the table is on its way to its own storage, and gets the index there. */
  state: z.enum(['ready', 'planned']),
  bytes: z.int(),
  /** How often it was used, since the server began to count. */
  scans: z.int(),
  /** Asked for, and not used in a week. */
  unused: z.boolean(),
})
export type TableIndex = z.infer<typeof tableIndex>

export const indexSuggestion = z.object({
  columns: z.array(z.string()),
  /** One plain sentence: "Filtered by status and sorted by created_at 40 times today." */
  reason: z.string(),
  /** One plain sentence with the numbers: "Reads 50 records in place of 120,000." */
  gain: z.string(),
  /** "About 3 MB, and every write of the table keeps it up to date." */
  cost: z.string(),
})
export type IndexSuggestion = z.infer<typeof indexSuggestion>

export const tableStorage = z.object({
  tier: z.enum(['shared', 'dedicated']),
  /** Kept in its tier by wish, whatever its size. */
  pinned: z.boolean(),
  records: z.int(),
  bytes: z.int(),
  moving: z.object({ to: z.enum(['shared', 'dedicated']), done: z.int(), total: z.int() }).nullable(),
})
export type TableStorage = z.infer<typeof tableStorage>

const byTable = z.strictObject({ databaseId: id, tableId: id })
const path = '/api/database/{databaseId}/tables/{tableId}/indexes' as const

export const indexesContract = {
  list: procedure
    .route({ method: 'GET', path, tags: ['Tables'] })
    .input(byTable)
    .output(
      z.object({
        indexes: z.array(tableIndex),
        suggestions: z.array(indexSuggestion),
        storage: tableStorage,
      }),
    ),
  create: procedure
    .route({ method: 'POST', path, successStatus: 201, tags: ['Tables'] })
    .input(z.strictObject({ ...byTable.shape, columns: z.array(z.string().min(1).max(1000)).min(1).max(8) }))
    .output(z.object({ index: tableIndex })),
  drop: procedure
    .route({ method: 'DELETE', path: `${path}/{index}`, successStatus: 204, tags: ['Tables'] })
    .input(z.strictObject({ ...byTable.shape, index: z.string().max(100) })),
  /** Moves the table in the background; `auto` leaves it to its size. */
  setStorage: procedure
    .route({ method: 'PUT', path: '/api/database/{databaseId}/tables/{tableId}/storage', tags: ['Tables'] })
    .input(z.strictObject({ ...byTable.shape, tier: z.enum(['auto', 'shared', 'dedicated']) }))
    .output(z.object({ storage: tableStorage })),
}
