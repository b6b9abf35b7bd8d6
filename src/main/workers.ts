import cluster from 'node:cluster'
import { availableParallelism } from 'node:os'
import { wholeSetting } from './whole-setting'

/** Processes that answer, on one port: WORKERS. ConfigError when that is no number. */
export function readWorkers({ WORKERS }: Readonly<Record<string, string | undefined>>): number {
  const text = WORKERS?.trim() || null
  return text === 'auto' ? availableParallelism() : wholeSetting('WORKERS', text, { usual: 1, most: 64 })
}

export function isPrimaryOf(workers: number): boolean {
  return workers > 1 && cluster.isPrimary
}

/** What a worker tells its primary. */
interface Ready {
  readonly tessera: 'ready'
  readonly url: string
}

/** False when there is no primary, and this process says so itself. */
export function tellPrimary(url: string): boolean {
  if (!cluster.isWorker) return false
  const message: Ready = { tessera: 'ready', url }
  process.send?.(message)
  return true
}

export function isReady(message: unknown): message is Ready {
  return typeof message === 'object' && message !== null && 'tessera' in message && message.tessera === 'ready'
}
