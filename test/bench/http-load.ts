import { Agent, request } from 'node:http'

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface Load {
  /** Answers a second. */
  readonly rate: number
  /** Milliseconds of each answer. */
  readonly times: readonly number[]
  /** What was answered with something else than a success, or not at all. */
  readonly failures: readonly string[]
}

export interface LoadOptions {
  readonly connections: number
  readonly seconds: number
  /** Milliseconds each connection waits between two calls. */
  readonly pause?: number
}

/** Every connection asks again as soon as it has its answer. */
export async function load(
  url: string,
  calls: () => Call,
  { connections, seconds, pause = 0 }: LoadOptions,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const times: number[] = []
  const failures: string[] = []
  const end = performance.now() + seconds * 1000
  const start = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        const asked = performance.now()
        const failure = await send(url, agent, calls())
        if (failure === null) times.push(performance.now() - asked)
        else failures.push(failure)
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())))
      }
    }),
  )
  const took = (performance.now() - start) / 1000
  agent.destroy()
  return { rate: times.length / took, times, failures }
}

/** Null for a success, otherwise what went wrong. */
export function send(url: string, agent: Agent, { method, path, headers = {}, body }: Call): Promise<string | null> {
  const { hostname, port } = new URL(url)
  const text = body === undefined ? undefined : JSON.stringify(body)
  const typed =
    text === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }
  return new Promise((resolve) => {
    const outgoing = request({ agent, hostname, port, method, path, headers: { ...headers, ...typed } }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => {
        const status = answer.statusCode ?? 0
        resolve(status < 300 ? null : `${method} ${path}: ${status} ${Buffer.concat(parts).toString().slice(0, 200)}`)
      })
      answer.on('error', (error) => resolve(`${method} ${path}: ${error.message}`))
    })
    outgoing.on('error', (error) => resolve(`${method} ${path}: ${error.message}`))
    outgoing.end(text)
  })
}
