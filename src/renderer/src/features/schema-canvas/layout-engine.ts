import ELK, { type ELK as Engine } from 'elkjs/lib/elk-api'
import workerUrl from 'elkjs/lib/elk-worker.min.js?url'

let engine: Engine | null = null

/** The layout engine in a worker of its own, started when it is first wanted. A file of ours: the page's policy holds. */
export function layoutEngine(): Engine {
  engine ??= new ELK({ workerFactory: () => new Worker(workerUrl) })
  return engine
}
