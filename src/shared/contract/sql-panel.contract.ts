import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { errorStatus } from '../app-error'
import { textProblem } from '../domain/text-problem'
import { procedure } from './base'
import { id, json, timestamp } from './fields'
import { sqlColumn } from './sql.contract'

/** UTF-16 units of the text that was sent. */
const offset = z.int().min(0)
const databaseId = id
const ofDatabase = z.strictObject({ databaseId })
const text = z.string().max(1_000_000)
const query = z.string().min(1).max(1_000_000)

/** The most rows that a run may be asked to keep of each result. */
export const mostRows = 5_000_000
/** The most rows of one page of a result. */
export const resultPage = 500
/** Characters of a cell on a page; `cell` has all of them. */
export const cellLimit = 4_000

/** Something that asks first. */
export const sqlDanger = z.object({
  kind: z.enum(['updateAll', 'deleteAll', 'truncate', 'dropTable', 'dropColumn']),
  /** The table whose records it changes; null where there is none of that name. */
  table: z.string().nullable(),
  /** "Deletes every record of orders: it has no WHERE." */
  sentence: z.string(),
})
export type SqlDanger = z.infer<typeof sqlDanger>

/** What a statement would do, as Postgres' parser reads it; nothing of it has run. */
export const sqlStatement = z.object({
  start: offset,
  end: offset,
  /** SELECT, DELETE, CREATE TABLE. */
  command: z.string(),
  /**
   * `read` changes nothing; `write` changes records, wherever in the statement that stands; `schema` becomes schema edits;
   * `transaction` begins or ends one; `setting` is of the session; `refused` is not run here, and `problem` says why.
   */
  effect: z.enum(['read', 'write', 'schema', 'transaction', 'setting', 'refused']),
  /** It locks records. */
  locks: z.boolean(),
  reads: z.array(z.string()),
  writes: z.array(z.string()),
  dangers: z.array(sqlDanger),
  /** The names of its `:name` places. */
  parameters: z.array(z.string()),
  /** It cannot be read, or not be run here. */
  problem: z.object({ message: z.string(), start: offset, end: offset, syntax: z.boolean() }).nullable(),
})
export type SqlStatementInfo = z.infer<typeof sqlStatement>

/** Where edits of a result go: the table, its column behind each column of the result, and the columns that name a record. */
export const resultEditing = z.object({
  table: z.string(),
  columns: z.array(z.string().nullable()),
  key: z.array(z.string()).min(1),
})
export type ResultEditing = z.infer<typeof resultEditing>

const row = z.array(json)
const cuts = z.array(z.tuple([z.int(), z.int()]))

export const sqlEvent = z.discriminatedUnion('type', [
  /** A statement begins. */
  z.object({ type: z.literal('statement'), index: z.int(), start: offset, end: offset, command: z.string() }),
  z.object({
    type: z.literal('columns'),
    index: z.int(),
    resultId: id,
    columns: z.array(sqlColumn),
    editing: resultEditing.nullable(),
    /** Why it cannot be edited in place; null when it can. */
    notEditable: z.string().nullable(),
  }),
  /** The first rows; `page` has all that are kept. `cuts` are the cells (row, column) that are longer than shown. */
  z.object({ type: z.literal('rows'), index: z.int(), rows: z.array(row), cuts }),
  z.object({ type: z.literal('progress'), index: z.int(), rowCount: z.int() }),
  z.object({
    type: z.literal('finished'),
    index: z.int(),
    command: z.string(),
    /** Rows that came, or were written. */
    rowCount: z.int(),
    /** There were more than the run was to keep. */
    truncated: z.boolean(),
    /** Milliseconds that the statement took. */
    ms: z.number(),
    /** What is good to know: "The rows are kept; the transaction is open." */
    note: z.string().nullable(),
  }),
  z.object({
    type: z.literal('failed'),
    /** The statement; null for the run as a whole. */
    index: z.int().nullable(),
    code: z.enum(Object.keys(errorStatus) as [keyof typeof errorStatus]),
    message: z.string(),
    at: offset.nullable(),
    hint: z.string().nullable(),
    details: z.unknown(),
  }),
  z.object({ type: z.literal('transaction'), open: z.object({ id, expiresAt: timestamp }).nullable() }),
])
export type SqlEvent = z.infer<typeof sqlEvent>

/** How an open transaction is. */
const openTransaction = z.object({ id, expiresAt: timestamp, statements: z.int() })
export type OpenTransaction = z.infer<typeof openTransaction>

export const sqlRun = z.object({
  id: z.string(),
  at: timestamp,
  text: z.string(),
  /** `running` also where the studio was cut off meanwhile. */
  outcome: z.enum(['running', 'done', 'failed', 'cancelled']),
  statements: z.int(),
  rowCount: z.int(),
  ms: z.number().nullable(),
  error: z.string().nullable(),
})
export type SqlRun = z.infer<typeof sqlRun>

const title = z
  .string()
  .trim()
  .min(1, 'Give it a name.')
  .max(100, 'Use at most 100 characters.')
  .refine((value) => textProblem(value) === null, 'A name is text without U+0000 and broken characters.')
const folder = z
  .string()
  .trim()
  .max(200, 'Use at most 200 characters.')
  .refine((value) => textProblem(value) === null, 'A name is text without U+0000 and broken characters.')

export const savedQuery = z.object({
  id,
  /** Names with slashes between them; empty beside the folders. */
  folder: z.string(),
  name: z.string(),
  text: z.string(),
  updated_at: timestamp,
})
export type SavedQuery = z.infer<typeof savedQuery>

const draftFields = {
  id,
  /** How tabs stand beside each other: by this number. */
  place: z.number(),
  name: z.string().max(200),
  text,
  queryId: id.nullable(),
  /** What the last run showed, as the panel keeps it. */
  results: json,
  /** Milliseconds since 1970. */
  editedAt: z.number(),
}
export const sqlDraft = z.object(draftFields)
export type SqlDraft = z.infer<typeof sqlDraft>

export const exportFormats = ['csv', 'json', 'xlsx'] as const

const runOptions = {
  databaseId,
  query,
  /** Values of the `:name` places. */
  values: z.record(z.string().max(100), json).default({}),
  timeoutMs: z.int().min(1).max(300_000).default(30_000),
  /** The open transaction that it is part of. */
  transactionId: id.nullable().default(null),
}

/** What the SQL panel asks; only windows of the studio can. */
export const sqlPanelContract = {
  analyse: procedure
    .input(z.strictObject({ databaseId, query: text }))
    .output(z.object({ statements: z.array(sqlStatement) })),
  /**
   * How many records each dangerous statement would change: counted, or by running everything and taking it back. Null
   * where that could not be found out in time.
   */
  preview: procedure
    .input(z.strictObject(runOptions))
    .output(z.object({ dangers: z.array(sqlDanger.extend({ statement: z.int(), records: z.int().nullable() })) })),
  /**
   * Runs the text and tells what happens. Ending the stream cancels what runs, on the server too. CONFLICT when a
   * statement asks first and `confirmed` is not said.
   */
  run: procedure
    .input(
      z.strictObject({
        ...runOptions,
        rowLimit: z.int().min(1).max(mostRows).default(100_000),
        confirmed: z.boolean().default(false),
        explain: z.enum(['none', 'plan', 'analyze']).default('none'),
      }),
    )
    .output(eventIterator(sqlEvent)),
  page: procedure
    .input(z.strictObject({ databaseId, resultId: id, offset: z.int().min(0), limit: z.int().min(1).max(resultPage) }))
    .output(z.object({ rows: z.array(row), cuts, rowCount: z.int() })),
  cell: procedure
    .input(z.strictObject({ databaseId, resultId: id, row: z.int().min(0), column: z.int().min(0) }))
    .output(z.object({ value: json })),
  /** Results that nobody looks at any more. */
  forget: procedure.input(z.strictObject({ databaseId, resultIds: z.array(id).max(1000) })),
  /** Writes the whole result as a file; the last event says that it can be read. */
  export: procedure.input(z.strictObject({ databaseId, resultId: id, format: z.enum(exportFormats) })).output(
    eventIterator(
      z.discriminatedUnion('type', [
        z.object({ type: z.literal('progress'), rows: z.int(), of: z.int() }),
        z.object({
          type: z.literal('ready'),
          exportId: id,
          bytes: z.int(),
          /** What the format could not hold; null when the file has everything. */
          note: z.string().nullable(),
        }),
      ]),
    ),
  ),
  /** A piece of an exported file, in base64. The last piece ends it: then it is gone. */
  readExport: procedure
    .input(z.strictObject({ databaseId, exportId: id, offset: z.int().min(0) }))
    .output(z.object({ data: z.string(), done: z.boolean() })),

  /** What can be called: functions of Postgres, for completion. */
  functions: procedure
    .input(ofDatabase)
    .output(z.object({ functions: z.array(z.object({ name: z.string(), takes: z.string(), gives: z.string() })) })),

  begin: procedure.input(ofDatabase).output(z.object({ transaction: openTransaction })),
  commit: procedure.input(z.strictObject({ databaseId, transactionId: id })),
  rollback: procedure.input(z.strictObject({ databaseId, transactionId: id })),
  /** The person's open ones. */
  transactions: procedure.input(ofDatabase).output(z.object({ transactions: z.array(openTransaction) })),

  history: procedure
    .input(
      z.strictObject({ databaseId, cursor: z.string().max(200).optional(), search: z.string().max(200).optional() }),
    )
    .output(z.object({ runs: z.array(sqlRun), nextCursor: z.string().nullable() })),
  clearHistory: procedure.input(ofDatabase),

  drafts: procedure.input(ofDatabase).output(z.object({ drafts: z.array(sqlDraft) })),
  /** Of two edits of one draft the later one is kept. */
  saveDraft: procedure.input(z.strictObject({ databaseId, draft: z.strictObject(draftFields) })),
  deleteDraft: procedure.input(z.strictObject({ databaseId, draftId: id })),

  savedQueries: procedure.input(ofDatabase).output(z.object({ queries: z.array(savedQuery) })),
  createQuery: procedure
    .input(z.strictObject({ databaseId, folder: folder.default(''), name: title, text }))
    .output(z.object({ query: savedQuery })),
  updateQuery: procedure
    .input(
      z.strictObject({
        databaseId,
        queryId: id,
        folder: folder.optional(),
        name: title.optional(),
        text: text.optional(),
      }),
    )
    .output(z.object({ query: savedQuery })),
  deleteQuery: procedure.input(z.strictObject({ databaseId, queryId: id })),
}
