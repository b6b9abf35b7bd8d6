import { isJsonObject, type JsonObject, type JsonValue } from '@shared/json'

/** A record as JSON, or the end of a sentence that begins with it. */
export type ParsedRecord =
  | { readonly ok: true; readonly record: JsonObject }
  | { readonly ok: false; readonly reason: string }

/**
 * Numbers of a record that JSON.parse would round become texts, which columns of exact types read digit by digit; inside
 * nested values they are read as JSON numbers are everywhere.
 */
export function parseRecord(text: string): ParsedRecord {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, reason: 'is not well-formed JSON' }
  }
  if (!isJsonObject(value))
    return {
      ok: false,
      reason: Array.isArray(value)
        ? 'is a list; a record is an object with a member for each column'
        : typeof value === 'object' && value !== null
          ? /\d[eE]\+?\d{3}|\d{309}/.test(text)
            ? 'has a number beyond 1e308; write it as a text, in quotes'
            : 'is nested too deeply'
          : 'is a single value; a record is an object with a member for each column',
    }
  if (!/\d{16}|\d\.\d{15}|\d[eE]/.test(text)) return { ok: true, record: value }
  return { ok: true, record: { ...value, ...exactNumbers(text, value) } }
}

/** Members whose value is a number of more digits than a double keeps, as they are written. */
function exactNumbers(text: string, record: JsonObject): JsonObject {
  const found: { [name: string]: JsonValue } = {}
  let depth = 0
  let key: string | null = null
  const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[{}[\]:,]/g
  for (let match = token.exec(text), previous = ''; match; match = token.exec(text)) {
    const [word] = match
    if (word === '{' || word === '[') depth++
    else if (word === '}' || word === ']') depth--
    else if (depth === 1 && word === ':') key = previous
    else if (depth === 1 && key !== null && /^[-\d]/.test(word)) {
      const name: unknown = JSON.parse(key)
      if (typeof name === 'string' && typeof record[name] === 'number' && String(record[name]) !== word)
        found[name] = word
    }
    previous = word
    if (word === ',') key = null
  }
  return found
}
