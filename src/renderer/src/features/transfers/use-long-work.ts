import { useCallback, useSyncExternalStore } from 'react'
import type { Doing, WorkState, Works } from './works'

export interface LongWork<R> extends WorkState<R> {
  /** One at a time: what still runs is cancelled. With a step, progress is shown from the start. */
  run(step: string | null, work: (doing: Doing) => Promise<R | undefined>): Promise<void>
  /** The person is free at once; the server ends in its own time. Failure and result are forgotten as well. */
  cancel(): void
}

/**
 * Work that takes longer than a person waits without a word: its progress, a way out of it, what went wrong and what came
 * of it. It goes on when the view is left, and is there when the view comes back; one that ends with its view cancels it.
 */
export function useLongWork<R>(works: Works<R>, place: string): LongWork<R> {
  const state = useSyncExternalStore(works.listen, () => works.at(place))
  const run = useCallback<LongWork<R>['run']>((step, work) => works.run(place, step, work), [works, place])
  const cancel = useCallback(() => works.cancel(place), [works, place])
  return { ...state, run, cancel }
}
