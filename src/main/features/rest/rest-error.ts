import { AppError } from '@shared/app-error'
import { sqlState } from '../../db/pg-error'

/** A sentence, or of several things that may be meant one object each. */
export type RestDetails = string | readonly Readonly<Record<string, string>>[] | null

/** A failure in the form that clients of PostgREST read: `{code, message, details, hint}` and a status. */
export class RestError extends Error {
  override readonly name = 'RestError'
  readonly status: number
  readonly code: string
  readonly details: RestDetails
  readonly hint: string | null
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    code: string,
    message: string,
    more: {
      readonly details?: RestDetails
      readonly hint?: string | null
      readonly headers?: Readonly<Record<string, string>>
      readonly cause?: unknown
    } = {},
  ) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.status = status
    this.code = code
    this.details = more.details ?? null
    this.hint = more.hint ?? null
    this.headers = more.headers ?? {}
  }
}

export function restErrorBody({ code, details, hint, message }: RestError): string {
  return JSON.stringify({ code, details, hint, message })
}

/** What cannot be read in the address or a header. */
export function parseError(message: string, details: string | null = null): RestError {
  return new RestError(400, 'PGRST100', message, { details })
}

export function noColumn(table: string, column: string): RestError {
  return new RestError(400, '42703', `column ${table}.${column.slice(0, 200)} does not exist`)
}

export function noBodyColumn(table: string, column: string): RestError {
  return new RestError(
    400,
    'PGRST204',
    `Could not find the '${column.slice(0, 200)}' column of '${table}' in the schema cache`,
  )
}

export function noTable(table: string): RestError {
  return new RestError(404, 'PGRST205', `Could not find the table 'public.${table.slice(0, 200)}' in the schema cache`)
}

/** 401 where a sign-in might help. */
export function notPermitted(because: string, isAnonymous: boolean): RestError {
  return new RestError(isAnonymous ? 401 : 403, '42501', because)
}

/** A record that the rule of the table does not let be written so. */
export function brokenRule(table: string, isAnonymous: boolean): RestError {
  return new RestError(isAnonymous ? 401 : 403, '42501', `new row violates the access rule of table "${table}"`)
}

export function notOne(count: number): RestError {
  return new RestError(406, 'PGRST116', 'Cannot coerce the result to a single JSON object', {
    details: `The result contains ${count} rows`,
  })
}

/** Any failure as the client reads it; null for what nobody foresaw, which is logged and not shown. */
export function toRestError(error: unknown): RestError | null {
  if (error instanceof RestError) return error
  if (!(error instanceof AppError)) return null
  const { message } = error
  const details = describe(error.details)
  switch (error.code) {
    case 'CONSTRAINT':
      return constraintError(error, details)
    case 'VALIDATION':
      return new RestError(400, stateOf(error) ?? misfitState(fieldsOf(error.details).reason), message, {
        details,
        cause: error,
      })
    case 'UNAUTHENTICATED':
      return new RestError(401, 'PGRST301', message, { details, cause: error })
    case 'FORBIDDEN':
      return new RestError(403, stateOf(error) ?? '42501', message, { details, cause: error })
    case 'NOT_FOUND':
      return new RestError(404, 'PGRST205', message, { details, cause: error })
    case 'CONFLICT':
      return new RestError(409, stateOf(error) ?? '40001', message, { details, cause: error })
    case 'TOO_LARGE':
      return new RestError(413, '54000', message, { details, cause: error })
    case 'RATE_LIMITED':
      return new RestError(429, 'over_request_rate_limit', message, { details, cause: error })
    case 'CANCELLED':
      return new RestError(499, '57014', message, { cause: error })
    case 'TIMEOUT':
      return new RestError(504, '57014', message, { cause: error })
    case 'UNAVAILABLE':
      return new RestError(503, 'PGRST000', message, { headers: { 'retry-after': '2' }, cause: error })
    case 'INTERNAL':
      return unsuited(error)
    default:
      return null
  }
}

/** In the words of Postgres, which apps look for in it; ours, which say what to do, are the hint. */
function constraintError(error: AppError, details: string | null): RestError {
  const { constraint, table, columns, value, referenced, target } = fieldsOf(error.details)
  const { message: hint } = error
  const names = Array.isArray(columns) ? columns.map(String) : []
  const shown = Array.isArray(value) ? value.map(shownText).join(', ') : shownText(value)
  const key = value === undefined ? null : `Key (${names.join(', ')})=(${shown})`
  const broken = (status: number, code: string, message: string, about: string | null = details) =>
    new RestError(status, code, typeof table === 'string' ? message : hint, { details: about, hint, cause: error })
  const rule = (kind: string) => `"${[table, ...names, kind].join('_')}"`
  switch (constraint) {
    case 'unique':
    case 'primary_key':
      return broken(
        409,
        '23505',
        `duplicate key value violates unique constraint ${rule('key')}`,
        key && `${key} already exists.`,
      )
    case 'reference':
      return typeof referenced === 'string'
        ? broken(
            409,
            '23503',
            `update or delete on table "${referenced}" violates foreign key constraint ${rule('fkey')} on table "${table}"`,
          )
        : broken(
            409,
            '23503',
            `insert or update on table "${table}" violates foreign key constraint ${rule('fkey')}`,
            key && `${key} is not present in table ${String(target).split('.')[0]}.`,
          )
    case 'required':
      return broken(
        400,
        '23502',
        `null value in column "${names[0]}" of relation "${table}" violates not-null constraint`,
      )
    default:
      return new RestError(400, '23514', error.message, { details, cause: error })
  }
}

function shownText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What Postgres says of a value that is none of its type, by the reason that is given for it. */
export function misfitState(reason: unknown): string {
  if (typeof reason !== 'string') return '22P02'
  if (reason.startsWith('is longer than')) return '22001'
  if (/out of (?:the )?range|more digits/.test(reason)) return '22003'
  return /\b(?:date|time|interval|month|day|years)\b/.test(reason) ? '22007' : '22P02'
}

/** States that the caller's own words lead to: an operator, a cast or a search that does not go with the values. */
const sentences: Readonly<Record<string, string>> = {
  '42883': 'The operator does not go with the type of the column.',
  '42804': 'The value does not have the type that is needed here.',
  '42846': 'The value cannot be cast to this type.',
  '42601': 'The text is not a query of a text search.',
  '42704': 'There is no type or text search configuration of this name.',
  '42725': 'The operator is not unique for these types. Add a cast.',
  '42P18': 'The type of the value cannot be told. Add a cast.',
  '42803': 'A column beside an aggregate has to be grouped.',
  '0A000': 'The database does not do this.',
}

function unsuited(error: AppError): RestError | null {
  const state = stateOf(error)
  const sentence = state === undefined ? undefined : sentences[state]
  return state === undefined || sentence === undefined ? null : new RestError(400, state, sentence, { cause: error })
}

function stateOf(error: AppError): string | undefined {
  return sqlState(error)
}

function describe(details: unknown): string | null {
  const { column, columns, index } = fieldsOf(details)
  const names = Array.isArray(columns) ? columns.join(', ') : typeof column === 'string' ? column : null
  if (names === null) return null
  return `${typeof index === 'number' ? `Record ${index + 1}, c` : 'C'}olumn ${names}.`
}

function fieldsOf(details: unknown): {
  readonly column?: unknown
  readonly columns?: unknown
  readonly constraint?: unknown
  readonly index?: unknown
  readonly table?: unknown
  readonly value?: unknown
  readonly reason?: unknown
  readonly referenced?: unknown
  readonly target?: unknown
} {
  return typeof details === 'object' && details !== null ? details : {}
}
