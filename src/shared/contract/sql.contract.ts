import { z } from 'zod'
import { procedure } from './base'
import { id, json } from './fields'

/** Rows of one result: what a grid can still show. */
export const rowLimit = 10_000
const longestQuery = 1_000_000

export const sqlColumn = z.object({
  name: z.string(),
  /** Postgres' own name: `integer`, `timestamp with time zone`, `text[]`. */
  type: z.string(),
})

export const sqlResult = z.object({
  /** The command tag's word: SELECT, INSERT, EXPLAIN. */
  command: z.string(),
  columns: z.array(sqlColumn),
  /**
   * Values in the order of `columns`, whose names may repeat. bigint and numeric are strings, times are ISO 8601 with
   * microseconds.
   */
  rows: z.array(z.array(json)),
  /** Rows that came, or were written. */
  rowCount: z.int(),
  /** There were more rows than `limit`. */
  truncated: z.boolean(),
  /** Milliseconds that the statement took in Postgres and on the way. */
  ms: z.number(),
})
export type SqlResult = z.infer<typeof sqlResult>

export const sqlContract = {
  /**
   * All statements in one transaction: all of them, or none. Statements that describe tables (`create table`, `alter table`,
   * `drop table`, `create index`, `comment on`) are a run of their own, and one version of the schema.
   */
  run: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/sql', tags: ['SQL'] })
    .input(
      z.strictObject({
        databaseId: id,
        query: z.string().min(1).max(longestQuery),
        /** For `$1`, `$2`, ...; then there is one statement. */
        params: z.array(json).max(10_000).optional(),
        limit: z.int().min(1).max(rowLimit).default(1000),
        timeoutMs: z.int().min(1).max(300_000).default(30_000),
        readOnly: z.boolean().default(false),
        /** The plan in the place of rows; `analyze` runs the statement, and takes back what it wrote. */
        explain: z.union([z.boolean(), z.enum(['plan', 'analyze'])]).default(false),
      }),
    )
    .output(z.object({ results: z.array(sqlResult) })),
}
