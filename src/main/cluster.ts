import cluster, { type Worker } from 'node:cluster'
import { answerMetrics } from './cluster-metrics'
import { ConfigError } from './config'
import { isReady } from './workers'

export interface ClusterOptions {
  readonly workers: number
  readonly databaseUrl: string | null
  readonly say: (text: string) => void
}

/**
 * Several processes on one port and one Postgres. The primary answers nothing itself: it starts the workers, starts
 * another for one that ends by itself, and ends them all when it is told.
 */
export function runCluster({ workers, databaseUrl, say }: ClusterOptions): void {
  if (databaseUrl === null)
    throw new ConfigError('WORKERS needs DATABASE_URL: the Postgres that the studio brings belongs to one process.')
  // Workers take connections themselves: one that the primary has handed to a worker that dies is never answered.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  answerMetrics()
  const ready = new Set<number>()
  let isEnding = false
  let failures = 0
  let announced = false

  const start = (): void => {
    const worker = cluster.fork()
    worker.on('message', (message: unknown) => {
      if (!isReady(message)) return
      failures = 0
      ready.add(worker.id)
      if (announced || ready.size < workers) return
      announced = true
      process.stdout.write(`tessera listening on ${message.url}\n`)
    })
  }
  cluster.on('exit', (worker: Worker, code: number) => {
    ready.delete(worker.id)
    if (isEnding) {
      if (Object.keys(cluster.workers ?? {}).length === 0) process.exit(0)
      return
    }
    failures += 1
    // One that cannot even start says why by itself; to start it for ever would hide that.
    if (!announced || failures > 10) {
      end(code === 0 ? 1 : code)
      return
    }
    say(`A worker ended with ${code}; another one takes its place.`)
    setTimeout(start, 100 * failures)
  })

  function end(code: number): void {
    if (isEnding) return
    isEnding = true
    const left = Object.values(cluster.workers ?? {})
    for (const worker of left) worker?.process.kill('SIGTERM')
    if (left.length === 0) process.exit(code)
    if (code !== 0) cluster.on('exit', () => process.exit(code))
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => end(0))
  for (let count = 0; count < workers; count++) start()
}
