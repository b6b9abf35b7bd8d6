import type { ModelClient, SentRequest } from '../model/model-client'
import type { ModelUsage } from '../model/model-usage'
import { refuseWithoutSchema, type SqlContext } from './generate-sql.service'
import { describeTables } from './sql-prompt'

/** Lines of one completion, and its tokens: what can be read at a glance. */
const mostLines = 6
const tokens = 96

/** What belongs at the cursor. The tables stand before the text as a comment, so that the model knows their names. */
export async function completeSql(
  client: ModelClient,
  { before, after }: { readonly before: string; readonly after: string },
  { consent, relevant }: SqlContext,
  signal: AbortSignal | undefined,
): Promise<{ readonly text: string; readonly usage: ModelUsage; readonly sent: SentRequest[] }> {
  refuseWithoutSchema(consent)
  const tables = await relevant(`${before} ${after}`)
  const known = `/* PostgreSQL. ${describeTables(tables).replaceAll('*/', '* /')} */\n`
  const sent: SentRequest[] = []
  const { text, usage } = await client.complete(
    { before: `${known}${before}`, after, maxTokens: tokens },
    { signal, onSent: (request) => sent.push(request) },
  )
  return { text: withoutRepetition(text, after), usage, sent }
}

/** A model likes to say what follows once more, and to go on with another statement. */
function withoutRepetition(text: string, after: string): string {
  const one = text
    .replace(/;[\s\S]*$/, ';')
    .split('\n')
    .slice(0, mostLines)
    .join('\n')
    .replace(/```[\s\S]*$/, '')
  const next = after.trim()
  const repeated = next === '' ? -1 : one.indexOf(next.slice(0, 20))
  return repeated > 0 && next.length >= 5 ? one.slice(0, repeated) : one
}
