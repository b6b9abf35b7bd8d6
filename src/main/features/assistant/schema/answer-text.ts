import { deepestJson, isJson, type JsonValue } from '@shared/json'

/** The JSON in a model's answer, or why there is none: the end of a sentence that begins with "the answer". */
export type AnswerJson =
  | { readonly ok: true; readonly value: JsonValue }
  | { readonly ok: false; readonly reason: string }

/** Characters of an answer that are looked at; a schema of 200 tables has about 200,000. */
const longest = 2_000_000

/**
 * Models put JSON between words, into a fence, with comments and commas too many. What is cut off is not completed:
 * half a schema is none.
 */
export function readJsonAnswer(text: string): AnswerJson {
  if (text.length > longest) return { ok: false, reason: 'is too long to be read' }
  const candidates = [text, ...fences(text), ...fromFirstBracket(text)]
  for (const candidate of candidates) {
    const value = parse(candidate) ?? parse(withoutExtras(candidate))
    if (value === undefined) continue
    return isJson(value)
      ? { ok: true, value }
      : { ok: false, reason: `is nested more than ${deepestJson} levels deep, or holds what JSON cannot` }
  }
  if (!/[{[]/.test(text)) return { ok: false, reason: 'holds no JSON' }
  return isCutOff(text)
    ? { ok: false, reason: 'is cut off before its JSON ends' }
    : { ok: false, reason: 'holds JSON that cannot be read' }
}

/** What stands between ``` and ```, whatever the language behind the first. */
export function fences(text: string): readonly string[] {
  return [...text.matchAll(/```[^\n`]*\n([\s\S]*?)(?:\n\s*```|$)/g)].map((match) => match[1] ?? '')
}

/** Objects and arrays only: a lone word or number is no answer. */
function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text.trim().replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

/** From the first bracket to the one that closes it. */
function fromFirstBracket(text: string): readonly string[] {
  const start = text.search(/[{[]/)
  if (start < 0) return []
  const end = closing(text, start)
  return end === null ? [] : [text.slice(start, end + 1)]
}

function closing(text: string, start: number): number | null {
  let depth = 0
  let quoted = false
  for (let at = start; at < text.length; at += 1) {
    const character = text[at]
    if (quoted) {
      if (character === '\\') at += 1
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '{' || character === '[') depth += 1
    else if (character === '}' || character === ']') {
      depth -= 1
      if (depth === 0) return at
    }
  }
  return null
}

function isCutOff(text: string): boolean {
  return closing(text, text.search(/[{[]/)) === null
}

/** Without comments, then without commas before a closing bracket; texts in quotes stay as they are. */
function withoutExtras(text: string): string {
  const keepTexts = (piece: string) => (piece.startsWith('"') ? piece : '')
  return text
    .replace(/"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, keepTexts)
    .replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g, keepTexts)
}
