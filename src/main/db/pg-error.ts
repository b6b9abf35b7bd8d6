import { AppError, type ErrorCode } from '@shared/app-error'
import { DatabaseError } from 'pg'
import { tlsFailure } from './tls-failure'

/** What every failure of Postgres or of the way to it means to us. This is the only place that reads SQL states. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  if (error instanceof DatabaseError) return fromPostgres(error)
  const tls = tlsFailure(error)
  if (tls !== null) return new AppError('UNAVAILABLE', tls, { cause: error })
  if (isConnectionLoss(error)) return new AppError('UNAVAILABLE', unreachable(error), { cause: error })
  return new AppError('INTERNAL', 'Something went wrong in the database.', { cause: error })
}

/** What the caller may not see and what does not exist answer the same. */
export function notFound(): AppError {
  return new AppError('NOT_FOUND', 'There is nothing here with this id: it was deleted, or it belongs to someone else.')
}

/** Another transaction was in the way and this one was rolled back: the same work may succeed when it is run again. */
export function isRetryable(error: unknown): boolean {
  const state = sqlState(error)
  return state === '40001' || state === '40P01' || isCatalogueRace(rootCause(error))
}

/** Two changed the same entry of the catalogue, or one changed what the other had just found. Never translated (elog). */
function isCatalogueRace(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === 'XX000' && catalogueRaces.test(error.message)
}

const catalogueRaces =
  /^(tuple concurrently (updated|deleted)|cache lookup failed for |could not open relation with OID )/

/** The connection is gone or was never made; nothing more can be asked on it. */
export function isConnectionLoss(error: unknown): boolean {
  const cause = rootCause(error)
  if (cause instanceof DatabaseError) return endedStates.has(cause.code ?? '') || cause.code?.startsWith('08') === true
  if (cause instanceof AggregateError) return cause.errors.some(isConnectionLoss)
  if (!(cause instanceof Error)) return false
  if ('code' in cause && typeof cause.code === 'string' && networkCodes.has(cause.code)) return true
  // A Unix socket that is not there; of a file it would mean something else.
  if (cause.message.startsWith('connect ENOENT')) return true
  return connectionMessages.test(cause.message)
}

/** The statement's own time was up. */
export function isTimeout(error: unknown): boolean {
  return error instanceof AppError && error.code === 'TIMEOUT' && sqlState(error) === '57014'
}

export function sqlState(error: unknown): string | undefined {
  const cause = rootCause(error)
  return cause instanceof DatabaseError ? cause.code : undefined
}

/** The rule of the table that was broken: a unique index, by its name. */
export function violatedConstraint(error: unknown): string | undefined {
  const cause = rootCause(error)
  return cause instanceof DatabaseError && cause.code === '23505' ? cause.constraint : undefined
}

function rootCause(error: unknown): unknown {
  return error instanceof AppError && error.cause !== undefined ? rootCause(error.cause) : error
}

function fromPostgres(error: DatabaseError): AppError {
  const state = error.code ?? ''
  const refusal = refusalOf(error)
  if (refusal && state !== '40001') return new AppError('CONSTRAINT', error.message, { details: refusal, cause: error })
  const meaning = isCatalogueRace(error) ? metInCatalogue : (exact[state] ?? classes[state.slice(0, 2)] ?? unknown)
  const code = state === '57014' && error.message.includes('user request') ? 'CANCELLED' : meaning.code
  const message =
    code === 'CANCELLED'
      ? 'The statement was cancelled.'
      : state === '28000' && error.message.endsWith('no encryption')
        ? 'The server takes encrypted connections only, or none from this machine. Turn TLS on for it.'
        : meaning.sentence
  return new AppError(code, message, { details: code === 'INTERNAL' ? undefined : facts(error), cause: error })
}

/** What `studio.refuse` has raised: its sentence is for people, and its detail is JSON that names the rule. */
function refusalOf({ detail }: DatabaseError): object | undefined {
  if (detail === undefined || !detail.startsWith('{')) return undefined
  try {
    const facts: unknown = JSON.parse(detail)
    return typeof facts === 'object' && facts !== null && 'constraint' in facts ? facts : undefined
  } catch {
    return undefined
  }
}

/** Names from the catalogue, never values: Postgres' own detail line quotes what other records hold. */
function facts(error: DatabaseError): Readonly<Record<string, string>> | undefined {
  const found = Object.entries({ constraint: error.constraint, table: error.table, column: error.column })
  const known = found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]))
  return known.length === 0 ? undefined : Object.fromEntries(known)
}

function unreachable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return 'The database host cannot be found. Check its name in the connection string and the network.'
  }
  if (code === 'ECONNREFUSED') {
    return 'No database server answers at this address. Check that it runs, and the host and port.'
  }
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || isLateConnection(error)) {
    return 'The database server does not answer. Check its host and port, and whether a firewall is in between.'
  }
  return 'The connection to the database was lost. Try again in a moment.'
}

/** pg/lib/client.js: the time to connect was up. */
function isLateConnection(error: unknown): boolean {
  return error instanceof Error && error.message === 'timeout expired'
}

interface Meaning {
  readonly code: ErrorCode
  readonly sentence: string
}

/** After the retries. */
const metInCatalogue: Meaning = {
  code: 'CONFLICT',
  sentence: 'Someone else changed the same tables at the same moment. Try again.',
}
const unknown: Meaning = { code: 'INTERNAL', sentence: 'Something went wrong in the database.' }

/** SQL states, postgresql.org/docs/current/errcodes-appendix.html */
const exact: Readonly<Record<string, Meaning>> = {
  // unique_violation, exclusion_violation
  '23505': { code: 'CONFLICT', sentence: 'A record with this value exists already. Choose another value.' },
  '23P01': { code: 'CONFLICT', sentence: 'The value overlaps with another record. Choose another value.' },
  // foreign_key, check, not_null, restrict
  '23503': {
    code: 'CONSTRAINT',
    sentence: 'The value refers to a record that does not exist, or is referred to by another.',
  },
  '23514': { code: 'CONSTRAINT', sentence: 'The value breaks a rule of the table. Change the value.' },
  '23502': { code: 'CONSTRAINT', sentence: 'A value that is required is missing. Fill it in.' },
  '23001': { code: 'CONSTRAINT', sentence: 'The record is referred to by another one. Remove that reference first.' },
  // insufficient_privilege: also what a missing tenant context raises
  '42501': { code: 'FORBIDDEN', sentence: 'This is not allowed here.' },
  // serialization_failure, deadlock_detected: after the retries
  '40001': { code: 'CONFLICT', sentence: 'Someone else changed the same records at the same moment. Try again.' },
  '40P01': { code: 'CONFLICT', sentence: 'Someone else changed the same records at the same moment. Try again.' },
  // lock_not_available
  '55P03': {
    code: 'CONFLICT',
    sentence:
      'The records are being changed by someone else, or by a transaction that is open in the SQL panel. Try again when it has ended.',
  },
  // query_canceled; idle_in_transaction_session_timeout, transaction_timeout
  '57014': { code: 'TIMEOUT', sentence: 'The statement took too long and was stopped. Narrow it down and try again.' },
  '25P03': { code: 'TIMEOUT', sentence: 'The work took too long and was undone. Try again.' },
  '25P04': { code: 'TIMEOUT', sentence: 'The work took too long and was undone. Try again.' },
  // disk_full, out_of_memory, too_many_connections
  '53100': { code: 'UNAVAILABLE', sentence: 'The disk of the database is full. Free some space there and try again.' },
  '53200': { code: 'UNAVAILABLE', sentence: 'The database has run out of memory. Try again, with less data at once.' },
  '53300': {
    code: 'UNAVAILABLE',
    sentence: 'The database has no connection left to give. Close other programs that use it, or try again.',
  },
  // read_only_sql_transaction: the statement of a read-only unit of work, or a standby server
  '25006': {
    code: 'FORBIDDEN',
    sentence: 'Nothing can be written here: the database or the transaction is read-only.',
  },
  // invalid_password, invalid_authorization_specification, invalid_catalog_name
  '28P01': {
    code: 'UNAVAILABLE',
    sentence: 'The database refused the user name or the password. Check the connection string.',
  },
  '28000': {
    code: 'UNAVAILABLE',
    sentence: 'The database refused this user. Check the connection string, and who may connect from this machine.',
  },
  '3D000': {
    code: 'UNAVAILABLE',
    sentence: 'The database named in the connection string does not exist. Create it, or correct the name.',
  },
}

/** The first two characters of a state name its class. */
const classes: Readonly<Record<string, Meaning>> = {
  // data exception: out of range, invalid text, bad json, NUL in text
  '22': { code: 'VALIDATION', sentence: 'A value does not have the form that its type needs. Correct the value.' },
  // program limit exceeded: row too big, too many columns
  '54': { code: 'TOO_LARGE', sentence: 'This is larger than the database can hold in one piece. Make it smaller.' },
  // connection exception; insufficient resources; operator intervention (shutdown, starting up); system error
  '08': { code: 'UNAVAILABLE', sentence: 'The connection to the database was lost. Try again in a moment.' },
  '53': { code: 'UNAVAILABLE', sentence: 'The database has run out of resources. Try again in a moment.' },
  '57': { code: 'UNAVAILABLE', sentence: 'The database is stopping or starting. Try again in a moment.' },
  '58': { code: 'UNAVAILABLE', sentence: 'The database cannot read or write its files. Check its disk.' },
}

/** admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped, idle_session_timeout; 25P03 and 25P04 end it too */
const endedStates = new Set(['57P01', '57P02', '57P03', '57P04', '57P05', '25P03', '25P04'])

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** pg gives these no code (pg/lib/client.js, pg-pool/index.js). */
const connectionMessages =
  /^(Connection terminated|Client has encountered a connection error|Client was closed|timeout (exceeded|expired)|Cannot use a pool after calling end)/
