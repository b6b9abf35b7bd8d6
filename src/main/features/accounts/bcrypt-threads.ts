import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import bcrypt from 'bcrypt'

/** What one thread is asked. */
export type BcryptJob =
  | { readonly kind: 'hash'; readonly password: string; readonly cost: number }
  | { readonly kind: 'compare'; readonly password: string; readonly hash: string }

interface Waiting {
  readonly job: BcryptJob
  readonly resolve: (answer: string | boolean) => void
  readonly reject: (error: unknown) => void
}

/**
 * A hash takes a quarter of a second of a core, so it runs in threads of its own, which give way to everything else (on
 * Linux; elsewhere a priority is the whole process's). In Node's own pool they would also keep files and signatures
 * waiting. The text is not a file: what is bundled, and what tests load, are different files.
 */
const source = `
const { parentPort, workerData } = require('node:worker_threads')
const bcrypt = require(workerData.bcrypt)
if (process.platform === 'linux') {
  try { require('node:os').setPriority(0, 19) } catch {}
}
parentPort.on('message', (job) => {
  try {
    const answer = job.kind === 'hash'
      ? bcrypt.hashSync(job.password, job.cost)
      : bcrypt.compareSync(job.password, job.hash)
    parentPort.postMessage({ answer })
  } catch (error) {
    parentPort.postMessage({ error })
  }
})`

/** One core stays free: a thread of the lowest priority still keeps others waiting for the rest of its time slice. */
const most = Math.max(1, availableParallelism() - 1)

const waiting: Waiting[] = []
const idle: Worker[] = []
let running = 0
/** Once a thread could not be started, Node's pool does the work. */
let areThere = true

/** Runs it when its turn comes. */
export function runBcrypt(job: BcryptJob): Promise<string | boolean> {
  if (!areThere) return inPool(job)
  return new Promise((resolve, reject) => {
    waiting.push({ job, resolve, reject })
    next()
  })
}

function next(): void {
  if (waiting.length === 0) return
  const worker = idle.pop() ?? (running < most ? start() : undefined)
  const taken = worker && waiting.shift()
  if (worker && taken) work(worker, taken)
}

function start(): Worker {
  running += 1
  const worker = new Worker(source, {
    eval: true,
    workerData: { bcrypt: createRequire(import.meta.url).resolve('bcrypt') },
  })
  worker.once('exit', () => {
    running -= 1
    const at = idle.indexOf(worker)
    if (at >= 0) idle.splice(at, 1)
    next()
  })
  return worker
}

function work(worker: Worker, { job, resolve, reject }: Waiting): void {
  const end = (): void => {
    worker.off('message', answered)
    worker.off('error', failed)
  }
  const answered = ({ answer, error }: { readonly answer?: string | boolean; readonly error?: unknown }): void => {
    end()
    worker.unref()
    idle.push(worker)
    if (answer === undefined) reject(error)
    else resolve(answer)
    next()
  }
  const failed = (): void => {
    end()
    areThere = false
    for (const one of [{ job, resolve, reject }, ...waiting.splice(0)])
      void inPool(one.job).then(one.resolve, one.reject)
  }
  worker.on('message', answered)
  worker.on('error', failed)
  // Nobody ends the program while somebody waits for this.
  worker.ref()
  worker.postMessage(job)
}

function inPool(job: BcryptJob): Promise<string | boolean> {
  return job.kind === 'hash' ? bcrypt.hash(job.password, job.cost) : bcrypt.compare(job.password, job.hash)
}
