import { AppError } from '@shared/app-error'
import { rateHeaders, stateOfRefusal } from '../features/api/rates'

/** What HTTP can go wrong with before any procedure is asked; the rest has the codes of AppError. */
export interface HttpFailure {
  readonly status: number
  readonly code: string
  readonly message: string
  readonly details?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface ErrorBody {
  readonly error: string
  readonly code: string
  readonly details?: unknown
}

/** The one form of every error on the HTTP surface. */
export function errorResponse(failure: HttpFailure | AppError): Response {
  const extra = failure instanceof AppError ? {} : failure.headers
  return Response.json(errorBody(failure), {
    status: failure.status,
    headers: { 'cache-control': 'no-store', ...headersOf(failure.code, failure.details), ...extra },
  })
}

export function errorBody({ message, code, details }: Pick<HttpFailure, 'message' | 'code' | 'details'>): ErrorBody {
  return { error: message, code, ...(details === undefined || details === null ? {} : { details }) }
}

/** What a status obliges to: RFC 9110 sections 10.2.3 and 11.6.1. */
export function headersOf(code: string, details: unknown): Record<string, string> {
  if (code === 'UNAUTHENTICATED') return { 'www-authenticate': 'Bearer' }
  if (code === 'RATE_LIMITED') {
    const state = stateOfRefusal(details)
    return { 'retry-after': String(retryAfter(details)), ...(state === null ? {} : rateHeaders(state)) }
  }
  if (code === 'UNAVAILABLE') return { 'retry-after': '2' }
  return {}
}

function retryAfter(details: unknown): number {
  const seconds = typeof details === 'object' && details !== null && 'retryAfter' in details ? details.retryAfter : null
  return typeof seconds === 'number' ? Math.max(1, Math.ceil(seconds)) : 1
}

export const noSuchRoute = new AppError(
  'NOT_FOUND',
  'There is nothing at this address. GET /api/openapi.json lists what there is.',
)
