import { isAbort, toAppError } from '@renderer/bridge/api'
import type { TransferProgress } from '@shared/contract/transfers.contract'
import { useRef, useState } from 'react'
import { type ShownProgress, stepOf } from './transfer-progress'

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

export interface LongWork {
  /** Null while nothing runs. */
  readonly progress: ShownProgress | null
  /** Why the last attempt came to nothing; what was cancelled says nothing. */
  readonly failure: string | null
  /** One at a time: what still runs is cancelled. With a step, progress is shown from the start. */
  run(step: string | null, work: (doing: Doing) => Promise<void>): Promise<void>
  /** The person is free at once; the server ends in its own time. */
  cancel(): void
}

/**
 * Work that takes longer than a person waits without a word: its progress, a way out of it, and what went wrong. It goes
 * on when the view is left; one that ends with its view cancels it.
 */
export function useLongWork(): LongWork {
  const [progress, setProgress] = useState<ShownProgress | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const running = useRef<AbortController | null>(null)

  function cancel() {
    running.current?.abort()
    running.current = null
    setProgress(null)
  }

  async function run(step: string | null, work: (doing: Doing) => Promise<void>) {
    cancel()
    const controller = new AbortController()
    const { signal } = controller
    running.current = controller
    const isCurrent = () => running.current === controller
    const tell = (next: ShownProgress) => {
      if (isCurrent()) setProgress(next)
    }
    const begin = (name: string) => tell({ step: name, part: null, rows: 0, rate: 0 })
    setFailure(null)
    if (step !== null) begin(step)
    try {
      await work({ signal, tell, begin, follow: (events) => followWork(events, tell) })
    } catch (error) {
      if (isCurrent() && !isAbort(error)) setFailure(toAppError(error).message)
    } finally {
      if (isCurrent()) cancel()
    }
  }

  return { progress, failure, run, cancel }
}

async function followWork<R>(events: AsyncIterable<WorkEvent<R>>, tell: (progress: ShownProgress) => void): Promise<R> {
  for await (const event of events) {
    if (event.kind === 'done') return event.result
    tell({ step: stepOf(event), part: event.part, rows: event.rows, rate: event.rate })
  }
  throw new Error('The work ended without an answer. Look whether it was done.')
}
