import { isJsonObject, type JsonObject } from '@shared/json'

/** A message of Phoenix channels, which the official client speaks over its socket. */
export interface PhoenixMessage {
  readonly joinRef: string | null
  readonly ref: string | null
  readonly topic: string
  readonly event: string
  readonly payload: JsonObject
}

/** How messages are written: as objects (`vsn=1.0.0`), or as lists of their parts (`2.0.0`). */
export interface PhoenixForm {
  read(text: string): PhoenixMessage | null
  write(message: PhoenixMessage): string
}

/** Null for a version that is not known. */
export function phoenixForm(version: string | null): PhoenixForm | null {
  if (version === null || version.startsWith('1.')) return objects
  return version.startsWith('2.') ? lists : null
}

const objects: PhoenixForm = {
  read(text) {
    const value = parsed(text)
    return isJsonObject(value) ? checked(value.join_ref, value.ref, value.topic, value.event, value.payload) : null
  },
  write: ({ joinRef, ref, topic, event, payload }) => JSON.stringify({ topic, event, payload, ref, join_ref: joinRef }),
}

const lists: PhoenixForm = {
  read(text) {
    const value = parsed(text)
    if (!Array.isArray(value)) return null
    const [joinRef, ref, topic, event, payload]: readonly unknown[] = value
    return checked(joinRef, ref, topic, event, payload)
  },
  write: ({ joinRef, ref, topic, event, payload }) => JSON.stringify([joinRef, ref, topic, event, payload]),
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function checked(
  joinRef: unknown,
  ref: unknown,
  topic: unknown,
  event: unknown,
  payload: unknown,
): PhoenixMessage | null {
  if (typeof topic !== 'string' || typeof event !== 'string') return null
  return { joinRef: refOf(joinRef), ref: refOf(ref), topic, event, payload: isJsonObject(payload) ? payload : {} }
}

function refOf(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, 100) : null
}
