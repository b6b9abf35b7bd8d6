import type { Mistral } from '@mistralai/mistralai'
import { AppError } from '@shared/app-error'
import { anySignal } from '../../../any-signal'
import { type AnswerFormat, type AnswerSchema, answerFormat, refusedSchema } from './answer-format'
import { cutAnswer, modelFailure, unreadableAnswer } from './model-error'
import { countUsage, type ModelUsage, type TokenCount } from './model-usage'

/** Where the model is, and what opens it. The key stays in this folder. */
export interface ModelPlace {
  readonly serverUrl: string
  /** null: a server that asks for none. */
  readonly apiKey: string | null
  readonly model: string
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

export interface ChatRequest {
  readonly messages: readonly ChatMessage[]
  /** `json`: the server holds the model to one JSON object; the messages must ask for it too. */
  readonly format: 'json' | 'text'
  /** The form of the JSON, for servers that hold the model to one. */
  readonly schema?: AnswerSchema | undefined
  readonly maxTokens: number
}

/** What left this machine, as it left: the body of each request. */
export interface SentRequest {
  readonly address: string
  readonly body: string
}

export interface ModelAnswer {
  readonly text: string
  readonly usage: ModelUsage
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Told of every request as it leaves, those of a second try as well. */
  readonly onSent?: ((request: SentRequest) => void) | undefined
}

export interface ChatOptions extends CallOptions {
  /** Has the answer streamed: told of all text so far, whenever there is more. */
  readonly onText?: ((text: string) => void) | undefined
}

export interface ModelInfo {
  readonly id: string
  readonly chat: boolean
  readonly fim: boolean
}

export interface ModelClient {
  /** The whole answer; an AppError with a sentence when it is cut off, unreadable, refused or late. */
  chat(request: ChatRequest, options?: ChatOptions): Promise<ModelAnswer>
  /** What belongs between the two texts. */
  complete(
    request: { readonly before: string; readonly after: string; readonly maxTokens: number },
    options?: CallOptions,
  ): Promise<ModelAnswer>
  models(options?: CallOptions): Promise<readonly ModelInfo[]>
}

export interface ModelTimes {
  /** Milliseconds for one whole answer. */
  readonly answer: number
  /** Milliseconds that tries after 429 and 5xx may take together; the first wait is half a second. */
  readonly retries: number
}

export const usualTimes: ModelTimes = { answer: 120_000, retries: 30_000 }

/** A server that speaks Mistral's protocol, through Mistral's own client. */
export function createModelClient(place: ModelPlace, times: ModelTimes = usualTimes): ModelClient {
  const { model } = place

  async function call<T>(options: CallOptions, work: (sdk: Mistral, signal: AbortSignal) => Promise<T>): Promise<T> {
    // The SDK forgets its own time limit as soon as it is given a signal.
    const late = AbortSignal.timeout(times.answer)
    const signal = anySignal(options.signal, late)
    try {
      return await work(await open(place, times, options.onSent), signal)
    } catch (error) {
      throw await modelFailure(error, { place, late, cancelled: options.signal })
    }
  }

  async function chat(
    sdk: Mistral,
    signal: AbortSignal,
    { messages, maxTokens }: ChatRequest,
    responseFormat: AnswerFormat,
    { onText }: ChatOptions,
  ): Promise<ModelAnswer> {
    const request = {
      model,
      temperature: 0.1,
      maxTokens,
      messages: messages.map((message) => ({ ...message })),
      responseFormat,
    }
    if (onText === undefined) {
      const { choices, usage } = await sdk.chat.complete(request, { signal })
      const [choice] = choices ?? []
      return whole(choice?.message?.content, choice?.finishReason, countUsage(place, usage))
    }
    let text = ''
    let finish: string | null = null
    let counted: TokenCount = {}
    for await (const { data } of await sdk.chat.stream(request, { signal })) {
      const [choice] = data.choices
      const more = textOf(choice?.delta.content)
      text += more
      if (more !== '') onText(text)
      finish = choice?.finishReason ?? finish
      counted = data.usage ?? counted
    }
    return whole(text, finish, countUsage(place, counted))
  }

  return {
    chat: (asked, options = {}) =>
      call(options, async (sdk, signal) => {
        const format = answerFormat(place, asked)
        try {
          return await chat(sdk, signal, asked, format, options)
        } catch (error) {
          if (!(await refusedSchema(place, format, error))) throw error
          return chat(sdk, signal, asked, { type: 'json_object' }, options)
        }
      }),
    complete: ({ before, after, maxTokens }, options = {}) =>
      call(options, async (sdk, signal) => {
        const { choices, usage } = await sdk.fim.complete(
          { model, prompt: before, suffix: after, maxTokens, temperature: 0 },
          { signal },
        )
        const [choice] = choices ?? []
        // A completion that ends at its limit is still a completion.
        return { text: textOf(choice?.message?.content), usage: countUsage(place, usage) }
      }),
    models: (options = {}) =>
      call(options, async (sdk, signal) => {
        const { data } = await sdk.models.list({}, { signal })
        return (data ?? []).flatMap((each): readonly ModelInfo[] =>
          'id' in each
            ? [{ id: each.id, chat: each.capabilities.completionChat, fim: each.capabilities.completionFim }]
            : [],
        )
      }),
  }
}

function whole(content: unknown, finish: string | null | undefined, usage: ModelUsage): ModelAnswer {
  const text = textOf(content)
  // A connection that is cut between two events looks like an end to the SDK.
  if (finish === null || finish === undefined || finish === '') throw cutAnswer('connection')
  if (finish === 'length' || finish === 'model_length') throw cutAnswer('length')
  if (finish === 'error') throw unreadableAnswer('it stopped with an error of its own')
  if (text.trim() === '') throw unreadableAnswer('it is empty')
  return { text, usage }
}

/** Content is a text, or pieces of which some are text. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content
    .map((piece: unknown) =>
      typeof piece === 'object' && piece !== null && 'text' in piece && typeof piece.text === 'string'
        ? piece.text
        : '',
    )
    .join('')
}

/** Loaded when it is first needed: it is 1 MB, and most starts of the studio never ask. */
async function open(place: ModelPlace, times: ModelTimes, onSent: CallOptions['onSent']): Promise<Mistral> {
  const { HTTPClient, Mistral } = await import('@mistralai/mistralai')
  const httpClient = new HTTPClient()
  httpClient.addHook('beforeRequest', async (request) => {
    // Without a key of ours the SDK takes that of the environment, which may belong to another server.
    if (place.apiKey === null) request.headers.delete('authorization')
    const body = request.method === 'GET' ? '' : await request.clone().text()
    onSent?.({ address: `${request.method} ${request.url}`, body })
  })
  try {
    return new Mistral({
      apiKey: place.apiKey ?? 'none',
      serverURL: place.serverUrl,
      httpClient,
      retryConfig: {
        strategy: 'backoff',
        backoff: { initialInterval: 500, maxInterval: 10_000, exponent: 1.8, maxElapsedTime: times.retries },
        retryConnectionErrors: true,
      },
    })
  } catch (cause) {
    throw new AppError('VALIDATION', `The address of the AI server, ${place.serverUrl}, cannot be used.`, { cause })
  }
}
