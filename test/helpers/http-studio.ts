import { rm } from 'node:fs/promises'
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { pino } from 'pino'
import { createApp } from '../../src/main/app'
import { startHttpServer } from '../../src/main/http/http-server'
import type { Secrets } from '../../src/main/secrets/secrets'
import { readServerConfig } from '../../src/main/server-config'
import { openFolder } from './folder'
import type { HttpCall } from './http-routes'
import { createTestStudio, type TestStudio, testSecret } from './test-studio'

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export interface RawCall {
  readonly method: string
  readonly path: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string | Buffer
  /** Sends the body in pieces, without its length. */
  readonly chunked?: boolean
}

export interface HttpStudio extends TestStudio {
  readonly url: string
  /** What the server wrote to its log, one JSON text a line. */
  readonly serverLog: readonly string[]
  send(call: RawCall): Promise<HttpAnswer>
  /** JSON with this access token. */
  call(call: HttpCall, token?: string): Promise<HttpAnswer>
}

/** The real HTTP server over a database of its own; `client` and `bearer` reach the same database without HTTP. */
export async function createHttpStudio(
  jwtSecret = testSecret,
  environment: Readonly<Record<string, string>> = {},
): Promise<HttpStudio> {
  const studio = await createTestStudio()
  const dataDir = await openFolder()
  const serverLog: string[] = []
  const app = await createApp(
    {
      port: 0,
      host: '127.0.0.1',
      dataDir,
      databaseUrl: studio.appUrl,
      replicaUrls: [],
      jwtSecret,
      mistral: { apiKey: null, serverUrl: null },
      logLevel: 'warn',
    },
    {
      host: 'web',
      server: readServerConfig(environment),
      logger: pino({ level: 'warn' }, { write: (line) => void serverLog.push(line) }),
      secrets: noSecrets,
      bcryptCost: 4,
      openDatabase: async () => ({
        db: studio.db,
        embedded: false,
        version: studio.db.version,
        address: '127.0.0.1:5432/test',
        revive: async () => undefined,
        close: async () => undefined,
      }),
    },
  )
  const server = await startHttpServer(app, {})
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const send = (call: RawCall) => sendTo(server.url, agent, call)
  return {
    ...studio,
    url: server.url,
    serverLog,
    send,
    call: ({ method, path, body }, token) =>
      send({
        method,
        path,
        headers: {
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    async close() {
      agent.destroy()
      await server.close()
      await app.close()
      await studio.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const noSecrets: Secrets = {
  get: async () => null,
  set: async () => undefined,
  delete: async () => undefined,
  place: async () => 'file',
}

function sendTo(url: string, agent: Agent, call: RawCall): Promise<HttpAnswer> {
  const { method, path, headers = {}, body, chunked = false } = call
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const length =
      body === undefined
        ? {}
        : chunked
          ? { 'transfer-encoding': 'chunked' }
          : { 'content-length': Buffer.byteLength(body) }
    const outgoing = request({ agent, hostname, port, method, path, headers: { ...length, ...headers } }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('error', reject)
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(parts).toString() }),
      )
    })
    let isAnswered = false
    outgoing.on('response', () => {
      isAnswered = true
    })
    // A server that refuses what is too long need not read it to its end.
    outgoing.on('error', (error) => {
      if (!isAnswered) reject(error)
    })
    if (chunked && body !== undefined) {
      const bytes = Buffer.from(body)
      for (let start = 0; start < bytes.length; start += 65_536) outgoing.write(bytes.subarray(start, start + 65_536))
      outgoing.end()
    } else outgoing.end(body)
  })
}
