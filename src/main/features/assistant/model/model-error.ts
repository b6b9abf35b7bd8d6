import { AppError } from '@shared/app-error'
import type { ModelPlace } from './model-client'

interface Circumstances {
  readonly place: ModelPlace
  /** Aborted when the answer took too long. */
  readonly late: AbortSignal
  /** Aborted by the person. */
  readonly cancelled: AbortSignal | undefined
}

/**
 * A failed call to the model as a sentence that says what to do. The SDK's error is not kept as a cause: it holds the
 * request with its key.
 */
export async function modelFailure(error: unknown, { place, late, cancelled }: Circumstances): Promise<AppError> {
  if (cancelled?.aborted === true) return new AppError('CANCELLED', 'The AI was stopped before it was done.')
  if (late.aborted)
    return new AppError('TIMEOUT', `${hostOf(place)} did not finish its answer in time. Try again, or ask for less.`)
  if (error instanceof AppError) return error
  const errors = await import('@mistralai/mistralai/models/errors')
  if (error instanceof errors.ResponseValidationError)
    return unreadableAnswer(
      'it does not follow the protocol. See whether the address in Settings is that of an AI server',
    )
  if (error instanceof errors.MistralError) return refusedBy(place, error.statusCode, error.headers, error.body)
  if (error instanceof errors.ConnectionError || error instanceof errors.RequestTimeoutError)
    return new AppError(
      'UNAVAILABLE',
      `${hostOf(place)} cannot be reached. Check the network, and the address in Settings, AI. Everything else works without it.`,
    )
  if (error instanceof errors.SDKValidationError || error instanceof SyntaxError)
    return unreadableAnswer('a piece of it is no valid JSON')
  if (error instanceof Error && (error.message === 'terminated' || /aborted|socket|ECONNRESET/i.test(error.message)))
    return cutAnswer('connection')
  if (error instanceof errors.InvalidRequestError || error instanceof errors.UnexpectedClientError)
    return new AppError(
      'UNAVAILABLE',
      `The request to ${hostOf(place)} could not be made. Check the address in Settings, AI.`,
    )
  return unreadableAnswer('it does not follow the protocol')
}

/** An answer that came, and is of no use. */
export function unreadableAnswer(reason: string, details?: unknown): AppError {
  return new AppError(
    'UNAVAILABLE',
    `The model's answer could not be used: ${reason}. Nothing was changed. Try again, or say it in other words.`,
    details === undefined ? {} : { details },
  )
}

export function cutAnswer(by: 'connection' | 'length'): AppError {
  return by === 'length'
    ? unreadableAnswer('it is longer than the model may write, and was cut off. Ask for a smaller part')
    : unreadableAnswer('the connection ended in the middle of it')
}

function refusedBy(place: ModelPlace, status: number, headers: Headers, body: string): AppError {
  const host = hostOf(place)
  if (status === 401 || status === 403)
    return new AppError(
      'UNAVAILABLE',
      place.apiKey === null
        ? `${host} asks for a key, and none is set. Add one in Settings, AI.`
        : `${host} does not accept the key. Check it in Settings, AI.`,
    )
  if (status === 402)
    return new AppError('UNAVAILABLE', `The account at ${host} has no credit left. Add some there, then try again.`)
  if (status === 404)
    return new AppError(
      'UNAVAILABLE',
      `${host} knows no model "${place.model}", or has no such address. Choose another model in Settings, AI.`,
    )
  if (status === 413 || /context|too (long|large|many tokens)|maximum.*tokens/i.test(saidBy(body)))
    return new AppError(
      'TOO_LARGE',
      'That is more than the model can read at once. Shorten the text, or ask about fewer tables.',
    )
  if (status === 429) {
    const seconds = Number(headers.get('retry-after'))
    const retryAfter = Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : 30
    return new AppError(
      'RATE_LIMITED',
      `${host} takes no more requests for now. Try again in ${inWords(retryAfter)}.`,
      {
        details: { retryAfter },
      },
    )
  }
  if (status >= 500)
    return new AppError('UNAVAILABLE', `${host} has trouble of its own (status ${status}). Try again in a minute.`)
  const said = withoutKey(saidBy(body), place.apiKey)
  return new AppError(
    'UNAVAILABLE',
    `${host} refused the request (status ${status})${said === '' ? '' : `: ${said}`}. Check the model and the address in Settings, AI.`,
  )
}

/** The sentence in an error's body, whichever of the usual forms it has; short, and without line breaks. */
function saidBy(body: string): string {
  let said: unknown
  try {
    const read: unknown = JSON.parse(body)
    said = member(read, 'message') ?? member(read, 'detail') ?? member(member(read, 'error'), 'message')
  } catch {
    return ''
  }
  if (typeof said !== 'string') return ''
  return said
    .replace(/\s+/g, ' ')
    .replace(/[.\s]+$/, '')
    .slice(0, 200)
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

/** Some servers repeat the key, or a part of it, in what they say. */
function withoutKey(text: string, key: string | null): string {
  if (key === null || key === '') return text
  const parts = [key, key.slice(0, 8), key.slice(-8)].filter((part) => part.length >= 6)
  return parts.reduce((rest, part) => rest.replaceAll(part, '...'), text)
}

export function hostOf({ serverUrl }: Pick<ModelPlace, 'serverUrl'>): string {
  try {
    return new URL(serverUrl).host
  } catch {
    return 'The AI server'
  }
}

function inWords(seconds: number): string {
  if (seconds < 90) return seconds === 1 ? 'a second' : `${seconds} seconds`
  return `${Math.ceil(seconds / 60)} minutes`
}
