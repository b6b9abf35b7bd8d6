import { call, ORPCError } from '@orpc/server'
import { AppError } from '@shared/app-error'
import type { ServerState } from '@shared/contract/host.contract'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import type { Principal, RequestContext } from '../../src/main/context'
import type { StudioDatabase } from '../../src/main/db/database'
import { watchServerState } from '../../src/main/features/host/server-status'
import { eventQueue } from '../../src/main/rpc/event-queue'
import { createProcedures } from '../../src/main/rpc/implementer'

const projectId = '7d444840-9dc0-41d1-b245-5ffdce74fad2'
const caller: Principal = { account: { id: projectId, email: 'a@example.org', created_at: '' }, sessionId: null }

/** `projects.get` whose work is `work`; the database is never asked. */
function attempt(work: () => unknown, options: { db?: () => Promise<StudioDatabase>; who?: Principal | null } = {}) {
  const log: string[] = []
  const { signedIn } = createProcedures({
    db: options.db ?? (async () => ({}) as StudioDatabase),
    logger: pino({}, { write: (line) => void log.push(line) }),
  })
  const procedure = signedIn.projects.get.handler(async () => work() as never)
  const context: RequestContext = {
    principal: async () => (options.who === undefined ? caller : options.who),
    session: null,
    userAgent: null,
    address: null,
  }
  return {
    log,
    run: (input: unknown = { projectId }, signal?: AbortSignal) =>
      call(procedure, input as { projectId: string }, { context, ...(signal && { signal }) }),
  }
}

async function failed(promise: Promise<unknown>): Promise<ORPCError<string, unknown>> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof ORPCError) return error
  throw new Error('It did not fail as the contract says', { cause: error })
}

test('a foreseen failure keeps its code, status, sentence and details', async () => {
  const { run, log } = attempt(() => {
    throw new AppError('CONSTRAINT', 'This must be unique.', { details: { column: 'email' } })
  })
  const { code, status, message, data, defined } = await failed(run())
  expect({ code, status, message, data, defined }).toEqual({
    code: 'CONSTRAINT',
    status: 422,
    message: 'This must be unique.',
    data: { column: 'email' },
    defined: true,
  })
  expect(log).toEqual([])
})

test.each([
  ['an error', () => Promise.reject(new Error('password=hunter2'))],
  ['no error at all', () => Promise.reject('password=hunter2')],
  ['an internal one', () => Promise.reject(new AppError('INTERNAL', 'password=hunter2', { details: 'hunter2' }))],
  ['an answer that does not fit the contract', () => ({ project: { name: 'hunter2' } })],
])('what nobody foresaw is logged and not shown: %s', async (_, work) => {
  const { run, log } = attempt(work)
  const { code, message, data } = await failed(run())
  expect({ code, message, data }).toEqual({
    code: 'INTERNAL',
    message: 'Something went wrong on our side. Try again; if it stays, see the log.',
    data: undefined,
  })
  expect(log).toHaveLength(1)
})

test('input is refused with a sentence that names the field', async () => {
  const { code, status, message, data } = await failed(attempt(() => ({})).run({ projectId: 'x' }))
  const sentence = 'This is not an id. Ids look like 7d444840-9dc0-11d1-b245-5ffdce74fad2.'
  expect({ code, status, message, data }).toEqual({
    code: 'VALIDATION',
    status: 400,
    message: `"projectId": ${sentence}`,
    data: { issues: [{ path: 'projectId', message: sentence }] },
  })
})

test('nobody is told to sign in before their input is looked at', async () => {
  const error = await failed(attempt(() => ({}), { who: null }).run({ wrong: true }))
  expect(error).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 })
})

test('while Postgres cannot be had, calls say so', async () => {
  const db = () => Promise.reject(new AppError('UNAVAILABLE', 'The data folder is full. Free some space.'))
  expect(await failed(attempt(() => ({}), { db }).run())).toMatchObject({
    code: 'UNAVAILABLE',
    status: 503,
    message: 'The data folder is full. Free some space.',
  })
})

test('a call that was given up is cancelled, whatever its work threw', async () => {
  const stop = new AbortController()
  const { run, log } = attempt(() => {
    stop.abort()
    throw new Error('terminated')
  })
  expect(await failed(run({ projectId }, stop.signal))).toMatchObject({ code: 'CANCELLED', status: 499 })
  expect(log).toEqual([])
})

test("the server's state comes at once and then with every change, the last of many for a slow reader", async () => {
  const receivers = new Set<(state: ServerState) => void>()
  const state = {
    current: { phase: 'starting', step: 'One' } as ServerState,
    subscribe(receive: (value: ServerState) => void) {
      receivers.add(receive)
      return () => receivers.delete(receive)
    },
  }
  const stop = new AbortController()
  const states = watchServerState(state, stop.signal)
  expect((await states.next()).value).toEqual({ phase: 'starting', step: 'One' })
  for (const receive of receivers) receive({ phase: 'starting', step: 'Two' })
  for (const receive of receivers) receive({ phase: 'ready' })
  expect((await states.next()).value).toEqual({ phase: 'ready' })
  const waiting = states.next()
  stop.abort()
  expect((await waiting).done).toBe(true)
  expect(receivers.size).toBe(0)
})

test('a stream stops receiving when it is not admitted any more', async () => {
  let stopped = false
  const events = eventQueue<string>({
    start: (push) => {
      push('a')
      return () => {
        stopped = true
      }
    },
    keyOf: (event) => event,
    admit: () => Promise.reject(new AppError('UNAUTHENTICATED', 'This sign-in has ended.')),
  })
  await expect(events.next()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  expect(stopped).toBe(true)
  expect((await events.next()).done).toBe(true)
})
