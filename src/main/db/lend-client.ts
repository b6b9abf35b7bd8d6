import { AppError } from '@shared/app-error'
import type { Pool, PoolClient } from 'pg'
import { isSpoilt } from './copy-streams'
import { isConnectionLoss } from './pg-error'
import { isWorn } from './prepared-statements'

/** A connection of the pool. CANCELLED when the caller has gone while it waited for one. */
export async function takeClient(pool: Pool, signal: AbortSignal | undefined): Promise<PoolClient> {
  if (signal === undefined) return pool.connect()
  if (isAborted(signal)) throw cancelled()
  return new Promise((resolve, reject) => {
    const abort = () => reject(cancelled())
    signal.addEventListener('abort', abort, { once: true })
    pool.connect().then(
      (client) => {
        signal.removeEventListener('abort', abort)
        if (isAborted(signal)) client.release()
        else resolve(client)
      },
      (error: unknown) => {
        signal.removeEventListener('abort', abort)
        reject(error)
      },
    )
  })
}

/** Back to the pool with no transaction open, or not at all. */
export async function giveBack(client: PoolClient, failure: unknown): Promise<void> {
  if (failure === undefined) {
    client.release(isWorn(client))
    return
  }
  if (isConnectionLoss(failure) || isSpoilt(client)) {
    client.release(true)
    return
  }
  try {
    await client.query('rollback')
    client.release()
  } catch {
    client.release(true)
  }
}

/** A call, because the compiler takes a property that it has looked at for settled. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

export function cancelled(cause?: unknown): AppError {
  return new AppError('CANCELLED', 'The statement was cancelled.', cause === undefined ? {} : { cause })
}

/** Whether it was written when the answer is lost, nobody knows. */
export function lostWhileSaving(cause: unknown): AppError {
  return new AppError(
    'UNAVAILABLE',
    'The connection to the database was lost while saving. See whether the change is there before you repeat it.',
    { cause },
  )
}
