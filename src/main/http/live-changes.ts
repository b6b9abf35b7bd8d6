import type { ServerResponse } from 'node:http'
import type { App } from '../app'
import type { ApiProject } from '../features/api/api-projects.service'
import { liveChanges } from '../features/rest/live-changes.service'
import type { ApiCaller } from '../features/rules/access'

/** Milliseconds between signs of life: proxies end what is silent for a minute. */
const pulse = 20_000

/**
 * `GET /p/<ref>/realtime/v1/changes?table=<name>`: what is written to a table, as server-sent events, under the very rules
 * that a read of it has.
 */
export async function serveLiveChanges(
  app: App,
  { project, caller, tableName, response, headers, stillKnown, signal }: LiveCall,
): Promise<void> {
  const events = await liveChanges(await app.database(), project, caller, tableName, {
    fresh: async () => (await stillKnown()) ?? null,
    signal,
  })
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'keep-alive',
  })
  response.write(': listening\n\n')
  const timer = setInterval(() => response.write(': still here\n\n'), pulse)
  try {
    for await (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  } finally {
    clearInterval(timer)
    response.end()
  }
}

export interface LiveCall {
  readonly project: ApiProject
  readonly caller: ApiCaller
  readonly tableName: string
  readonly response: ServerResponse
  readonly headers: Readonly<Record<string, string>>
  /** Asked before each event: the caller as it is now, with the project's rules; null ends the stream. */
  readonly stillKnown: () => Promise<{ readonly project: ApiProject; readonly caller: ApiCaller } | null>
  readonly signal: AbortSignal
}
