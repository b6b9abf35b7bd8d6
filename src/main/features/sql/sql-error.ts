import { AppError, type ErrorCode } from '@shared/app-error'
import { DatabaseError } from 'pg'
import { toAppError } from '../../db/pg-error'
import { nearestName } from './nearest-name'
import { placeAt } from './text-offsets'

/** Where in the person's text a statement of the run stands. */
export interface StatementPlace {
  /** From 1. */
  readonly number: number
  /** The whole text of the run. */
  readonly query: string
  /** From a character of what was sent (from 1) to a UTF-16 unit of `query`; null for one that was not the person's. */
  readonly toQuery: (position: number) => number | null
}

/** A failure of a person's statement: what Postgres says about it, in a sentence, with the place in their text. */
export function sqlError(error: unknown, place: StatementPlace, tables: readonly string[]): AppError {
  const failure = error instanceof AppError && error.cause instanceof DatabaseError ? error.cause : error
  const known = toAppError(error)
  if (!(failure instanceof DatabaseError)) return known
  const said = sentenceOf(failure, known, tables)
  const offset = failure.position === undefined ? null : place.toQuery(Number(failure.position))
  const where = offset === null ? {} : placeAt(place.query, offset)
  const facts = typeof known.details === 'object' && known.details !== null ? known.details : {}
  const hint = said.hint === undefined ? {} : { hint: said.hint }
  return new AppError(said.code, said.message, {
    details: { statement: place.number, ...where, ...hint, ...facts },
    cause: error,
  })
}

/** A failure that is found before anything runs. */
export function syntaxError(message: string, query: string, offset: number, hint?: string): AppError {
  return new AppError('VALIDATION', sentence(message, hint), {
    details: { ...placeAt(query, offset), ...(hint === undefined ? {} : { hint }) },
  })
}

interface Said {
  readonly code: ErrorCode
  readonly message: string
  readonly hint?: string
}

function sentenceOf(failure: DatabaseError, known: AppError, tables: readonly string[]): Said {
  const state = failure.code ?? ''
  if (state === '42P01') return unknownTable(failure, tables)
  if (state === '42501' && /permission denied for (schema|table|view|function)/.test(failure.message)) {
    const what = /permission denied for (?:\w+) (.*)$/.exec(failure.message)?.[1]
    const named = what === undefined ? 'This' : `"${what}"`
    return { code: 'FORBIDDEN', message: `${named} is not part of this database, so SQL may not use it.` }
  }
  if (state === '42501' || state === '25006') return { code: known.code, message: sentence(failure.message) }
  if (state === '54001')
    return { code: 'TOO_LARGE', message: 'The statement is nested too deeply to be run. Write it in smaller steps.' }
  if (state === '53400')
    return {
      code: 'TOO_LARGE',
      message:
        'The statement needs more than 1 GB of disk while it runs, and was stopped. Narrow it down, or sort less.',
    }
  if (state === '0A000' && failure.message.startsWith('cannot execute MERGE on relation'))
    return { code: 'VALIDATION', message: noMerge }
  if (state === '0A000' || state === '42P10') return { code: 'VALIDATION', ...withHint(failure) }
  // Syntax, names, types; data that a type cannot hold; a subquery with too many rows; recursion and other limits.
  if (/^(42|22|21|20|2F|44|54)/.test(state) && !isOurs(failure))
    return { code: state.startsWith('54') ? 'TOO_LARGE' : 'VALIDATION', ...withHint(failure) }
  return { code: known.code, message: isOurs(failure) ? failure.message : known.message }
}

/** Tables are views here, and an INSERT with ON CONFLICT is run as a MERGE. */
const noMerge =
  'The Postgres of this studio is older than 17, which cannot run MERGE, nor INSERT with ON CONFLICT, on its tables. Write an UPDATE and then an INSERT ... WHERE NOT EXISTS in one run.'

/** Raised by the functions behind the views, with sentences and facts of their own. */
function isOurs(failure: DatabaseError): boolean {
  return failure.detail?.startsWith('{') === true
}

function unknownTable(failure: DatabaseError, tables: readonly string[]): Said {
  const name = /relation "(.*)" does not exist/.exec(failure.message)?.[1]
  if (name === undefined) return { code: 'VALIDATION', ...withHint(failure) }
  const near = nearestName(name.split('.').at(-1) ?? name, tables)
  const hint =
    near === null
      ? tables.length === 0
        ? 'This database has no tables yet.'
        : `Its tables are ${tables.slice(0, 10).join(', ')}${tables.length > 10 ? ' and others' : ''}.`
      : `Did you mean "${near}"?`
  return { code: 'VALIDATION', message: `There is no table "${name}" in this database. ${hint}`, hint }
}

function withHint(failure: DatabaseError): { readonly message: string; readonly hint?: string } {
  const { hint } = failure
  return hint === undefined || hint === ''
    ? { message: sentence(failure.message) }
    : { message: sentence(failure.message, hint), hint }
}

/** Postgres writes its messages in lower case and without a full stop, its hints as sentences. */
function sentence(message: string, hint?: string): string {
  const text = capital(message)
  const ended = /[.?!]$/.test(text) ? text : `${text}.`
  return hint === undefined ? ended : `${ended} ${hint}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
