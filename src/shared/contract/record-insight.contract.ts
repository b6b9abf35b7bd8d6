import { z } from 'zod'
import { procedure } from './base'
import { filters, id, json, name, sort } from './fields'

const databaseId = id
const of = { databaseId, tableName: name, filters: filters.optional() }

/** What a text is found in: at most so many hits are counted. */
export const findLimit = 100_000

export const columnSummary = z.object({
  column: z.string(),
  /** Records with a value, and without one. */
  count: z.int(),
  empty: z.int(),
  /** Of text: values of no characters. */
  blank: z.int().optional(),
  /** Of boolean: values that are true. */
  truths: z.int().optional(),
  distinct: z.int(),
  /** Present and true when `distinct` is an estimate. */
  distinctEstimated: z.boolean().optional(),
  /** Exact, as text; of numbers and intervals. */
  sum: z.string().optional(),
  avg: z.string().optional(),
  /** In the form of the column's values; of text the first 200 characters. */
  min: json.optional(),
  max: json.optional(),
})
export type ColumnSummary = z.infer<typeof columnSummary>

export const distribution = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('histogram'),
    count: z.int(),
    empty: z.int(),
    /** NaN and the infinities, which are in no bucket. */
    odd: z.int(),
    /** In order, also those that hold nothing. `to` belongs to the next one; of the last it is included, but for whole numbers and dates. */
    buckets: z.array(z.object({ from: z.string(), to: z.string(), count: z.int() })),
  }),
  z.object({
    kind: z.literal('values'),
    count: z.int(),
    empty: z.int(),
    distinct: z.int(),
    /** The most frequent first; text is cut after 200 characters. */
    values: z.array(z.object({ value: json, count: z.int() })),
    /** Records whose value is none of these. */
    others: z.int(),
  }),
])
export type Distribution = z.infer<typeof distribution>

/** What a table's records hold, for whoever looks at them. Everything here only reads, and can be cancelled. */
export const recordInsightContract = {
  /** Each column at a glance, under the filter; all columns when none are named. */
  summary: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/records/summary', tags: ['Records'] })
    .input(z.strictObject({ ...of, columns: z.array(name).min(1).max(200).optional() }))
    .output(z.object({ records: z.int(), columns: z.array(columnSummary) })),

  /** Of numbers and times a histogram, of everything else the most frequent values. */
  distribution: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/records/distribution', tags: ['Records'] })
    .input(z.strictObject({ ...of, column: name, buckets: z.int().min(1).max(100).default(20) }))
    .output(distribution),

  /** Values that a column has, for completion: those that begin with the text first, then the most frequent. */
  values: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/records/values', tags: ['Records'] })
    .input(
      z.strictObject({
        ...of,
        column: name,
        search: z.string().max(1000).optional(),
        limit: z.int().min(1).max(100).default(20),
      }),
    )
    .output(
      z.object({
        values: z.array(z.object({ value: json, count: z.int() })),
        /** Only the first 50,000 records that match were looked at: the counts are of those. */
        partial: z.boolean(),
      }),
    ),

  /** Records that a reference may point to, for a picker, found by their key or label. */
  references: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/records/references', tags: ['Records'] })
    .input(
      z.strictObject({
        databaseId,
        tableName: name,
        column: name,
        search: z.string().max(1000).optional(),
        limit: z.int().min(1).max(100).default(20),
      }),
    )
    .output(
      z.object({
        table: z.string(),
        /** The column that is pointed to. */
        key: z.string(),
        /** The column that people know a record by; null where there is none. */
        label: z.string().nullable(),
        choices: z.array(z.object({ id, value: json, label: json })),
        more: z.boolean(),
      }),
    ),

  /** Where a text occurs, whatever its case, in the order of the grid. */
  find: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/records/find', tags: ['Records'] })
    .input(
      z.strictObject({
        ...of,
        sort: z.array(sort).max(20).optional(),
        /** The columns that are shown; all when left out. */
        columns: z.array(name).min(1).max(1600).optional(),
        text: z.string().min(1).max(1000),
        limit: z.int().min(1).max(1000).default(100),
        cursor: z.string().max(1000).optional(),
      }),
    )
    .output(
      z.object({
        hits: z.array(
          z.object({
            id,
            /** Records before it, under the same filter and sort. */
            position: z.int(),
            columns: z.array(z.string()),
          }),
        ),
        /** Records that hold the text, up to 100,000. */
        total: z.int(),
        /** There are more than `total`. */
        more: z.boolean(),
        nextCursor: z.string().nullable(),
      }),
    ),
}
