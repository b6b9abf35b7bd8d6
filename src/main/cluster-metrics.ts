import cluster from 'node:cluster'
import { AggregatorRegistry, type Registry } from 'prom-client'

/** Between a worker and its primary: a question for what all workers have counted, and its answer. */
interface Asked {
  readonly tessera: 'metrics'
  readonly id: number
}
interface Answered extends Asked {
  /** Null when they could not be asked. */
  readonly text: string | null
}

/** In the primary: whichever worker is asked for metrics, it answers with those of all. */
export function answerMetrics(): void {
  const all = new AggregatorRegistry()
  cluster.on('message', (worker, message: unknown) => {
    if (!isAsked(message)) return
    const answer = (text: string | null): void => {
      const { id } = message
      const answered: Answered = { tessera: 'metrics', id, text }
      if (worker.isConnected()) worker.send(answered)
    }
    all.clusterMetrics().then(answer, () => answer(null))
  })
}

/** What is asked for `/metrics`: of this process, or of all workers where it is one of several. */
export function readMetrics(registry: Registry): () => Promise<string> {
  if (!cluster.isWorker) return () => registry.metrics()
  AggregatorRegistry.setRegistries([registry])
  // Listens for the primary's question.
  new AggregatorRegistry()
  const waiting = new Map<number, (text: string | null) => void>()
  let last = 0
  process.on('message', (message: unknown) => {
    if (!isAnswered(message)) return
    waiting.get(message.id)?.(message.text)
    waiting.delete(message.id)
  })
  return async () => {
    const id = ++last
    const asked: Asked = { tessera: 'metrics', id }
    const text = await new Promise<string | null>((resolve) => {
      waiting.set(id, resolve)
      process.send?.(asked)
    })
    if (text === null) throw new Error('The other workers did not say what they have counted')
    return text
  }
}

function isAsked(message: unknown): message is Asked {
  return typeof message === 'object' && message !== null && 'tessera' in message && message.tessera === 'metrics'
}

function isAnswered(message: unknown): message is Answered {
  return isAsked(message) && 'text' in message
}
