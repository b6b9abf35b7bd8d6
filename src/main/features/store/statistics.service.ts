import type { StudioDatabase } from '../../db/database'
import { sql } from '../../db/sql'

/** Records written at once from which the planner is told of them; fewer, autovacuum sees to in time. */
const manyRecords = 200
/** Milliseconds between two looks: many small loads pay for one. */
const pause = 2_000

export interface StatisticsKeeper {
  /** Somebody has committed so many new records into the shared tier. */
  noteRecords(count: number): void
  /** Resolves when nothing runs any more. */
  idle(): Promise<void>
}

/**
 * Keeps the planner's idea of the shared tier near the truth after bulk writes, in the background: the write does not
 * wait, and a failure is only told to `onError`.
 */
export function createStatisticsKeeper(
  db: () => Promise<StudioDatabase>,
  onError: (error: unknown) => void,
): StatisticsKeeper {
  let written = 0
  let last = 0
  let running: Promise<void> | null = null
  let timer: ReturnType<typeof setTimeout> | null = null

  function refresh(): void {
    timer = null
    const count = written
    written = 0
    last = Date.now()
    running = db()
      .then((database) =>
        database.withoutTenant((tx) => tx.execute(sql`select studio.refresh_statistics(${count}::bigint)`)),
      )
      .then(() => undefined, onError)
      .finally(() => {
        running = null
      })
  }

  return {
    noteRecords(count) {
      written += count
      if (written < manyRecords || timer !== null || running !== null) return
      timer = setTimeout(refresh, Math.max(0, last + pause - Date.now()))
      timer.unref()
    },
    async idle() {
      if (timer !== null) clearTimeout(timer)
      timer = null
      await running
    },
  }
}
