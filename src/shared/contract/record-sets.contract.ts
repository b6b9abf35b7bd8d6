import { z } from 'zod'
import { procedure } from './base'
import { filters, id, json, name, timestamp, values } from './fields'
import { record } from './record'

const databaseId = id
const revision = z.int().min(1)

/** The most records that one save creates, changes and deletes, each. */
export const saveLimit = 10_000

const updated = z.strictObject({
  id,
  /** The revision that the edit began with. */
  revision: revision.optional(),
  /** The fields that changed, and no others. */
  record: values,
  /** What those fields held when the edit began. */
  base: values.optional(),
})

/** Why a save was refused: `details.conflicts` of its 409, one for each field. */
export const saveConflict = z.object({
  id,
  /**
   * `field`: somebody else changed what this save changes. `deleted`: the record to change is gone. `changed`: the record
   * to delete was changed since. The last two are of the whole record: `column` is null, `mine` and `theirs` are records.
   */
  kind: z.enum(['field', 'deleted', 'changed']),
  column: z.string().nullable(),
  base: json,
  mine: json,
  theirs: json,
  by: z.string().optional(),
  at: timestamp.optional(),
})
export type SaveConflict = z.infer<typeof saveConflict>

/** Sets of records written by one call. */
export const recordSetsContract = {
  /**
   * One staged batch, all or nothing. An update whose record has a newer revision is merged where its fields still hold
   * what `base` says; otherwise 409 with every conflict of the batch. With a `key` of the caller's own it is done once,
   * however often it is sent; the key is the operation.
   */
  saveMany: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/records/save', tags: ['Records'] })
    .input(
      z
        .strictObject({
          databaseId,
          tableName: name,
          key: id.optional(),
          create: z
            .array(z.strictObject({ record: values }))
            .max(saveLimit)
            .optional(),
          update: z.array(updated).max(saveLimit).optional(),
          delete: z
            .array(z.strictObject({ id, revision: revision.optional() }))
            .max(saveLimit)
            .optional(),
        })
        .refine(
          (input) => (input.create?.length ?? 0) + (input.update?.length ?? 0) + (input.delete?.length ?? 0) > 0,
          'Send something to create, update or delete.',
        ),
    )
    .output(
      z.object({
        /** What `changes.undo` takes back. */
        operation: id,
        /** In the order they were sent. */
        created: z.array(id),
        deleted: z.int(),
        /** What was created and changed, as it is now; in no order, and without what is gone since. */
        records: z.array(record),
        /** The same key was done before, and nothing was written now. */
        repeated: z.boolean(),
      }),
    ),

  /** Sets the same values in all records that the filter matches; `expected`, when sent, must be that number (409). */
  updateMany: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/records/update', tags: ['Records'] })
    .input(
      z.strictObject({ databaseId, tableName: name, filters, record: values, expected: z.int().min(0).optional() }),
    )
    .output(
      z.object({
        updated: z.int(),
        /** What `changes.undo` takes back; left out when nothing matched. */
        operation: id.optional(),
      }),
    ),

  /** How many records the filter matches. An exact count takes as long as it takes, at most 30 s, and can be cancelled. */
  count: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/records/count', tags: ['Records'] })
    .input(
      z.strictObject({
        databaseId,
        tableName: name,
        filters: filters.optional(),
        mode: z.enum(['estimated', 'exact']).default('exact'),
      }),
    )
    .output(z.object({ count: z.int(), countEstimated: z.boolean().optional() })),
}
