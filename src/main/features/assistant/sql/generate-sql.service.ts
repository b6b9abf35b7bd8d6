import { AppError } from '@shared/app-error'
import type { Consent, SqlProposal } from '@shared/contract/assistant.contract'
import { untrustedSql } from '@shared/domain/untrusted-sql'
import type { PlannedSql } from '../../sql/plan-sql.service'
import { type Asking, askModel, type Reading } from '../ask-model'
import type { ChatMessage } from '../model/model-client'
import { readSqlAnswer, sqlAnswerSchema } from './read-sql-answer'
import { tablesOf, unresolvedNames } from './resolve-names'
import { fixMessages, type KnownTable, sqlMessages } from './sql-prompt'

export interface SqlContext {
  readonly consent: Consent
  /** The tables that the words are about. */
  readonly relevant: (words: string) => Promise<readonly KnownTable[]>
  /** Reads the statement, and can have it planned by Postgres. */
  readonly plan: (sql: string) => Promise<PlannedSql>
  /** `2026-01-31` */
  readonly today: string
}

export interface SqlQuestion {
  readonly question: string
  readonly mayWrite?: boolean | undefined
  readonly sql?: string | undefined
}

const sqlTokens = 2_000

/** SQL for a question. It is never run here, and `valid` only when every name exists and Postgres has planned it. */
export async function generateSql(
  asking: Asking,
  { question, mayWrite, sql }: SqlQuestion,
  context: SqlContext,
): Promise<SqlProposal> {
  refuseWithoutSchema(context.consent)
  const isWrite = mayWrite ?? asksToWrite(question)
  const tables = await context.relevant(sql === undefined ? question : `${question} ${sql}`)
  return ask(asking, sqlMessages(question, tables, { mayWrite: isWrite, today: context.today, sql }), isWrite, context)
}

/** The statement that was meant. It may write only if the one that failed does. */
export async function fixSql(
  asking: Asking,
  { sql, error }: { readonly sql: string; readonly error: string },
  context: SqlContext,
): Promise<SqlProposal> {
  refuseWithoutSchema(context.consent)
  const tables = await context.relevant(`${sql} ${error}`)
  const mayWrite = /\b(insert|update|delete|merge)\b/i.test(sql)
  return ask(asking, fixMessages(sql, error, tables, { mayWrite, today: context.today }), mayWrite, context)
}

export function refuseWithoutSchema(consent: Consent): void {
  if (consent === 'none')
    throw new AppError(
      'FORBIDDEN',
      'For this the AI has to be told what your tables are, and you allow nothing of the database to be sent. Allow its schema in Settings, AI.',
    )
}

type Checked = Omit<SqlProposal, 'usage'>

async function ask(
  asking: Asking,
  messages: readonly ChatMessage[],
  mayWrite: boolean,
  context: SqlContext,
): Promise<SqlProposal> {
  const request = { messages, format: 'json' as const, schema: sqlAnswerSchema, maxTokens: sqlTokens }
  const { value, usage } = await askModel(asking, request, async (text): Promise<Reading<Checked>> => {
    const value = await check(text, mayWrite, context)
    return { value, problems: value.problems }
  })
  return { ...value, usage }
}

async function check(text: string, mayWrite: boolean, { plan }: SqlContext): Promise<Checked> {
  const answer = readSqlAnswer(text)
  const base = {
    sql: untrustedSql(answer?.sql ?? ''),
    explanation: answer?.explanation ?? '',
    tables: [],
    valid: false,
    writes: false,
  }
  if (answer === null) return { ...base, problems: ['The answer holds no SQL.'] }
  // That the tables do not know is an answer too, and asking again would only make the model guess.
  if (answer.sql === '') return { ...base, problems: answer.explanation === '' ? ['The answer is empty.'] : [] }
  try {
    const planned = await plan(answer.sql)
    const [statement] = planned.statements
    const [parsed] = planned.parsed
    if (statement === undefined || parsed === undefined)
      return { ...base, problems: ['The answer holds no statement.'] }
    const facts = {
      tables: [...new Set(planned.parsed.flatMap((each) => tablesOf(each, planned.tables)))],
      writes: planned.statements.some((each) => each.facts.writes),
    }
    const problems = [
      ...(planned.statements.length > 1
        ? [`The answer has ${planned.statements.length} statements, and one was asked for.`]
        : []),
      ...(facts.writes && !mayWrite ? ['The question asks to read, and the answer would change records.'] : []),
      ...(planned.statements.some((each) => !each.facts.isQuery)
        ? ['The answer is neither a question nor a change of records.']
        : []),
      ...(planned.statements.some((each) => each.facts.params > 0)
        ? ['The answer leaves values open ($1), which nobody fills in.']
        : []),
      ...planned.parsed.flatMap((each) => unresolvedNames(each, planned.tables)),
    ]
    if (problems.length > 0) return { ...base, ...facts, problems }
    await planned.explain()
    return { ...base, ...facts, valid: true, problems: [] }
  } catch (error) {
    if (
      !(error instanceof AppError) ||
      (error.code !== 'VALIDATION' &&
        error.code !== 'FORBIDDEN' &&
        error.code !== 'TOO_LARGE' &&
        error.code !== 'CONSTRAINT')
    )
      throw error
    return { ...base, problems: [error.message] }
  }
}

/** Only the person's own words decide; a question that is not plainly a command is a question. */
export function asksToWrite(question: string): boolean {
  const words = question
    .trim()
    .toLowerCase()
    .replace(/^(please|can you|could you|kindly|now|then)\b[\s,]*/g, '')
  return /^(insert|add|create|update|set|change|delete|remove|mark|rename|increase|decrease|raise|lower|move|assign|reset|clear|replace|archive|cancel|double|fill|correct|fix the)\b/.test(
    words,
  )
}
