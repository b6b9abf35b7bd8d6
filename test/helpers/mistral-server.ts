import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the model answers: a text, or one of the ways in which a server fails. */
export type Reply =
  /** An object is sent as its JSON text. */
  | { readonly say: string | object; readonly finish?: string | null; readonly usage?: { in: number; out: number } }
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** Exactly this body with status 200. */
  | { readonly raw: string; readonly type?: string }
  /** The connection ends after so many characters of the answer; of a stream after so many events. */
  | { readonly say: string | object; readonly cutAfter: number }
  /** Nothing comes until the caller goes away. */
  | { readonly silent: true }

export interface ReceivedRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly body: {
    readonly model?: string
    readonly stream?: boolean
    readonly messages?: readonly { readonly role: string; readonly content: string }[]
    readonly prompt?: string
    readonly suffix?: string
    readonly response_format?: { readonly type: string }
  }
}

export interface MistralServer {
  readonly url: string
  /** Every request that came, oldest first. */
  readonly requests: readonly ReceivedRequest[]
  /** The answers of the next chats and completions, in order. */
  next(...replies: readonly Reply[]): void
  /** What is answered when nothing is planned. */
  otherwise(reply: Reply | ((request: ReceivedRequest) => Reply)): void
  /** Only this key is accepted from now on; null: none is asked for. */
  accept(key: string | null): void
  /** Callers that went away before they had their answer. */
  readonly abandoned: number
  reset(): void
  close(): Promise<void>
}

export const modelNames = ['codestral-latest', 'mistral-small-latest', 'mistral-embed']

/** A server of Mistral's HTTP protocol on this machine: chat with and without a stream, fill in the middle, models. */
export async function startMistralServer(): Promise<MistralServer> {
  let requests: ReceivedRequest[] = []
  let planned: Reply[] = []
  let usual: Reply | ((request: ReceivedRequest) => Reply) = { status: 500, body: { message: 'nothing planned' } }
  let key: string | null = null
  let abandoned = 0

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy())
  })
  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await receive(incoming)
    requests.push(request)
    response.on('close', () => {
      if (!response.writableFinished) abandoned += 1
    })
    if (key !== null && incoming.headers.authorization !== `Bearer ${key}`)
      send(response, 401, { detail: 'Unauthorized' })
    else if (request.method === 'GET' && request.path.endsWith('/v1/models')) send(response, 200, models())
    else if (request.method !== 'POST' || !/\/v1\/(chat|fim)\/completions$/.test(request.path))
      send(response, 404, { detail: 'Not Found' })
    else if (request.body.model !== undefined && !modelNames.includes(request.body.model))
      send(response, 404, { object: 'error', message: `Invalid model: ${request.body.model}`, code: '1500' })
    else answer(planned.shift() ?? (typeof usual === 'function' ? usual(request) : usual), request, response)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return requests
    },
    get abandoned() {
      return abandoned
    },
    next: (...replies) => void planned.push(...replies),
    otherwise: (reply) => {
      usual = reply
    },
    accept: (accepted) => {
      key = accepted
    },
    reset() {
      requests = []
      planned = []
      key = null
      usual = { status: 500, body: { message: 'nothing planned' } }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  let text = ''
  for await (const piece of incoming.setEncoding('utf8')) text += piece
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    text,
    body: text === '' ? {} : JSON.parse(text),
  }
}

function answer(reply: Reply, request: ReceivedRequest, response: ServerResponse): void {
  if ('silent' in reply) return
  if ('status' in reply) send(response, reply.status, reply.body ?? {}, reply.headers)
  else if ('raw' in reply) response.writeHead(200, { 'content-type': reply.type ?? 'application/json' }).end(reply.raw)
  else say(reply, request, response)
}

function say(
  reply: Extract<Reply, { say: unknown }>,
  { body: asked }: ReceivedRequest,
  response: ServerResponse,
): void {
  const text = typeof reply.say === 'string' ? reply.say : JSON.stringify(reply.say)
  const finish = 'finish' in reply && reply.finish !== undefined ? reply.finish : 'stop'
  const counted = ('usage' in reply ? reply.usage : undefined) ?? { in: 10, out: 5 }
  const usage = { prompt_tokens: counted.in, completion_tokens: counted.out, total_tokens: counted.in + counted.out }
  const cutAfter = 'cutAfter' in reply ? reply.cutAfter : null
  const base = { id: 'cmpl-1', created: 1735689600, model: asked.model ?? '' }
  if (asked.stream === true) {
    stream(response, { base, text, finish, usage, cutAfter })
    return
  }
  const message = { role: 'assistant', content: text, tool_calls: null, prefix: false }
  const choices = [{ index: 0, message, finish_reason: finish }]
  const body = JSON.stringify({ ...base, object: 'chat.completion', usage, choices })
  if (cutAfter === null) {
    send(response, 200, body)
    return
  }
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.write(body.slice(0, cutAfter), () => response.destroy())
}

interface Streamed {
  readonly base: object
  readonly text: string
  readonly finish: string | null
  readonly usage: object
  readonly cutAfter: number | null
}

function stream(response: ServerResponse, { base, text, finish, usage, cutAfter }: Streamed): void {
  const event = (delta: object, finished: string | null, more: object = {}) =>
    `data: ${JSON.stringify({
      ...base,
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta, finish_reason: finished }],
      ...more,
    })}\n\n`
  const events = [
    event({ role: 'assistant', content: '' }, null),
    ...(text.match(/[\s\S]{1,40}/g) ?? []).map((content) => event({ content }, null)),
    event({ content: '' }, finish, { usage }),
    'data: [DONE]\n\n',
  ]
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (cutAfter === null) {
    for (const each of events) response.write(each)
    response.end()
    return
  }
  response.write(events.slice(0, cutAfter).join(''), () => response.destroy())
}

function send(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(typeof body === 'string' ? body : JSON.stringify(body))
}

function models() {
  return {
    object: 'list',
    data: modelNames.map((id) => ({
      id,
      object: 'model',
      created: 1735689600,
      owned_by: 'mistralai',
      type: 'base',
      capabilities: {
        completion_chat: id !== 'mistral-embed',
        completion_fim: id === 'codestral-latest',
        function_calling: true,
      },
    })),
  }
}
