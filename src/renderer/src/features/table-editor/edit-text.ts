import { coerceValue, parseValue } from '@shared/domain/coerce-value'
import { type Coerced, fits, misfit } from '@shared/domain/coerced'
import type { ColumnType } from '@shared/domain/column-type'
import { isPasswordHash, passwordProblem } from '@shared/domain/secret-column'
import type { JsonValue } from '@shared/json'
import { fromLocalText, shortenClock, toLocalText } from './local-time'

/** The text in which a value is edited; `readEditText` gives exactly that value back. */
export function editText(type: ColumnType, value: JsonValue | undefined): string {
  if (value === null || value === undefined) return ''
  if (type.array) return JSON.stringify(value)
  if (type.base === 'jsonb') return typeof value === 'object' ? JSON.stringify(value, null, 2) : JSON.stringify(value)
  if (typeof value !== 'string') return JSON.stringify(value)
  if (type.base === 'timestamptz') return toLocalText(value)
  return type.base === 'timestamp' || type.base === 'time' ? shortenClock(value) : value
}

export function isTextType(type: ColumnType): boolean {
  return !type.array && (type.base === 'text' || type.base === 'varchar')
}

/** Reads what was typed. Nothing typed is NULL, except in a text column, where it is the empty text. */
export function readEditText(type: ColumnType, text: string): Coerced {
  if (isTextType(type)) return coerceValue(type, text)
  const trimmed = text.trim()
  if (trimmed === '') return fits(null)
  if (type.array && trimmed.startsWith('[')) return readJson(trimmed, (value) => coerceValue(type, value))
  if (type.base === 'jsonb' && !type.array) return readJson(trimmed, (value) => coerceValue(type, value))
  if (type.base === 'timestamptz' && !type.array) return coerceValue(type, fromLocalText(trimmed) ?? trimmed)
  return parseValue(type, trimmed)
}

function readJson(text: string, coerce: (value: JsonValue) => Coerced): Coerced {
  try {
    const value: JsonValue = JSON.parse(text)
    const lost = inexactNumber(text)
    return lost === null ? coerce(value) : misfit(`holds ${lost}, which loses digits as a number: write it as a text`)
  } catch (error) {
    const where = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined
    return misfit(where === undefined ? 'is not JSON' : `is not JSON: look at ${placeIn(text, Number(where))}`)
  }
}

/** A number that JSON would keep with other digits than it is written with; null when there is none. */
function inexactNumber(text: string): string | null {
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g)) {
    if (token.startsWith('"') || token.length < 16) continue
    const digits = significant(token)
    if (digits.length > 15 && digits !== significant(String(Number(token)))) return token
  }
  return null
}

function significant(number: string): string {
  const [mantissa = ''] = number.toLowerCase().split('e')
  return mantissa.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '')
}

function placeIn(text: string, position: number): string {
  const before = text.slice(0, position).split('\n')
  const character = `character ${(before.at(-1) ?? '').length + 1}`
  return before.length === 1 ? character : `line ${before.length}, ${character}`
}

/** A new password in place of a hidden value; one that is hashed already is taken as it is. */
export function readSecretText(text: string): Coerced {
  const problem = isPasswordHash(text) ? null : passwordProblem(text)
  return problem === null ? fits(text) : misfit(problem)
}

/** "This is not a date like 2026-01-31." */
export function misfitSentence(reason: string): string {
  return `This ${reason}.`
}

/** The same JSON, a line for each member; what is no JSON stays as it is. */
export function formatJson(text: string): string {
  return rewriteJson(text, 2)
}

export function minifyJson(text: string): string {
  return rewriteJson(text, 0)
}

function rewriteJson(text: string, indent: number): string {
  try {
    return JSON.stringify(JSON.parse(text), null, indent)
  } catch {
    return text
  }
}
