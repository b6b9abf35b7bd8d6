import { z } from 'zod'
import { procedure } from './base'
import { filters, id, json, name, sort, values } from './fields'
import { record } from './record'
import { recordInsightContract } from './record-insight.contract'
import { recordSetsContract } from './record-sets.contract'

export { record, type TableRecord } from './record'

const databaseId = id
const revision = z.int().min(1)
const one = z.object({ record })

/** The most records of one page and of one create. */
export const pageLimit = 1000
export const createLimit = 10_000

/**
 * Records that come along: `{column}` is a reference of the table and brings the record it points to (null where it
 * points nowhere), `{table}` another table and brings those of its records that point here, oldest first.
 */
const embed = z
  .strictObject({
    column: name.optional(),
    table: name.optional(),
    /** The member it is answered as; the name of the other table when left out. */
    as: name.optional(),
    select: z.array(name).min(1).max(1600).optional(),
    limit: z.int().min(1).max(100).optional(),
  })
  .refine((input) => input.column !== undefined || input.table !== undefined, 'Send "column" or "table".')

const path = '/api/database/{databaseId}/records/{recordId}' as const
const params = z.object({ databaseId, recordId: id })
const query = z.strictObject({ table: name })

export const recordsContract = {
  create: procedure
    .route({
      method: 'POST',
      path: '/api/database/{databaseId}/records/create',
      successStatus: 201,
      tags: ['Records'],
    })
    .input(
      z
        .strictObject({
          databaseId,
          tableName: name,
          record: values.optional(),
          records: z.array(values).min(1).max(createLimit).optional(),
        })
        .refine(
          (input) => (input.record === undefined) !== (input.records === undefined),
          'Send either "record" or "records".',
        ),
    )
    .output(z.object({ record: record.optional(), records: z.array(record).optional() })),

  query: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/records/query', tags: ['Records'] })
    .input(
      z
        .strictObject({
          databaseId,
          tableName: name,
          filters: filters.optional(),
          sort: z.array(sort).max(20).optional(),
          select: z.array(name).min(1).max(1600).optional(),
          embed: z.array(embed).max(10).optional(),
          limit: z.int().min(1).max(pageLimit).default(100),
          offset: z.int().min(0).optional(),
          cursor: z.string().max(20_000).optional(),
          count: z.enum(['none', 'estimated', 'exact']).default('none'),
        })
        .refine((input) => input.offset === undefined || input.cursor === undefined, {
          message: 'Send either "offset" or "cursor".',
        }),
    )
    .output(
      z.object({
        records: z.array(z.record(z.string(), json)),
        nextCursor: z.string().nullable(),
        count: z.int().optional(),
        /** Present and true when `count` is an estimate. */
        countEstimated: z.boolean().optional(),
      }),
    ),

  get: procedure
    .route({ method: 'GET', path, inputStructure: 'detailed', tags: ['Records'] })
    .input(z.object({ params, query }))
    .output(one),
  /** The whole record: a column that is left out takes its default. */
  replace: procedure
    .route({ method: 'PUT', path, inputStructure: 'detailed', tags: ['Records'] })
    .input(z.object({ params, query, body: z.strictObject({ record: values, revision: revision.optional() }) }))
    .output(one),
  update: procedure
    .route({ method: 'PATCH', path, inputStructure: 'detailed', tags: ['Records'] })
    .input(z.object({ params, query, body: z.strictObject({ record: values, revision: revision.optional() }) }))
    .output(one),
  delete: procedure
    .route({ method: 'DELETE', path, inputStructure: 'detailed', successStatus: 204, tags: ['Records'] })
    .input(z.object({ params, query })),

  /** Deletes what the filter matches; `expected`, when sent, must be that number or nothing happens (409). */
  deleteMany: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/records/delete', tags: ['Records'] })
    .input(z.strictObject({ databaseId, tableName: name, filters, expected: z.int().min(0).optional() }))
    .output(
      z.object({
        deleted: z.int(),
        /** What `changes.undo` takes back, with what was deleted along with it; left out when nothing matched. */
        operation: id.optional(),
      }),
    ),

  ...recordSetsContract,
  ...recordInsightContract,
}
