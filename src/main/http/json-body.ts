import type { IncomingMessage } from 'node:http'
import { AppError } from '@shared/app-error'

/** Bytes; imports, which stream, have no limit and do not come this way. */
export const bodyLimit = 10 * 1024 * 1024

/** Deeper than any document a person writes; the validators recurse, and a stack ends near 1,500 levels of them. */
const deepest = 200

/** The JSON object of a request; undefined when it has no body. VALIDATION or TOO_LARGE says what is wrong with it. */
export async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const body = await readJson(request)
  // The router takes the fields of the address alone where the body has none.
  if (body !== undefined && (typeof body !== 'object' || body === null || Array.isArray(body)))
    throw new AppError('VALIDATION', 'The body must be a JSON object: fields and their values between braces.')
  return body
}

/** The JSON of a request, whatever it is. `untyped`: also where no header says that it is JSON. */
export async function readJson(request: IncomingMessage, { untyped = false } = {}): Promise<unknown> {
  const bytes = await readBody(request)
  if (bytes.length === 0) return undefined
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (!(untyped && type === '') && type !== 'application/json' && !/^application\/[\w.-]+\+json$/.test(type))
    throw new AppError('VALIDATION', 'The body must be JSON, sent with the header Content-Type: application/json.')
  if (request.headers['content-encoding'] !== undefined && request.headers['content-encoding'] !== 'identity')
    throw new AppError('VALIDATION', 'Compressed bodies are not read here. Send the JSON as it is.')
  if (depth(bytes) > deepest)
    throw new AppError('VALIDATION', `The JSON of the body is nested too deeply. At most ${deepest} levels are read.`)
  return parse(bytes)
}

/** The bytes of a request, at most `bodyLimit` of them. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0)
  return announced > bodyLimit ? Promise.reject(tooLarge()) : readBytes(request)
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const take = (chunk: Buffer): void => {
      length += chunk.length
      if (length <= bodyLimit) return void chunks.push(chunk)
      request.off('data', take)
      reject(tooLarge())
    }
    request.on('data', take)
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('error', () => reject(gone()))
    request.once('aborted', () => reject(gone()))
  })
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function parse(bytes: Buffer): unknown {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    throw new AppError('VALIDATION', 'The body is not UTF-8. Send the JSON in UTF-8.')
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new AppError('VALIDATION', 'The body is not well-formed JSON. Check its quotes, commas and brackets.')
  }
}

/** Of the brackets outside strings, from the bytes alone: 10 MB take about 20 ms. */
function depth(bytes: Buffer): number {
  let level = 0
  let most = 0
  let inString = false
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]
    if (inString) {
      if (byte === 0x5c) index++
      else if (byte === 0x22) inString = false
    } else if (byte === 0x22) inString = true
    else if (byte === 0x5b || byte === 0x7b) most = Math.max(most, ++level)
    else if (byte === 0x5d || byte === 0x7d) level--
  }
  return most
}

function tooLarge(): AppError {
  return new AppError('TOO_LARGE', 'The body is larger than 10 MB. Send less at once.', {
    details: { limit: bodyLimit },
  })
}

function gone(): AppError {
  return new AppError('CANCELLED', 'The call was cancelled before it was done.')
}
