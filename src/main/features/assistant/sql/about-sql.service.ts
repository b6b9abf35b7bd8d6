import type { SentRequest } from '@shared/contract/assistant.contract'
import { type Asking, askModel } from '../ask-model'
import type { ModelUsage } from '../model/model-usage'
import { refuseWithoutSchema, type SqlContext } from './generate-sql.service'
import { plainText } from './read-sql-answer'
import { explainMessages, nameMessages } from './sql-prompt'

export interface Told<Value> {
  readonly value: Value
  readonly usage: ModelUsage
  readonly sent: readonly SentRequest[]
}

/** What the statement does, in plain words. */
export async function explainQuery(asking: Asking, sql: string, context: SqlContext): Promise<Told<string>> {
  refuseWithoutSchema(context.consent)
  const messages = explainMessages(sql, await context.relevant(sql))
  return askModel(asking, { messages, format: 'text', maxTokens: 800 }, (text) => ({
    value: plainText(text.replace(/[*_`#]/g, '')),
    problems: [],
  }))
}

/** Two to six words. */
export async function nameQuery(asking: Asking, sql: string, context: SqlContext): Promise<Told<string>> {
  refuseWithoutSchema(context.consent)
  return askModel(asking, { messages: nameMessages(sql), format: 'text', maxTokens: 30 }, (text) => {
    const name = plainText(text.split('\n')[0] ?? '')
      .replace(/^["'`*#\s]+|["'`*.\s]+$/g, '')
      .slice(0, 80)
    return { value: name, problems: name === '' ? ['The answer is empty.'] : [] }
  })
}
