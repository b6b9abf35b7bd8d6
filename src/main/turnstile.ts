/** Counts what is under way. */
export interface Turnstile {
  pass<T>(work: () => Promise<T>): Promise<T>
  /** Resolves when nothing is under way, or after so many milliseconds. */
  idle(longest: number): Promise<void>
}

export function createTurnstile(): Turnstile {
  let inside = 0
  const waiting = new Set<() => void>()
  return {
    async pass(work) {
      inside++
      try {
        return await work()
      } finally {
        inside--
        if (inside === 0) for (const resolve of waiting) resolve()
      }
    },
    idle(longest) {
      if (inside === 0) return Promise.resolve()
      return new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer)
          waiting.delete(end)
          resolve()
        }
        const timer = setTimeout(end, longest)
        waiting.add(end)
      })
    },
  }
}
