import { z } from 'zod'
import { baseTypes, parseColumnType } from '../domain/column-type'
import { type Filter, filterOperators } from '../domain/filter'
import { namePattern } from '../domain/table-schema'
import { textProblem } from '../domain/text-problem'
import { deepestJson, isJson, isJsonObject, type JsonObject, type JsonValue } from '../json'
import { utf8Length } from '../utf8'

/** The fields that several contracts share. Messages are sentences: people read them. */

/** Any uuid that Postgres takes: people bring ids of their own, which `z.uuid` refuses when version or variant are odd. */
export const id = z.guid('This is not an id. Ids look like 7d444840-9dc0-11d1-b245-5ffdce74fad2.')
export const timestamp = z.string()
export const email = z
  .string()
  .trim()
  .max(254, 'This e-mail address is too long.')
  .pipe(z.email('This is not an e-mail address.'))
  .transform((value) => value.toLowerCase())
/** bcrypt reads 72 bytes and ignores the rest; a longer password would be silently weaker than it looks. */
export const password = z
  .string()
  .min(8, 'Use at least 8 characters.')
  .refine((value) => utf8Length(value) <= 72, 'Use at most 72 bytes.')
  .refine((value) => !value.includes('\0'), 'A password cannot hold the character U+0000.')

export const name = z
  .string()
  .regex(
    namePattern,
    'Use lower-case letters, digits and underscores, begin with a letter, and stay within 63 characters.',
  )

export const columnType = z
  .string()
  .refine(
    (text) => parseColumnType(text) !== null,
    `This is not a column type. The types are ${baseTypes.join(', ')}, with (n) or (p,s) and [] where SQL has them.`,
  )

export const reference = z.strictObject({
  table: name,
  column: name,
  on_delete: z.enum(['cascade', 'restrict', 'set_null']).optional(),
})

/** A comment of a table or a column. */
export const comment = z
  .string()
  .min(1, 'Write something, or leave the comment out.')
  .max(2000, 'Use at most 2,000 characters.')
  .refine((value) => textProblem(value) === null, 'A comment is text without U+0000 and broken characters.')

export const column = z.strictObject({
  name,
  type: columnType,
  primary_key: z.boolean().optional(),
  unique: z.boolean().optional(),
  required: z.boolean().optional(),
  default: z.string().max(10_000).optional(),
  references: reference.optional(),
  comment: comment.optional(),
})

export const uniqueSet = z
  .array(name)
  .min(2, 'Name at least two columns. One column is unique by itself.')
  .max(32, 'Name at most 32 columns.')
const uniqueSets = z.array(uniqueSet).max(100, 'A table has at most 100 sets of unique columns.')

export const tableSchema = z.object({
  name,
  columns: z.array(column),
  unique: uniqueSets.optional(),
  comment: comment.optional(),
})

export const tableSchemaInput = z.strictObject({
  name,
  columns: z.array(column).max(1600, 'A table has at most 1,600 columns.'),
  unique: uniqueSets.optional(),
  comment: comment.optional(),
  timestamps: z.boolean().optional(),
  primary_key: z.boolean().optional(),
})

/**
 * Not `z.json()`: that copies the value without its `__proto__` members (a jsonb value would come back changed) and
 * recurses, so that a deeply nested value ends in a stack overflow.
 */
export const json: z.ZodType<JsonValue> = z
  .unknown()
  .refine(isJson, `This is not JSON, or it is nested more than ${deepestJson} levels deep.`)
export const values: z.ZodType<JsonObject> = z
  .unknown()
  .refine(isJsonObject, `This is not a JSON object, or it is nested more than ${deepestJson} levels deep.`)

/** Deep enough for any condition a person writes; a tree beyond it is an attack on the stack. */
const deepestFilter = 20

const condition = z.strictObject({
  column: z.string().min(1).max(1000),
  op: z.enum(filterOperators),
  value: json,
})

export const filterTree: z.ZodType<Filter> = z.lazy(() =>
  z.union([
    z.strictObject({ and: z.array(filterTree).max(200) }),
    z.strictObject({ or: z.array(filterTree).max(200) }),
    z.strictObject({ not: filterTree }),
    condition,
  ]),
)

/** A filter tree, or the short form `{column: value}` (equality, all of them). */
export const filters = z
  .unknown()
  .refine((value) => depth(value) <= deepestFilter * 2, `A filter is at most ${deepestFilter} levels deep.`)
  .pipe(z.union([filterTree, values]))

export const sort = z.strictObject({
  column: z.string().min(1).max(1000),
  direction: z.enum(['asc', 'desc']),
  nulls: z.enum(['first', 'last']).optional(),
})

function depth(value: unknown): number {
  let deepest = 0
  const open: Array<{ value: unknown; level: number }> = [{ value, level: 1 }]
  for (let next = open.pop(); next; next = open.pop()) {
    deepest = Math.max(deepest, next.level)
    if (deepest > 1000) return deepest
    if (next.value !== null && typeof next.value === 'object')
      for (const child of Object.values(next.value)) open.push({ value: child, level: next.level + 1 })
  }
  return deepest
}
