import { z } from 'zod'
import { procedure } from './base'
import { id, json, name, timestamp } from './fields'
import { record } from './records.contract'

export const fieldChange = z.object({ column: z.string(), before: json, after: json })

/** One write of one record. */
export const recordChange = z.object({
  id: z.string(),
  at: timestamp,
  actor: z.string(),
  /** What was done together: one call, or one transaction of SQL. */
  operation: id,
  op: z.enum(['insert', 'update', 'delete']),
  revision: z.int().nullable(),
  fields: z.array(fieldChange),
})
export type RecordChange = z.infer<typeof recordChange>

const databaseId = id
const params = z.object({ databaseId, recordId: id })
const moment = z.iso.datetime({ offset: true })

export const changesContract = {
  /** What happened to a record, newest first; also of one that is deleted. */
  history: procedure
    .route({
      method: 'GET',
      path: '/api/database/{databaseId}/records/{recordId}/history',
      inputStructure: 'detailed',
      tags: ['Changes'],
    })
    .input(z.object({ params, query: z.strictObject({ table: name, cursor: z.string().max(200).optional() }) }))
    .output(z.object({ changes: z.array(recordChange), nextCursor: z.string().nullable() })),
  /** Writes the record as it was right after this change (of a delete: right before); brings back a deleted one. */
  restore: procedure
    .route({
      method: 'POST',
      path: '/api/database/{databaseId}/records/{recordId}/restore',
      inputStructure: 'detailed',
      tags: ['Changes'],
    })
    .input(
      z.object({
        params,
        query: z.strictObject({ table: name }),
        body: z.strictObject({ change: z.string().max(30) }),
      }),
    )
    .output(z.object({ record })),
  /**
   * Takes back every write of an operation, by writes of its own, which can be undone in turn. 409 when a record of it was
   * changed since in the same fields, with those in `details.records` ([{id, table}], at most 1,000 of a table); `force`
   * leaves such fields, and created records that were changed since, as they are and takes back the rest. An edit of the
   * schema is not undone here but by the edit that is its inverse.
   */
  undo: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/operations/{operation}/undo', tags: ['Changes'] })
    .input(z.strictObject({ databaseId, operation: id, force: z.boolean().optional() }))
    .output(z.object({ operation: id, undone: z.int() })),
  /** How many records `restoreMoment` would bring back, change and remove. */
  previewMoment: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/changes/moment/preview', tags: ['Changes'] })
    .input(z.strictObject({ databaseId, tableName: name, moment }))
    .output(z.object({ added: z.int(), changed: z.int(), removed: z.int() })),
  /** Writes the records of a table as they were at a moment that changes are kept from; one operation. */
  restoreMoment: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/changes/moment/restore', tags: ['Changes'] })
    .input(z.strictObject({ databaseId, tableName: name, moment }))
    .output(z.object({ operation: id, written: z.int() })),
  /** How long changes are kept, and so how far back histories and undo go. */
  retention: procedure
    .route({ method: 'GET', path: '/api/database/{databaseId}/changes/retention', tags: ['Changes'] })
    .input(z.strictObject({ databaseId }))
    .output(z.object({ days: z.int() })),
  setRetention: procedure
    .route({ method: 'PUT', path: '/api/database/{databaseId}/changes/retention', tags: ['Changes'] })
    .input(z.strictObject({ databaseId, days: z.int().min(1).max(3650) }))
    .output(z.object({ days: z.int() })),
}
