/** A place in the server's write-ahead log, in bytes from its beginning. */
export type LogPosition = bigint

/** How far a replica must have replayed the log to show what is known to be written, by key (an account, a project). */
export interface WriteMarks {
  /** Something of these keys was committed at or before `position`; null where that is not known, and is asked for. */
  mark(keys: readonly string[], position: LogPosition | null): void
  /** Null while that is being asked: only the primary shows everything then. */
  needed(keys: readonly string[]): LogPosition | null
  /** Asks again for what could not be told. */
  settle(): void
}

/** Keys that are remembered one by one; of more, the newest write of any counts for all. */
const most = 10_000

/** `now` asks the primary for the end of its log. */
export function createWriteMarks(now: () => Promise<LogPosition>): WriteMarks {
  const known = new Map<string, LogPosition>()
  let ofAll: LogPosition = 0n
  /** Written at a position that nobody has asked for yet, and those that the question on its way is about. */
  let open = new Set<string>()
  let asked = new Set<string>()

  function remember(key: string, position: LogPosition): void {
    known.set(key, later(known.get(key) ?? 0n, position))
    if (known.size <= most) return
    for (const each of known.values()) ofAll = later(ofAll, each)
    known.clear()
  }

  function settle(): void {
    if (asked.size > 0 || open.size === 0) return
    asked = open
    open = new Set()
    now().then(
      (position) => {
        for (const key of asked) remember(key, position)
        asked = new Set()
        settle()
      },
      () => {
        open = new Set([...asked, ...open])
        asked = new Set()
      },
    )
  }

  function markUnknown(keys: readonly string[]): void {
    for (const key of keys) open.add(key)
    settle()
  }

  return {
    mark(keys, position) {
      if (position === null) markUnknown(keys)
      else for (const key of keys) remember(key, position)
    },
    needed(keys) {
      if (keys.some((key) => open.has(key) || asked.has(key))) return null
      return keys.reduce((position, key) => later(position, known.get(key) ?? 0n), ofAll)
    },
    settle,
  }
}

function later(a: LogPosition, b: LogPosition): LogPosition {
  return a > b ? a : b
}
