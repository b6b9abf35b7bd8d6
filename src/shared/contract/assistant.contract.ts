import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { type UntrustedSql, untrustedSql } from '../domain/untrusted-sql'
import { procedure } from './base'
import { filters, id, name, tableSchema, tableSchemaInput, values } from './fields'
import { schemaEdit } from './tables.contract'

/** What of a database may leave this machine: nothing, what its tables are, or also a few records. */
export const consentLevels = ['none', 'schema', 'samples'] as const
export const consent = z.enum(consentLevels)
export type Consent = z.infer<typeof consent>

export const assistantSettings = z.object({
  enabled: z.boolean(),
  consent,
  model: z.string(),
  serverUrl: z.string(),
  /** The person set an address of their own. */
  ownServer: z.boolean(),
  /** Where the key comes from. The key itself is never told. */
  key: z.enum(['none', 'settings', 'environment']),
  /** On a server that people share, its address is the operator's. */
  mayChangeServer: z.boolean(),
  /** What is missing before AI can be used, and how to add it; null when it can. */
  missing: z.string().nullable(),
})
export type AssistantSettings = z.infer<typeof assistantSettings>

export const usage = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
  /** US dollars by the list price; null where no price is known. */
  cost: z.number().nullable(),
})
export type Usage = z.infer<typeof usage>

/** A request as it left the machine. */
export const sentRequest = z.object({ address: z.string(), body: z.string() })
export type SentRequest = z.infer<typeof sentRequest>

const longText = z.string().max(100_000, 'Use at most 100,000 characters.')
const words = longText.trim().min(1, 'Write what you want in a few words.')
const turn = z.strictObject({ role: z.enum(['user', 'assistant']), content: longText })
const sqlText = z.string().min(1).max(100_000)

export const draft = z.strictObject({ tables: z.array(tableSchemaInput).max(1000) })
const describeInput = z.strictObject({
  databaseId: id,
  description: words,
  /** What the answer is about; the tables that exist when it is left out. */
  draft: draft.optional(),
  /** What was said before, oldest first. */
  messages: z.array(turn).max(100).optional(),
})

export const schemaProposal = z.object({
  /** The model's own words: text to read, and nothing else. */
  reply: z.string(),
  edits: z.array(schemaEdit),
  draft: z.object({ tables: z.array(tableSchema) }),
  /** What was understood differently from how the model wrote it, and what could not be taken. */
  notes: z.array(z.string()),
  /** What could not be taken, with the reasons. */
  problems: z.array(z.string()),
  samples: z.array(z.object({ table: z.string(), records: z.array(values) })),
  indexes: z.array(z.object({ table: z.string(), columns: z.array(z.string()) })),
  usage,
})
export type SchemaProposal = z.infer<typeof schemaProposal>

const untrusted = z.custom<UntrustedSql>((value) => typeof value === 'string')

export const sqlProposal = z.object({
  sql: untrusted,
  explanation: z.string(),
  /** Tables of the database that it touches. */
  tables: z.array(z.string()),
  /** Every name in it exists, and Postgres has planned it as the database's own login. Only then may it be offered to run. */
  valid: z.boolean(),
  /** It changes records. */
  writes: z.boolean(),
  /** Why it is not valid. */
  problems: z.array(z.string()),
  usage,
})
export type SqlProposal = z.infer<typeof sqlProposal>

const progress = [
  z.object({ type: z.literal('sent'), request: sentRequest }),
  /** How far the answer has come: its characters, and names of tables or a beginning of SQL. */
  z.object({ type: z.literal('progress'), characters: z.int(), text: z.string() }),
  /** The answer had faults, and is asked for once more. */
  z.object({ type: z.literal('repair'), problems: z.array(z.string()) }),
] as const
export const schemaEvent = z.discriminatedUnion('type', [
  ...progress,
  z.object({ type: z.literal('done'), result: schemaProposal }),
])
export type SchemaEvent = z.infer<typeof schemaEvent>
export const sqlEvent = z.discriminatedUnion('type', [
  ...progress,
  z.object({ type: z.literal('done'), result: sqlProposal }),
])
export type SqlEvent = z.infer<typeof sqlEvent>

const questionInput = z.strictObject({
  databaseId: id,
  question: words,
  /** Whether the answer may change records; told from the question when it is left out. */
  mayWrite: z.boolean().optional(),
  /** SQL that is there already, for questions about it. */
  sql: sqlText.optional(),
})
const aboutSql = z.strictObject({ databaseId: id, sql: sqlText })
const told = { usage, sent: z.array(sentRequest) }

export const chartKinds = ['bar', 'line', 'area', 'pie', 'scatter'] as const

export const assistantContract = {
  settings: procedure.output(assistantSettings),
  saveSettings: procedure
    .input(
      z.strictObject({
        enabled: z.boolean().optional(),
        consent: consent.optional(),
        model: z.string().trim().min(1, 'Name a model.').max(200).optional(),
        /** null: the usual one. */
        serverUrl: z
          .url({ protocol: /^https?$/, error: 'An address begins with http:// or https://.' })
          .max(2000)
          .nullable()
          .optional(),
        /** null forgets it. */
        key: z
          .string()
          .trim()
          .min(1, 'Paste the key.')
          .max(1000)
          .regex(/^[\x21-\x7e]+$/, 'A key holds letters, digits and signs, and no spaces.')
          .nullable()
          .optional(),
      }),
    )
    .output(assistantSettings),
  /** Asks the server for its models; fails with what is wrong. */
  test: procedure.output(z.object({ models: z.array(z.string()), hasModel: z.boolean(), ms: z.number() })),

  generateSchema: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/schema/generate', tags: ['AI'] })
    .input(describeInput)
    .output(schemaProposal),
  describe: procedure.input(describeInput).output(eventIterator(schemaEvent)),

  generateSql: procedure
    .route({ method: 'POST', path: '/api/database/{databaseId}/sql/generate', tags: ['AI'] })
    .input(questionInput)
    .output(sqlProposal),
  ask: procedure.input(questionInput).output(eventIterator(sqlEvent)),
  /** The statement that is meant, from one that failed and what was said about it. */
  fix: procedure
    .input(z.strictObject({ databaseId: id, sql: sqlText, error: longText }))
    .output(eventIterator(sqlEvent)),
  explain: procedure.input(aboutSql).output(z.object({ explanation: z.string(), ...told })),
  nameQuery: procedure.input(aboutSql).output(z.object({ name: z.string(), ...told })),
  /** What belongs between the two texts; empty when there is nothing to say. */
  complete: procedure
    .input(z.strictObject({ databaseId: id, before: z.string().max(20_000), after: z.string().max(20_000) }))
    .output(z.object({ text: z.string(), ...told })),
  filter: procedure
    .input(z.strictObject({ databaseId: id, tableName: name, sentence: words }))
    .output(z.object({ filter: filters, notes: z.array(z.string()), ...told })),
  /** A picture for a result, of which only names and types are sent. */
  chart: procedure
    .input(
      z.strictObject({
        databaseId: id,
        columns: z
          .array(z.strictObject({ name: z.string().max(200), type: z.string().max(200) }))
          .min(1)
          .max(200),
        question: longText.optional(),
      }),
    )
    .output(
      z.object({
        kind: z.enum(chartKinds),
        x: z.string(),
        y: z.array(z.string()),
        title: z.string(),
        ...told,
      }),
    ),
}

export function asUntrusted(text: string): UntrustedSql {
  return untrustedSql(text)
}
