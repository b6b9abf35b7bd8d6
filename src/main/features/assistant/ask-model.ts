import { AppError } from '@shared/app-error'
import type { SentRequest } from '@shared/contract/assistant.contract'
import type { ChatMessage, ChatRequest, ModelClient } from './model/model-client'
import { addUsage, type ModelUsage } from './model/model-usage'

export type ModelEvent =
  | { readonly type: 'sent'; readonly request: SentRequest }
  | { readonly type: 'progress'; readonly text: string }
  | { readonly type: 'repair'; readonly problems: readonly string[] }

export interface Asking {
  readonly client: ModelClient
  readonly signal: AbortSignal | undefined
  /** Has the answer streamed. */
  readonly onEvent?: ((event: ModelEvent) => void) | undefined
}

export interface Reading<Value> {
  readonly value: Value
  /** What a better answer would not have; empty for a good one. */
  readonly problems: readonly string[]
}

export interface Answered<Value> extends Reading<Value> {
  readonly usage: ModelUsage
  readonly sent: readonly SentRequest[]
}

/** Problems of an answer that are told to the model; it mends the first ones, or none. */
const mostTold = 20

/** One question, and when its answer has faults once more with exactly these; the better of the two answers. */
export async function askModel<Value>(
  { client, signal, onEvent }: Asking,
  request: ChatRequest,
  read: (text: string) => Promise<Reading<Value>> | Reading<Value>,
): Promise<Answered<Value>> {
  const sent: SentRequest[] = []
  const chat = (messages: readonly ChatMessage[]) =>
    client.chat(
      { ...request, messages },
      {
        signal,
        onSent(each) {
          // A second try after 429 or 5xx sends the same once more.
          if (sent.at(-1)?.body === each.body) return
          sent.push(each)
          onEvent?.({ type: 'sent', request: each })
        },
        ...(onEvent && { onText: (text: string) => onEvent({ type: 'progress', text }) }),
      },
    )

  const first = await chat(request.messages)
  const reading = await read(first.text)
  if (reading.problems.length === 0) return { ...reading, usage: first.usage, sent }
  onEvent?.({ type: 'repair', problems: reading.problems })
  const faults = reading.problems.slice(0, mostTold).map((problem) => `- ${problem}`)
  try {
    const second = await chat([
      ...request.messages,
      { role: 'assistant', content: first.text },
      {
        role: 'user',
        content: `That answer has these faults:\n${faults.join('\n')}\nAnswer once more, whole, in the same form, without them.`,
      },
    ])
    const repaired = await read(second.text)
    const better = repaired.problems.length <= reading.problems.length ? repaired : reading
    return { ...better, usage: addUsage(first.usage, second.usage), sent }
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'CANCELLED') throw error
    return { ...reading, usage: first.usage, sent }
  }
}
