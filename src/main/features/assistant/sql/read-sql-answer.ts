import { fences, readJsonAnswer } from '../schema/answer-text'
import { isObject, textMember } from '../schema/loose'

export interface SqlAnswer {
  readonly sql: string
  readonly explanation: string
}

export const sqlAnswerSchema = {
  name: 'sql_answer',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['sql', 'explanation'],
    properties: { sql: { type: 'string' }, explanation: { type: 'string' } },
  },
} as const

/** `{"sql", "explanation"}`, SQL in a fence, or SQL alone; null when there is neither. */
export function readSqlAnswer(text: string): SqlAnswer | null {
  const json = readJsonAnswer(text)
  if (json.ok && isObject(json.value)) {
    const sql = textMember(json.value, 'sql', 'query', 'statement')
    const explanation = textMember(json.value, 'explanation', 'reply', 'description', 'message')
    if (sql !== undefined || explanation !== undefined)
      return { sql: tidy(sql ?? ''), explanation: plainText(explanation ?? '') }
  }
  const [fenced] = fences(text)
  if (fenced !== undefined && isSql(fenced))
    return { sql: tidy(fenced), explanation: plainText(text.replace(/```[\s\S]*?(```|$)/g, ' ')) }
  return isSql(text) ? { sql: tidy(text), explanation: '' } : null
}

function isSql(text: string): boolean {
  return /^\s*(--[^\n]*\n\s*)*(select|with|insert|update|delete|merge|values|explain|create|alter|drop)\b/i.test(text)
}

/** Without a fence of its own and the semicolons at its end. */
function tidy(sql: string): string {
  const [fenced] = fences(sql)
  return (fenced ?? sql)
    .trim()
    .replace(/(\s*;)+\s*$/, '')
    .slice(0, 50_000)
}

/** What a model says is shown as text; addresses are taken out, so that nobody follows one it was made to write. */
export function plainText(text: string): string {
  return (
    text
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replace(/\b(?:https?|ftp|data|javascript):\S+/gi, '(address left out)')
      // Characters that are not seen, and turn what is.
      .replace(/[^\P{C}\n\t]/gu, '')
      .trim()
      .slice(0, 4_000)
  )
}
