import { isAbort, toAppError } from '@renderer/bridge/api'
import { AppError } from '@shared/app-error'
import type { TransferProgress } from '@shared/contract/transfers.contract'
import { type ShownProgress, stepOf } from './shown-progress'

type WorkEvent<R> = TransferProgress | { readonly kind: 'done'; readonly result: R }

/** What the work has to hand while it runs. */
export interface Doing {
  readonly signal: AbortSignal
  tell(progress: ShownProgress): void
  /** Only its name, where nothing is counted. */
  begin(step: string): void
  /** Reads work of the server to its end, and tells how far it is. */
  follow<R>(events: AsyncIterable<WorkEvent<R>>): Promise<R>
}

export interface WorkState<R> {
  /** Null while nothing runs. */
  readonly progress: ShownProgress | null
  /** Why the last attempt came to nothing; what was cancelled says nothing. */
  readonly failure: string | null
  /** What came of the last one, where it answers something. */
  readonly result: R | null
}

/** Work of one kind, such as backups, by what it is for. It lives above the pages: they come and go while it runs. */
export class Works<R> {
  readonly #states = new Map<string, WorkState<R>>()
  readonly #running = new Map<string, AbortController>()
  readonly #listeners = new Set<() => void>()

  readonly listen = (listener: () => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  at(place: string): WorkState<R> {
    return this.#states.get(place) ?? nothing
  }

  cancel(place: string): void {
    this.#running.get(place)?.abort()
    this.#running.delete(place)
    this.#states.delete(place)
    this.#tell()
  }

  async run(place: string, step: string | null, work: (doing: Doing) => Promise<R | undefined>): Promise<void> {
    const before = this.at(place).result
    this.cancel(place)
    const controller = new AbortController()
    const { signal } = controller
    this.#running.set(place, controller)
    const set = (next: Partial<WorkState<R>>) => {
      if (this.#running.get(place) !== controller) return
      this.#states.set(place, { ...this.at(place), ...next })
      this.#tell()
    }
    const tell = (progress: ShownProgress) => set({ progress })
    const begin = (name: string) => tell({ step: name, part: null, rows: 0, rate: 0 })
    set({ result: before })
    if (step !== null) begin(step)
    try {
      const result = await work({ signal, tell, begin, follow: (events) => followWork(events, tell) })
      if (result !== undefined) set({ result })
    } catch (error) {
      if (!isAbort(error)) set({ failure: toAppError(error).message })
    } finally {
      set({ progress: null })
      if (this.#running.get(place) === controller) this.#running.delete(place)
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

const nothing = Object.freeze({ progress: null, failure: null, result: null })

async function followWork<R>(events: AsyncIterable<WorkEvent<R>>, tell: (progress: ShownProgress) => void): Promise<R> {
  for await (const event of events) {
    if (event.kind === 'done') return event.result
    tell({ step: stepOf(event), part: event.part, rows: event.rows, rate: event.rate })
  }
  throw new AppError('UNAVAILABLE', 'The work ended without an answer. Look whether it was done.')
}
