import { deepestJson, type JsonValue } from '../json'

/** What keeps a text out of Postgres, as the end of a sentence; null when nothing does. */
export function textProblem(text: string): string | null {
  if (text.includes('\0')) return 'holds the character U+0000, which cannot be stored'
  // In unicode mode a surrogate that has its partner is not a surrogate any more.
  if (/\p{Cs}/u.test(text)) return 'holds half of a character (a lone surrogate), which cannot be stored'
  return null
}

/** The same for a whole JSON value, its keys too. Walks without recursion, so depth cannot break it. */
export function jsonProblem(value: JsonValue): string | null {
  const open: Array<{ readonly value: JsonValue; readonly level: number }> = [{ value, level: 0 }]
  for (let next = open.pop(); next; next = open.pop()) {
    const current = next.value
    if (typeof current === 'string') {
      const problem = textProblem(current)
      if (problem) return problem
    } else if (typeof current === 'number') {
      if (!Number.isFinite(current)) return 'holds a number that JSON cannot write'
    } else if (current !== null && typeof current === 'object') {
      if (next.level >= deepestJson) return `is nested more than ${deepestJson} levels deep`
      for (const [key, child] of Object.entries(current)) {
        const problem = Array.isArray(current) ? null : textProblem(key)
        if (problem) return problem
        open.push({ value: child, level: next.level + 1 })
      }
    }
  }
  return null
}

/** A value as people may be shown it in a sentence: JSON text, cut when it is long. */
export function showValue(value: JsonValue): string {
  const text = JSON.stringify(value) ?? 'null'
  return text.length > 60 ? `${[...text.slice(0, 57)].join('')}...` : text
}
