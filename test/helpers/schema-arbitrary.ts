import fc from 'fast-check'

/** What is read of JSON Schema (2020-12) by the documents of the product. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly format?: string
  readonly pattern?: string
  readonly $ref?: string
}

/** Texts that some pattern of the contract asks for, and words as people write them. */
const words = [
  'notes',
  'title',
  'n',
  'id',
  'eq',
  '1',
  'A',
  'a b',
  '',
  'Zürich',
  "O'Hara",
  '2026-01-31',
  '{}',
  '0'.repeat(40),
]
const deepest = 3

/** Values that the schema lets in, by what it says; a pattern is met where one of the words meets it. */
export function arbitraryOf(schema: JsonSchema, depth = 0): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if ('const' in schema) return fc.constant(schema.const)
  const parts = schema.anyOf ?? schema.oneOf
  if (parts) return fc.oneof(...parts.map((part) => arbitraryOf(part, depth)))
  if (schema.allOf) return fc.tuple(...schema.allOf.map((part) => arbitraryOf(part, depth))).map((all) => merged(all))
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? [])
  if (types.length === 0) return schema.properties ? objectOf(schema, depth) : fc.jsonValue({ maxDepth: 1 })
  return fc.oneof(...types.map((type) => typedOf(type, schema, depth)))
}

function typedOf(type: string, schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 100, 1_000_000) })
    case 'number':
      return fc.double({ min: schema.minimum ?? -100, max: schema.maximum ?? 100, noNaN: true })
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}, depth + 1), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, Math.max(schema.minItems ?? 0, depth > deepest ? 0 : 3)),
      })
    case 'object':
      return objectOf(schema, depth)
    default:
      return textOf(schema)
  }
}

function objectOf({ properties = {}, required = [] }: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  const shown = Object.entries(properties).filter(([name]) => depth <= deepest || required.includes(name))
  const parts = Object.fromEntries(shown.map(([name, part]) => [name, arbitraryOf(part, depth + 1)]))
  return fc.record(parts, { requiredKeys: required.filter((name) => name in parts) })
}

function textOf({ format, pattern, minLength = 0, maxLength = 1000 }: JsonSchema): fc.Arbitrary<string> {
  if (format === 'uuid' || (pattern?.includes('[0-9a-f') && pattern.includes('-'))) return fc.uuid()
  if (format === 'email' || pattern?.includes('@'))
    return fc.integer({ min: 0, max: 1e9 }).map((number) => `p${number}@example.org`)
  if (format === 'date-time') return fc.constant('2026-01-31T12:00:00.000000Z')
  const met = pattern === undefined ? words : words.filter((word) => new RegExp(pattern).test(word))
  const long = met.map((word) => word.padEnd(minLength, 'x').slice(0, maxLength))
  return fc.constantFrom(...(long.length > 0 ? long : words))
}

function merged(parts: readonly unknown[]): unknown {
  return parts.every((part) => typeof part === 'object' && part !== null) ? Object.assign({}, ...parts) : parts[0]
}
