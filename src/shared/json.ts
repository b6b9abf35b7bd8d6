export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }
export type JsonObject = { readonly [key: string]: JsonValue }

/** Levels of arrays and objects that a value may have: more than any document, less than any parser's stack. */
export const deepestJson = 500

/** Whether the value is JSON of at most `deepestJson` levels. Walks without recursion, so depth cannot break it. */
export function isJson(value: unknown): value is JsonValue {
  const open: Array<{ readonly value: unknown; readonly level: number }> = [{ value, level: 0 }]
  for (let next = open.pop(); next; next = open.pop()) {
    const current = next.value
    if (current === null || typeof current === 'string' || typeof current === 'boolean') continue
    if (typeof current === 'number' && Number.isFinite(current)) continue
    if (typeof current !== 'object' || next.level >= deepestJson) return false
    if (!Array.isArray(current) && !isPlain(current)) return false
    for (const child of Object.values(current)) open.push({ value: child, level: next.level + 1 })
  }
  return true
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isJson(value)
}

/** A value that is left out is NULL. */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}
