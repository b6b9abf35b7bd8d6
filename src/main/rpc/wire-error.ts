import { ORPCError, ValidationError } from '@orpc/server'
import { AppError, type ErrorCode, isErrorCode } from '@shared/app-error'
import type { Logger } from 'pino'
import { describeIssues } from './input-issues'

export interface FailureOptions {
  readonly logger: Logger
  /** `records.update`, or the HTTP call: for the log only. */
  readonly call: string
  readonly signal?: AbortSignal | undefined
}

const wentWrong = 'Something went wrong on our side. Try again; if it stays, see the log.'

/** What a caller may know of any failure. What nobody foresaw is logged and becomes INTERNAL without its inner text. */
export function toAppError(error: unknown, { logger, call, signal }: FailureOptions): AppError {
  const expected = foreseen(error)
  if (expected && expected.code !== 'INTERNAL') return expected
  if (signal?.aborted === true || isAbort(error))
    return new AppError('CANCELLED', 'The call was cancelled before it was done.', { cause: error })
  logger.error({ err: error, call, issues: outputIssues(error) }, 'unexpected failure')
  return new AppError('INTERNAL', wentWrong, { cause: error })
}

/** The same failure as the typed error of the contract. */
export function toWireError(error: AppError): ORPCError<ErrorCode, unknown> {
  return new ORPCError(error.code, {
    defined: true,
    status: error.status,
    message: error.message,
    data: error.details,
    cause: error,
  })
}

function foreseen(error: unknown): AppError | null {
  if (error instanceof AppError) return error
  if (!(error instanceof ORPCError)) return null
  if (error.code === 'BAD_REQUEST' && error.cause instanceof ValidationError) {
    const { sentence, issues } = describeIssues(error.cause.issues, error.cause.data)
    return new AppError('VALIDATION', sentence, { details: { issues }, cause: error })
  }
  if (!isErrorCode(error.code)) return null
  return new AppError(error.code, error.message, { details: error.data, cause: error })
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

/** Paths and messages only: an answer that does not fit the contract may hold somebody's data. */
function outputIssues(error: unknown): unknown {
  if (!(error instanceof ORPCError) || !(error.cause instanceof ValidationError)) return undefined
  return error.cause.issues.map((issue) => ({ path: issue.path, message: issue.message }))
}
