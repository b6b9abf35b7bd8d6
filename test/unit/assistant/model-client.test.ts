import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createModelClient, type ModelPlace } from '../../../src/main/features/assistant/model/model-client'
import { type MistralServer, type Reply, startMistralServer } from '../../helpers/mistral-server'

const key = 'sk-test-0123456789abcdef'
const fast = { answer: 10_000, retries: 2_000 }
let server: MistralServer
beforeAll(async () => {
  server = await startMistralServer()
})
beforeEach(() => server.reset())
afterAll(() => server.close())

const place = (more: Partial<ModelPlace> = {}): ModelPlace => ({
  serverUrl: server.url,
  apiKey: key,
  model: 'codestral-latest',
  ...more,
})
const request = { messages: [{ role: 'user' as const, content: 'Hi' }], format: 'json' as const, maxTokens: 100 }

async function failure(work: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error) || !('code' in error)) throw new Error('It did not fail with a sentence')
  // Whatever went wrong, nothing of the error may hold the key.
  const whole = `${error.stack} ${JSON.stringify(error, Object.getOwnPropertyNames(error))} ${String(error.cause ?? '')}`
  expect(whole).not.toContain(key)
  expect(whole).not.toContain(key.slice(-8))
  return { code: String(error.code), message: error.message.replaceAll(new URL(server.url).host, 'HOST') }
}

test('an answer, whole and streamed, with its tokens', async () => {
  server.otherwise({ say: '{"a": "ä€😀"}', usage: { in: 12, out: 7 } })
  const client = createModelClient(place())
  const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19, cost: null }
  expect(await client.chat(request)).toEqual({ text: '{"a": "ä€😀"}', usage })
  const seen: string[] = []
  expect(await client.chat(request, { onText: (text) => void seen.push(text) })).toEqual({
    text: '{"a": "ä€😀"}',
    usage,
  })
  expect(seen.at(-1)).toBe('{"a": "ä€😀"}')
})

test('what was sent is told exactly as the server got it', async () => {
  server.otherwise({ say: '{}' })
  const sent: { address: string; body: string }[] = []
  await createModelClient(place()).chat(request, { onSent: (each) => void sent.push(each) })
  expect(sent).toEqual([{ address: `POST ${server.url}/v1/chat/completions`, body: server.requests[0]?.text }])
  expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${key}`)
})

test('a path before the address is kept, and a server without a key gets none', async () => {
  process.env.MISTRAL_API_KEY = 'sk-of-the-environment'
  try {
    server.otherwise({ say: '{}' })
    await createModelClient(place({ serverUrl: `${server.url}/proxy`, apiKey: null })).chat(request)
    expect(server.requests[0]?.path).toBe('/proxy/v1/chat/completions')
    expect(server.requests[0]?.headers.authorization).toBeUndefined()
  } finally {
    delete process.env.MISTRAL_API_KEY
  }
})

test('429 and 5xx are tried again', async () => {
  server.next({ status: 429, body: { message: 'Rate limit exceeded' } }, { status: 503 }, { say: '{"ok":true}' })
  expect((await createModelClient(place()).chat(request)).text).toBe('{"ok":true}')
  expect(server.requests).toHaveLength(3)
})

test('fill in the middle and models', async () => {
  server.next({ say: 'count(*)', finish: 'length' })
  const client = createModelClient(place())
  expect((await client.complete({ before: 'select ', after: ' from users', maxTokens: 20 })).text).toBe('count(*)')
  expect(server.requests[0]?.body).toMatchObject({ prompt: 'select ', suffix: ' from users' })
  expect(await client.models()).toContainEqual({ id: 'codestral-latest', chat: true, fim: true })
})

test('stopping ends the request', async () => {
  server.otherwise({ silent: true })
  const stop = new AbortController()
  const asked = createModelClient(place()).chat(request, { signal: stop.signal })
  await expect.poll(() => server.requests.length).toBe(1)
  stop.abort()
  expect(await failure(asked)).toMatchObject({ code: 'CANCELLED' })
  await expect.poll(() => server.abandoned).toBeGreaterThan(0)
})

const unusable = "The model's answer could not be used: "
const again = 'Nothing was changed. Try again, or say it in other words.'
const faults: readonly (readonly [string, Reply, string, string])[] = [
  [
    'a wrong key',
    { status: 401, body: { detail: 'Unauthorized' } },
    'UNAVAILABLE',
    'HOST does not accept the key. Check it in Settings, AI.',
  ],
  [
    'a key without rights',
    { status: 403, body: {} },
    'UNAVAILABLE',
    'HOST does not accept the key. Check it in Settings, AI.',
  ],
  [
    'a key that is repeated',
    { status: 400, body: { message: `Bad key ${key}` } },
    'UNAVAILABLE',
    'HOST refused the request (status 400): Bad key .... Check the model and the address in Settings, AI.',
  ],
  [
    'no credit',
    { status: 402, body: {} },
    'UNAVAILABLE',
    'The account at HOST has no credit left. Add some there, then try again.',
  ],
  [
    'no such model',
    { status: 404, body: { message: 'Invalid model' } },
    'UNAVAILABLE',
    'HOST knows no model "codestral-latest", or has no such address. Choose another model in Settings, AI.',
  ],
  [
    'a request that is too large',
    { status: 413, body: '' },
    'TOO_LARGE',
    'That is more than the model can read at once. Shorten the text, or ask about fewer tables.',
  ],
  [
    'a prompt that is too long',
    {
      status: 400,
      body: { message: 'Prompt contains 40000 tokens, too large for model with 32768 maximum context length' },
    },
    'TOO_LARGE',
    'That is more than the model can read at once. Shorten the text, or ask about fewer tables.',
  ],
  [
    'invalid input',
    { status: 422, body: { detail: [{ loc: ['body'], msg: 'x', type: 'y' }] } },
    'UNAVAILABLE',
    'HOST refused the request (status 422). Check the model and the address in Settings, AI.',
  ],
  [
    'a rate limit that stays',
    { status: 429, body: { message: 'Rate limit exceeded' }, headers: { 'retry-after': '1' } },
    'RATE_LIMITED',
    'HOST takes no more requests for now. Try again in a second.',
  ],
  [
    'an error of the server',
    { status: 500, body: 'oh' },
    'UNAVAILABLE',
    'HOST has trouble of its own (status 500). Try again in a minute.',
  ],
  [
    'a server that is overloaded',
    { status: 503, body: {} },
    'UNAVAILABLE',
    'HOST has trouble of its own (status 503). Try again in a minute.',
  ],
  ['an empty answer', { say: '' }, 'UNAVAILABLE', `${unusable}it is empty. ${again}`],
  ['an answer of blanks', { say: ' \n ' }, 'UNAVAILABLE', `${unusable}it is empty. ${again}`],
  [
    'an answer at the limit of tokens',
    { say: '{"tables":[', finish: 'length' },
    'UNAVAILABLE',
    `${unusable}it is longer than the model may write, and was cut off. Ask for a smaller part. ${again}`,
  ],
  [
    'an answer past the context',
    { say: '{', finish: 'model_length' },
    'UNAVAILABLE',
    `${unusable}it is longer than the model may write, and was cut off. Ask for a smaller part. ${again}`,
  ],
  [
    'an answer that ended in an error',
    { say: '{}', finish: 'error' },
    'UNAVAILABLE',
    `${unusable}it stopped with an error of its own. ${again}`,
  ],
  [
    'no choices',
    { raw: '{"id":"1","object":"x","model":"m","created":1,"usage":{},"choices":[]}' },
    'UNAVAILABLE',
    `${unusable}the connection ended in the middle of it. ${again}`,
  ],
  [
    'a body that is no protocol',
    { raw: '{"hello":"world"}' },
    'UNAVAILABLE',
    `${unusable}it does not follow the protocol. See whether the address in Settings is that of an AI server. ${again}`,
  ],
  [
    'a page instead of an answer',
    { raw: '<html>Welcome</html>', type: 'text/html' },
    'UNAVAILABLE',
    'HOST refused the request (status 200). Check the model and the address in Settings, AI.',
  ],
]

test.each(faults)('%s has a sentence', { timeout: 60_000 }, async (_, reply, code, message) => {
  server.otherwise(reply)
  expect(await failure(createModelClient(place(), fast).chat(request))).toEqual({ code, message })
})

const streamed: readonly (readonly [string, Reply, string])[] = [
  [
    'a connection cut in the middle',
    { say: '{"tables": [{"name": "posts"}]}', cutAfter: 2 },
    'the connection ended in the middle of it',
  ],
  [
    'a stream that ends without its end',
    { say: '{"tables": []}', finish: null },
    'the connection ended in the middle of it',
  ],
  [
    'a stream at the limit of tokens',
    { say: '{"tables": [', finish: 'length' },
    'it is longer than the model may write, and was cut off. Ask for a smaller part',
  ],
  [
    'a stream of something else',
    { raw: 'data: {"x": 1}\n\n', type: 'text/event-stream' },
    'it does not follow the protocol',
  ],
  [
    'a stream that is no JSON',
    { raw: 'data: {oops\n\n', type: 'text/event-stream' },
    'it does not follow the protocol',
  ],
  [
    'a stream of nothing',
    { raw: 'data: [DONE]\n\n', type: 'text/event-stream' },
    'the connection ended in the middle of it',
  ],
]
test.each(streamed)('%s is no answer', async (_, reply, reason) => {
  server.otherwise(reply)
  const message = (await failure(createModelClient(place(), fast).chat(request, { onText: () => undefined }))).message
  expect(message).toBe(`${unusable}${reason}. ${again}`)
})

test('a body cut in the middle, a server that is not there, and one that does not answer', async () => {
  const client = createModelClient(place(), fast)
  server.otherwise({ say: '{"tables": [{"name": "posts"}]}', cutAfter: 30 })
  expect((await failure(client.chat(request))).code).toBe('UNAVAILABLE')
  const nobody = createModelClient(place({ serverUrl: 'http://127.0.0.1:9' }), { answer: 5_000, retries: 100 })
  expect(await failure(nobody.chat(request))).toEqual({
    code: 'UNAVAILABLE',
    message:
      '127.0.0.1:9 cannot be reached. Check the network, and the address in Settings, AI. Everything else works without it.',
  })
  server.otherwise({ silent: true })
  expect(await failure(createModelClient(place(), { answer: 300, retries: 100 }).chat(request))).toEqual({
    code: 'TIMEOUT',
    message: 'HOST did not finish its answer in time. Try again, or ask for less.',
  })
})

test('the form of an answer is asked for as a schema, and as JSON of a server that knows none', async () => {
  const schema = {
    name: 'one',
    schema: { type: 'object', additionalProperties: false, required: ['a'], properties: { a: { type: 'string' } } },
  }
  const formats = () => server.requests.map(({ body }) => body.response_format)
  server.otherwise({ say: '{"a": "b"}' })
  await createModelClient(place({ model: 'mistral-small-latest' })).chat({ ...request, schema })
  const sent = { type: 'json_schema', json_schema: { ...schema, strict: true } }
  expect(formats()).toEqual([sent])

  server.reset()
  server.otherwise(({ body }) =>
    body.response_format?.type === 'json_schema'
      ? { status: 400, body: { message: 'response_format json_schema is not supported' } }
      : { say: '{"a": "b"}' },
  )
  for (const onText of [() => undefined, undefined])
    expect((await createModelClient(place()).chat({ ...request, schema }, onText && { onText })).text).toBe(
      '{"a": "b"}',
    )
  // It is asked once, and not again.
  expect(formats()).toEqual([sent, { type: 'json_object' }, { type: 'json_object' }])

  // What is refused for another reason is not asked twice.
  server.reset()
  server.otherwise({ status: 400, body: { message: 'Bad request' } })
  await failure(createModelClient(place({ model: 'mistral-small-latest' })).chat({ ...request, schema }))
  expect(server.requests).toHaveLength(1)
})
