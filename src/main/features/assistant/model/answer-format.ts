import type { ModelPlace } from './model-client'

/** The form of an answer, as a JSON Schema. Every object in it has `additionalProperties: false`, which servers ask for. */
export interface AnswerSchema {
  readonly name: string
  readonly schema: Readonly<Record<string, unknown>>
}

export type AnswerFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json_object' }
  | {
      readonly type: 'json_schema'
      readonly jsonSchema: {
        readonly name: string
        readonly schemaDefinition: Record<string, unknown>
        readonly strict: true
      }
    }

/** Servers that know JSON and no schemas, by address and model, since the studio started. */
const plain = new Set<string>()

export function answerFormat(
  place: ModelPlace,
  { format, schema }: { readonly format: 'json' | 'text'; readonly schema?: AnswerSchema | undefined },
): AnswerFormat {
  if (format === 'text') return { type: 'text' }
  if (schema === undefined || plain.has(keyOf(place))) return { type: 'json_object' }
  return {
    type: 'json_schema',
    jsonSchema: { name: schema.name, schemaDefinition: { ...schema.schema }, strict: true },
  }
}

/** Whether the server refused the schema and not the question; it is not sent one again. */
export async function refusedSchema(place: ModelPlace, { type }: AnswerFormat, error: unknown): Promise<boolean> {
  if (type !== 'json_schema') return false
  const { MistralError } = await import('@mistralai/mistralai/models/errors')
  if (!(error instanceof MistralError) || ![400, 404, 415, 422, 501].includes(error.statusCode)) return false
  if (!/response_?format|json_?schema|structured|additionalProperties/i.test(error.body)) return false
  plain.add(keyOf(place))
  return true
}

function keyOf({ serverUrl, model }: ModelPlace): string {
  return `${serverUrl} ${model}`
}
