import { AppError } from '@shared/app-error'
import type { Consent, SchemaProposal } from '@shared/contract/assistant.contract'
import { checkTable } from '@shared/domain/check-table'
import { normaliseTable } from '@shared/domain/normalise-table'
import type { DatabaseSchema } from '@shared/domain/schema-edit'
import type { TableSchema, TableSchemaInput } from '@shared/domain/table-schema'
import { type Answered, type Asking, askModel, type Reading } from '../ask-model'
import type { ChatMessage } from '../model/model-client'
import { unreadableAnswer } from '../model/model-error'
import { readJsonAnswer } from './answer-text'
import type { DraftBase } from './draft-play'
import { pluralOf } from './names'
import { readSchemaAnswer, type SchemaAnswer } from './read-answer'
import { schemaMessages, tableMessages } from './schema-prompt'

export interface SchemaRequest {
  readonly description: string
  readonly draft?: { readonly tables: readonly TableSchemaInput[] } | undefined
  readonly messages?: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[] | undefined
}

export interface SchemaContext {
  /** The tables that exist. */
  readonly schema: DatabaseSchema
  readonly consent: Consent
}

/** Tokens of one answer: a schema of 60 tables has about 12,000. */
const schemaTokens = 16_000
const tableTokens = 3_000

/** A draft from words. It changes nothing: every edit it answers has been tried on the draft, and is the person's to take. */
export async function generateSchema(
  asking: Asking,
  request: SchemaRequest,
  { schema, consent }: SchemaContext,
): Promise<SchemaProposal> {
  const { description, messages = [] } = request
  const draft = request.draft === undefined ? schema : checkedDraft(request.draft)
  const real = new Set(schema.tables.map(({ name }) => name))
  const isRefined = draft.tables.some(({ name }) => !real.has(name))
  if (consent === 'none' && isRefined)
    throw new AppError(
      'FORBIDDEN',
      'To change a draft by AI, its tables have to be sent, and you allow nothing of the database to be. Allow its schema in Settings, AI.',
    )
  const base: DraftBase = { schema: draft, real, mayDrop: asksToDrop(description) }
  const question = { description, schema: consent === 'none' ? null : draft, real, messages }
  const { value, usage } = await ask(asking, schemaMessages(question), schemaTokens, base)
  return {
    reply: value.reply,
    edits: [...value.edits],
    draft: { tables: value.draft.tables.map(plain) },
    notes: [...value.problems, ...value.doubts, ...value.notes],
    problems: [...value.problems],
    samples: value.samples.map(({ table, records }) => ({ table, records: [...records] })),
    indexes: value.indexes.map(({ table, columns }) => ({ table, columns: [...columns] })),
    usage,
  }
}

/** One table from words, checked against the tables that exist. */
export async function generateTable(
  asking: Asking,
  description: string,
  { schema, consent }: SchemaContext,
): Promise<TableSchema> {
  const real = new Set(schema.tables.map(({ name }) => name))
  const messages = tableMessages(description, consent === 'none' ? null : schema, real)
  const { value } = await ask(asking, messages, tableTokens, { schema, real, mayDrop: false })
  const added = value.edits.flatMap((edit) => (edit.type === 'addTable' ? [edit.table.name] : []))
  const name = named(description, added) ?? added[0]
  const table = value.draft.tables.find((each) => each.name === name)
  if (table === undefined)
    throw unreadableAnswer(value.problems[0]?.replace(/\.$/, '') ?? 'it describes no new table', {
      problems: value.problems,
    })
  const known = new Set([...real, table.name])
  // Others of the answer are not made, so nothing may refer to them.
  return {
    ...table,
    columns: table.columns.map(({ references, ...column }) =>
      references && known.has(references.table) ? { ...column, references } : column,
    ),
  }
}

async function ask(
  asking: Asking,
  messages: readonly ChatMessage[],
  maxTokens: number,
  base: DraftBase,
): Promise<Answered<SchemaAnswer>> {
  const request = { messages, format: 'json' as const, maxTokens }
  let lastText = ''
  const answered = await askModel(asking, request, (text): Reading<SchemaAnswer | null> => {
    lastText = text
    const json = readJsonAnswer(text)
    if (!json.ok) return { value: null, problems: [`The answer ${json.reason}.`] }
    const value = readSchemaAnswer(json.value, base)
    return { value, problems: [...value.problems, ...value.doubts] }
  })
  const { value, problems } = answered
  if (value === null || (value.edits.length === 0 && value.problems.length > 0))
    throw unreadableAnswer((problems[0] ?? 'it is empty').replace(/^The answer /, 'it ').replace(/\.$/, ''), {
      problems,
      answer: lastText.slice(0, 20_000),
    })
  return { ...answered, value }
}

/** A draft comes from outside: it is checked like any table before edits are tried on it. */
function checkedDraft({ tables }: NonNullable<SchemaRequest['draft']>): DatabaseSchema {
  const schema = { tables: tables.map(normaliseTable) }
  const seen = new Set<string>()
  for (const table of schema.tables) {
    if (seen.has(table.name)) throw new AppError('VALIDATION', `The draft has two tables named "${table.name}".`)
    seen.add(table.name)
    checkTable(table, schema)
  }
  return schema
}

/** Splitting and merging take columns away as well. */
function asksToDrop(words: string): boolean {
  return /\b(drop|delete|remove|get rid|split|merge|replace|move|instead|no longer|without|combine|extract|separate|own table|clean|simplif|not need|n't need|unnecessary|redundant)/i.test(
    words,
  )
}

/** The one that the words name first. */
function named(words: string, names: readonly string[]): string | undefined {
  const text = words.toLowerCase().replace(/[^a-z0-9]+/g, ' ')
  const place = (name: string): number => {
    const spoken = name.replaceAll('_', ' ')
    const singular = names.length > 0 ? spoken.replace(/(ies|es|s)$/, '') : spoken
    const places = [spoken, pluralOf(spoken), singular].map((each) => text.indexOf(each)).filter((at) => at >= 0)
    return places.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...places)
  }
  const [first] = [...names].sort((left, right) => place(left) - place(right))
  return first !== undefined && Number.isFinite(place(first)) ? first : undefined
}

function plain({ unique, columns, ...table }: TableSchema): SchemaProposal['draft']['tables'][number] {
  return {
    ...table,
    columns: columns.map((column) => ({ ...column })),
    ...(unique ? { unique: unique.map((names) => [...names]) } : {}),
  }
}
