import type { Pool } from 'pg'

/** A transaction as the server knows it: the process alone could serve someone else by the time the cancel arrives. */
export interface ServerTransaction {
  readonly pid: number
  /** Null where the connection is held for as long as anything may be cancelled on it. */
  readonly started: string | null
}

/**
 * Cancels what runs in the transaction, again and again while `isRunning` says that it does: a statement that was
 * sent but has not begun cannot be cancelled yet. Hold the connection until this settles, then nobody else's
 * statement can be hit. Never fails: a cancel that cannot be sent leaves the statement to its timeout.
 */
export async function cancelStatement(
  control: Pool,
  transaction: ServerTransaction,
  isRunning: () => boolean,
): Promise<void> {
  while (isRunning()) {
    try {
      await control.query(
        `select pg_cancel_backend(pid) from pg_stat_activity
           where pid = $1 and ($2::timestamptz is null or xact_start = $2::timestamptz) and state = 'active'`,
        [transaction.pid, transaction.started],
      )
    } catch {
      return
    }
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/** Milliseconds. */
const pause = 20
