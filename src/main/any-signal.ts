/**
 * Aborts when one of them does, with its reason. `AbortSignal.any` came with Node 20.3, and the Node inside Electron may be
 * 18. The listeners go when a signal aborts, so give it signals that do not outlive the work by much.
 */
export function anySignal(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  const either = new AbortController()
  const given = signals.flatMap((signal) => signal ?? [])
  for (const signal of given) {
    if (signal.aborted) either.abort(signal.reason)
    signal.addEventListener('abort', () => either.abort(signal.reason), { once: true, signal: either.signal })
  }
  return either.signal
}
