import { z } from 'zod'
import { textProblem } from '../domain/text-problem'
import { procedure } from './base'
import { column, id, tableSchema, timestamp } from './fields'
import { editEffect, schemaEdit, schemaEdits, table } from './tables.contract'

const pixels = z.number().min(-1_000_000).max(1_000_000)
const extent = z.number().min(1).max(1_000_000)
const shortText = z
  .string()
  .trim()
  .max(200, 'Use at most 200 characters.')
  .refine((value) => textProblem(value) === null, 'This is text without U+0000 and broken characters.')
const longText = z
  .string()
  .max(20_000, 'Use at most 20,000 characters.')
  .refine((value) => textProblem(value) === null, 'A note is text without U+0000 and broken characters.')
const key = z.string().min(1).max(63)
/** In canvas pixels; what is pinned keeps its place when the rest is arranged. */
const place = { x: pixels, y: pixels, pinned: z.boolean().optional() }
const box = { ...place, width: extent, height: extent }
const few = (most: number) => (items: object) => Object.keys(items).length <= most

/** How a canvas is laid out: what is seen there and is no part of the schema. */
export const canvasLayout = z.strictObject({
  /** By the table's name, also that of a table which is not made yet. A rename takes the place along. */
  tables: z.record(key, z.strictObject(place)).refine(few(10_000), 'A canvas has at most 10,000 tables.'),
  areas: z
    .record(
      key,
      z.strictObject({
        ...box,
        name: shortText,
        hue: z.enum(['grey', 'blue', 'green', 'amber', 'red', 'violet']),
      }),
    )
    .refine(few(500), 'A canvas has at most 500 areas.'),
  notes: z.record(key, z.strictObject({ ...box, text: longText })).refine(few(500), 'A canvas has at most 500 notes.'),
})
export type CanvasLayout = z.infer<typeof canvasLayout>

const versionNumber = z.int().min(0).max(2_000_000_000)
const versionName = z
  .string()
  .trim()
  .min(1, 'Give the version a name, or null.')
  .max(100, 'Use at most 100 characters.')
  .refine((value) => textProblem(value) === null, 'A name is text without U+0000 and broken characters.')

/** A schema as it was after one apply, or after one edit that was made elsewhere. */
export const schemaVersion = z.object({
  /** 1, 2, 3, ...; 0 is the schema before its versions were kept. */
  number: z.int(),
  name: z.string().nullable(),
  /** What changed, in plain words. */
  sentence: z.string(),
  author: z.string(),
  at: timestamp,
  /** How many edits led to it. */
  edits: z.int(),
})
export type SchemaVersion = z.infer<typeof schemaVersion>

export const databaseSchema = z.object({ tables: z.array(tableSchema) })

const changeState = z.enum(['same', 'added', 'removed', 'changed'])
export const tableChange = z.object({
  name: z.string(),
  state: changeState,
  /** Its old name, where that was another. */
  was: z.string().nullable(),
  columns: z.array(
    z.object({
      name: z.string(),
      state: changeState,
      was: z.string().nullable(),
      before: column.nullable(),
      after: column.nullable(),
    }),
  ),
  /** In plain words. */
  words: z.array(z.string()),
})
/** A sentence about a line of a text; line 0 is all of it. */
const textNote = z.object({ line: z.int(), sentence: z.string() })

const databaseId = id
const path = '/api/database/{databaseId}/schema' as const
const layoutAnswer = z.object({
  layout: canvasLayout,
  /** What `saveLayout` has to be sent; 0 when none was saved yet. */
  revision: z.int(),
})

export const schemaContract = {
  /** The tables and the number of their version, together. */
  get: procedure
    .route({ method: 'GET', path, tags: ['Schema'] })
    .input(z.strictObject({ databaseId }))
    .output(z.object({ version: z.int(), tables: z.array(table) })),
  /**
   * All edits or none, of any tables and in any order that makes sense: a table may refer to one that comes later in the
   * list. With `dryRun` nothing changes, the answer is the same, and refused edits are told by their effects.
   */
  apply: procedure
    .route({ method: 'POST', path: `${path}/apply`, tags: ['Schema'] })
    .input(
      z.strictObject({
        databaseId,
        edits: schemaEdits,
        dryRun: z.boolean().optional(),
        /** What the version is called. */
        name: versionName.optional(),
        /** The version that the edits were made on: CONFLICT when there is a newer one. */
        base: versionNumber.optional(),
      }),
    )
    .output(
      z.object({
        /** The number of the version that this made; with `dryRun` that of the one there is. */
        version: z.int(),
        tables: z.array(table),
        /** The same edits in plain Postgres. */
        sql: z.string(),
        /** The way back in plain Postgres. */
        down: z.string(),
        effects: z.array(editEffect),
      }),
    ),
  /** Newest first. */
  versions: procedure
    .route({ method: 'GET', path: `${path}/versions`, tags: ['Schema'] })
    .input(z.strictObject({ databaseId, cursor: z.string().max(200).optional() }))
    .output(z.object({ versions: z.array(schemaVersion), nextCursor: z.string().nullable() })),
  /** One of them, with the schema as it was and the edits that led to it from the one before. */
  version: procedure
    .route({ method: 'GET', path: `${path}/versions/{number}`, tags: ['Schema'] })
    .input(z.strictObject({ databaseId, number: z.coerce.number().pipe(versionNumber) }))
    .output(z.object({ version: schemaVersion, schema: databaseSchema, edits: z.array(schemaEdit) })),
  renameVersion: procedure
    .route({ method: 'PATCH', path: `${path}/versions/{number}`, tags: ['Schema'] })
    .input(z.strictObject({ databaseId, number: z.coerce.number().pipe(versionNumber), name: versionName.nullable() }))
    .output(z.object({ version: schemaVersion })),
  /** From one version to another: what is drawn as a coloured diff, the edits, and plain Postgres there and back. */
  diff: procedure
    .route({ method: 'GET', path: `${path}/diff`, tags: ['Schema'] })
    .input(
      z.strictObject({
        databaseId,
        from: z.coerce.number().pipe(versionNumber),
        to: z.coerce.number().pipe(versionNumber),
      }),
    )
    .output(
      z.object({
        changes: z.array(tableChange),
        /** To revert to `to`, apply these where `from` is the newest version. */
        edits: z.array(schemaEdit),
        up: z.string(),
        down: z.string(),
      }),
    ),
  /** SQL that describes tables (also a dump of pg_dump) as edits of the schema or of a draft; changes nothing. */
  fromSql: procedure
    .route({ method: 'POST', path: `${path}/from-sql`, tags: ['Schema'] })
    .input(
      z.strictObject({
        databaseId,
        sql: z.string().max(9_000_000, 'Use at most 9 MB of SQL. Records are imported table by table.'),
        /** What the edits are made on, when it is not the schema as it is. */
        draft: z.strictObject({ tables: z.array(tableSchema).max(10_000) }).optional(),
        /** A table whose name is taken takes another one, or is left out. */
        taken: z.enum(['rename', 'refuse']).optional(),
      }),
    )
    .output(
      z.object({
        edits: z.array(schemaEdit),
        /** What became other than it was written. */
        notes: z.array(textNote),
        /** What was left out, and why. */
        unsupported: z.array(textNote),
        indexes: z.array(z.object({ table: z.string(), columns: z.array(z.string()) })),
      }),
    ),
  /** The tables of a template of the gallery, as one version, and its sample records. */
  applyTemplate: procedure
    .route({ method: 'POST', path: `${path}/apply-template`, tags: ['Schema'] })
    .input(
      z.strictObject({
        databaseId,
        template: z.string().max(40),
        /** Without its sample records when false. */
        samples: z.boolean().optional(),
      }),
    )
    .output(
      z.object({
        version: z.int(),
        /** Those that were made, in the order of the template. */
        tables: z.array(table),
        /** How many records were made. */
        records: z.int(),
      }),
    ),
  layout: procedure
    .route({ method: 'GET', path: `${path}/layout`, tags: ['Schema'] })
    .input(z.strictObject({ databaseId }))
    .output(layoutAnswer),
  /** CONFLICT, with the layout and the revision there is in `details`, when somebody saved another one meanwhile. */
  saveLayout: procedure
    .route({ method: 'PUT', path: `${path}/layout`, tags: ['Schema'] })
    .input(z.strictObject({ databaseId, layout: canvasLayout, revision: z.int().min(0) }))
    .output(z.object({ revision: z.int() })),
}
