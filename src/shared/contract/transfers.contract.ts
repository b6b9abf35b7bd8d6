import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { procedure } from './base'
import { filters, id, json, name, sort, tableSchemaInput } from './fields'

const databaseId = id

export const fileFormats = ['csv', 'tsv', 'json', 'ndjson', 'xlsx', 'sql'] as const
export type FileFormat = (typeof fileFormats)[number]

/** Bytes of one piece of a file; in base64 it is a third longer. */
export const pieceBytes = 512 * 1024

/** How a file is read. What is left out is found out. */
export const fileOptions = z.strictObject({
  format: z.enum(fileFormats).optional(),
  encoding: z.string().max(40).optional(),
  delimiter: z.string().length(1).optional(),
  header: z.boolean().optional(),
  sheet: z.string().max(200).optional(),
})
export type FileOptions = z.infer<typeof fileOptions>

const fileId = id
const inFile = z.strictObject({ databaseId, file: fileId })

const inferredColumn = z.object({
  /** What the file calls it. */
  source: z.string(),
  /** What a column can be called. */
  name: z.string(),
  type: z.string(),
  /** Values that are missing, in the sample. */
  empty: z.int(),
  unique: z.boolean(),
  examples: z.array(z.string()),
})

const dumpTable = z.object({
  /** As the file writes it. */
  source: z.string(),
  name: z.string(),
  columns: z.int(),
  records: z.int(),
})

export const inspection = z.object({
  format: z.enum(fileFormats),
  options: z.object({ encoding: z.string(), delimiter: z.string(), header: z.boolean(), sheet: z.string() }),
  sheets: z.array(z.string()),
  columns: z.array(inferredColumn),
  /** The first records, in the order of the columns. */
  rows: z.array(z.array(json)),
  problems: z.array(z.object({ line: z.int(), reason: z.string() })),
  records: z.object({ count: z.int(), estimated: z.boolean() }),
  lines: z.int(),
  /** Of a file with tables of its own. */
  tables: z.array(dumpTable),
  /** What of a SQL file is not taken over, a sentence each. */
  notes: z.array(z.string()),
})
export type Inspection = z.infer<typeof inspection>

const mapping = z.strictObject({
  /** Place among the file's columns, 0 first. */
  source: z.int().min(0).max(1600),
  column: name,
  /** The file has what this column of the referenced table holds, in place of its key. */
  label: name.optional(),
})

/**
 * What becomes of tables that are there: `new` takes only empty ones; the others fill those of the same name, `upsert` by
 * their primary keys, and make what is not there.
 */
export const tablesModes = ['new', 'append', 'upsert', 'replace'] as const
export type TablesMode = (typeof tablesModes)[number]

const target = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('new'), schema: tableSchemaInput, columns: z.array(mapping).max(1600) }),
  z.strictObject({
    kind: z.literal('table'),
    table: name,
    mode: z.enum(['append', 'upsert', 'replace']),
    key: z.array(name).max(32).default([]),
    columns: z.array(mapping).max(1600),
  }),
  /** All tables of a SQL file, or of JSON that is an object of lists; `new` when nothing is said. */
  z.strictObject({ kind: z.literal('database'), mode: z.enum(tablesModes).optional() }),
])
export type ImportTargetInput = z.infer<typeof target>

export const reject = z.object({ line: z.int(), column: z.string().nullable(), reason: z.string() })

const tableResult = z.object({
  table: z.string(),
  tableId: id,
  created: z.boolean(),
  inserted: z.int(),
  updated: z.int(),
  deleted: z.int(),
  /** What `changes.undo` takes back. */
  operation: id.nullable(),
})

export const importResult = z.object({
  tables: z.array(tableResult),
  inserted: z.int(),
  updated: z.int(),
  /** The first of them; all are in the file. */
  rejected: z.array(reject),
  rejectedCount: z.int(),
  /** A CSV file of the rejected records; null when there are none. */
  rejectFile: fileId.nullable(),
  /** False when nothing was imported because of the rejects. */
  done: z.boolean(),
  notes: z.array(z.string()),
})
export type ImportResult = z.infer<typeof importResult>

export const transferProgress = z.object({
  kind: z.literal('progress'),
  phase: z.enum(['waiting', 'connecting', 'reading', 'checking', 'writing', 'settings']),
  /** Records read. */
  rows: z.int(),
  /** From 0 to 1; null where it is not known. */
  part: z.number().nullable(),
  /** Records a second, over the last moments. */
  rate: z.number(),
  table: z.string().nullable(),
})
export type TransferProgress = z.infer<typeof transferProgress>

export const exportFormats = ['csv', 'tsv', 'json', 'ndjson', 'xlsx', 'sql'] as const
export type ExportFormat = (typeof exportFormats)[number]

const exportScope = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('database'),
    /** Without them it is the tables alone. */
    records: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal('records'),
    table: name,
    /** All columns when left out. */
    columns: z.array(name).max(1600).optional(),
    filters: filters.optional(),
    sort: z.array(sort).max(20).optional(),
    /** Only these records. */
    ids: z.array(id).max(10_000).optional(),
  }),
])

const exported = z.object({
  file: fileId,
  name: z.string(),
  type: z.string(),
  bytes: z.int(),
  records: z.int(),
})
export type Exported = z.infer<typeof exported>

/** Files in and out. They come and go in pieces, so that one of any length needs little memory, over any carrier. */
export const transfersContract = {
  begin: procedure.input(z.strictObject({ databaseId, name: z.string().max(255) })).output(z.object({ file: fileId })),
  /** The next piece, in base64; 409 with `details.offset` when it is not the next one. */
  send: procedure
    .input(z.strictObject({ databaseId, file: fileId, offset: z.int().min(0), data: z.base64().max(pieceBytes * 2) }))
    .output(z.object({ bytes: z.int() })),
  /** A piece of a file that was made here: base64, empty at the end. */
  read: procedure
    .input(z.strictObject({ databaseId, file: fileId, offset: z.int().min(0) }))
    .output(z.object({ data: z.string() })),
  discard: procedure.input(inFile).output(z.object({})),
  /** What the file seems to be: its format, columns and their types, and its first records. */
  inspect: procedure.input(z.strictObject({ databaseId, file: fileId, options: fileOptions })).output(inspection),
  /** Imports a file that was sent; one transaction. Leaving the stream cancels it. */
  import: procedure
    .input(
      z.strictObject({
        databaseId,
        file: fileId,
        options: fileOptions,
        target,
        onReject: z.enum(['stop', 'skip']),
      }),
    )
    .output(eventIterator(z.union([transferProgress, z.object({ kind: z.literal('done'), result: importResult })]))),
  /** Writes a file, to be read by `read`. */
  export: procedure
    .input(z.strictObject({ databaseId, format: z.enum(exportFormats), scope: exportScope }))
    .output(eventIterator(z.union([transferProgress, z.object({ kind: z.literal('done'), result: exported })]))),
}
export type ExportScope = z.infer<typeof exportScope>
