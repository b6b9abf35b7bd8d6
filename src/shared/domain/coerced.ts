import type { JsonValue } from '../json'

/** A value in its canonical form, or why it does not fit: the end of a sentence that begins with the value. */
export type Coerced = { readonly ok: true; readonly value: JsonValue } | { readonly ok: false; readonly reason: string }

export function fits(value: JsonValue): Coerced {
  return { ok: true, value }
}

export function misfit(reason: string): Coerced {
  return { ok: false, reason }
}
