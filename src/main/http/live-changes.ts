import type { ServerResponse } from 'node:http'
import type { App } from '../app'
import { type LiveOptions, liveChanges } from '../features/rest/live-changes.service'

/** Milliseconds between signs of life: proxies end what is silent for a minute. */
const pulse = 20_000
/** Bytes that may wait for a slow reader before the stream ends: it will come again. */
const mostBuffered = 16 * 1024 * 1024

/**
 * `GET /p/<ref>/realtime/v1/changes?table=<name>`: what is written to a table, as server-sent events, under the very rules
 * that a read of it has.
 */
export async function serveLiveChanges(app: App, { as, tableName, response, headOf, signal }: LiveCall): Promise<void> {
  const events = await liveChanges(await app.database(), { as, tableName, signal })
  response.writeHead(200, headOf({ 'content-type': 'text/event-stream; charset=utf-8', connection: 'keep-alive' }))
  response.write(': listening\n\n')
  const timer = setInterval(() => response.write(': still here\n\n'), pulse)
  try {
    for await (const { type, table, id, record } of events) {
      response.write(`event: ${type}\ndata: ${JSON.stringify({ type, table, id, record })}\n\n`)
      if (response.writableLength > mostBuffered) return void response.destroy()
    }
  } finally {
    clearInterval(timer)
    response.end()
  }
}

export interface LiveCall extends Pick<LiveOptions, 'as' | 'tableName' | 'signal'> {
  readonly response: ServerResponse
  /** What every answer says, with these. */
  readonly headOf: (own: Readonly<Record<string, string>>) => string[]
}
