import { z } from 'zod'
import type { SchemaEdit } from '../domain/schema-edit'
import { procedure } from './base'
import {
  column,
  columnType,
  comment,
  id,
  name,
  reference,
  tableSchema,
  tableSchemaInput,
  timestamp,
  uniqueSet,
} from './fields'

export const table = z.object({
  id,
  table_name: z.string(),
  schema_json: tableSchema,
  record_estimate: z.int(),
  created_at: timestamp,
  updated_at: timestamp,
})
export type Table = z.infer<typeof table>

const position = z.int().min(0).max(1600)
const at = { table: name, column: name }

export const schemaEdit = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('addTable'), table: tableSchemaInput }),
  z.strictObject({ type: z.literal('dropTable'), table: name }),
  z.strictObject({ type: z.literal('renameTable'), table: name, name }),
  z.strictObject({ type: z.literal('addColumn'), table: name, column, position: position.optional() }),
  z.strictObject({ type: z.literal('dropColumn'), ...at }),
  z.strictObject({ type: z.literal('renameColumn'), ...at, name }),
  z.strictObject({
    type: z.literal('changeType'),
    ...at,
    to: columnType,
    unfit: z.enum(['refuse', 'null']).optional(),
  }),
  z.strictObject({ type: z.literal('moveColumn'), ...at, position }),
  z.strictObject({ type: z.literal('setRequired'), ...at, required: z.boolean() }),
  z.strictObject({ type: z.literal('setUnique'), ...at, unique: z.boolean() }),
  z.strictObject({ type: z.literal('addUnique'), table: name, columns: uniqueSet }),
  z.strictObject({ type: z.literal('dropUnique'), table: name, columns: uniqueSet }),
  z.strictObject({ type: z.literal('setDefault'), ...at, default: z.string().max(10_000).nullable() }),
  z.strictObject({ type: z.literal('setReference'), ...at, references: reference.nullable() }),
  z.strictObject({ type: z.literal('setComment'), table: name, column: name.optional(), comment: comment.nullable() }),
]) satisfies z.ZodType<SchemaEdit>

/** What one edit would do to the records that exist. */
export const editEffect = z.object({
  edit: schemaEdit,
  /** One plain sentence: "3 of 120 values do not fit integer and would become NULL." */
  sentence: z.string(),
  /** Values that would be changed or lost. */
  affected: z.int(),
  /** The edit would be refused as it stands. */
  refused: z.boolean(),
  /** A few of the values in question, as text. */
  examples: z.array(z.string()),
  /** What no later edit brings back, as a plain sentence; null when all of it can be undone. */
  lost: z.string().nullable(),
})
export type EditEffect = z.infer<typeof editEffect>

const databaseId = id
const one = z.object({ table })
const byId = z.strictObject({ databaseId, tableId: id })
export const schemaEdits = z.array(schemaEdit).min(1, 'Send at least one edit.').max(1000)

export const tablesContract = {
  list: procedure
    .route({ method: 'GET', path: '/api/database/{databaseId}/tables', tags: ['Tables'] })
    .input(z.strictObject({ databaseId }))
    .output(z.object({ tables: z.array(table) })),
  create: procedure
    .route({
      method: 'POST',
      path: '/api/database/{databaseId}/tables/create',
      successStatus: 201,
      tags: ['Tables'],
    })
    .input(
      z
        .strictObject({
          databaseId,
          schemaJson: tableSchemaInput.optional(),
          /** The table in words, for the AI; `schemaJson` wins when both are sent. */
          description: z.string().trim().min(1, 'Describe the table in a few words.').max(20_000).optional(),
        })
        .refine(
          ({ schemaJson, description }) => schemaJson !== undefined || description !== undefined,
          'Send schemaJson, or a description of the table.',
        ),
    )
    .output(one),
  get: procedure
    .route({ method: 'GET', path: '/api/database/{databaseId}/tables/{tableId}', tags: ['Tables'] })
    .input(byId)
    .output(one),
  /** Edits of this one table, all or nothing. */
  update: procedure
    .route({ method: 'PATCH', path: '/api/database/{databaseId}/tables/{tableId}', tags: ['Tables'] })
    .input(z.strictObject({ databaseId, tableId: id, edits: schemaEdits }))
    .output(one),
  /** What the same edits would do; changes nothing. */
  preview: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/tables/{tableId}/preview', tags: ['Tables'] })
    .input(z.strictObject({ databaseId, tableId: id, edits: schemaEdits }))
    .output(z.object({ effects: z.array(editEffect) })),
  /** The table can be brought back with `restore` until its project is emptied of deleted tables (30 days). */
  delete: procedure
    .route({ method: 'DELETE', path: '/api/database/{databaseId}/tables/{tableId}', tags: ['Tables'] })
    .input(byId)
    .output(one),
  restore: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/tables/{tableId}/restore', tags: ['Tables'] })
    .input(byId)
    .output(one),
}
