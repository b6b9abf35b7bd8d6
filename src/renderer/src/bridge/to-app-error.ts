import { ORPCError } from '@orpc/client'
import { AppError, isErrorCode } from '@shared/app-error'

/** What any failure is shown as: a code of ours, a sentence for people, and its facts. */
export interface ShownError {
  readonly code: AppError['code']
  readonly message: string
  readonly details: unknown
}

export function toAppError(error: unknown): ShownError {
  if (error instanceof AppError) return shown(error.code, error.message, error.details)
  if (error instanceof ORPCError && isErrorCode(error.code)) return shown(error.code, error.message, error.data)
  if (isAbort(error)) return shown('CANCELLED', 'This was cancelled.', undefined)
  return shown('INTERNAL', 'Something went wrong in the studio. Try again.', undefined)
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

function shown(code: AppError['code'], message: string, details: unknown): ShownError {
  return { code, message, details }
}
