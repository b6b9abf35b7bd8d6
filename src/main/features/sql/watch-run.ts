import { AppError } from '@shared/app-error'
import type { SqlSession } from '../../db/sql-login'

export interface Watch {
  /** Why the run was stopped; null when it was not. */
  failure(): AppError | null
  /** When nothing is being stopped any more: a cancel that comes late would hit the next statement. */
  settled(): Promise<void>
}

/** The session can change its own timeouts, so the run is watched from here and stopped over another connection. */
export function watchRun(
  session: SqlSession,
  signal: AbortSignal | undefined,
  milliseconds: number,
  timeoutMs: number,
): Watch {
  let why: AppError | null = null
  let stopping: Promise<void> | undefined
  const stop = (failure: AppError) => {
    why ??= failure
    stopping ??= session.stop()
  }
  const abort = () => stop(new AppError('CANCELLED', 'The SQL was cancelled, and nothing of it was kept.'))
  const timer = setTimeout(
    () =>
      stop(
        new AppError(
          'TIMEOUT',
          `The SQL took longer than ${timeoutMs < 1000 ? `${timeoutMs} ms` : `${Math.round(timeoutMs / 100) / 10} s`} and was stopped; nothing of it was kept. Narrow it down, or give it more time.`,
        ),
      ),
    milliseconds,
  )
  if (signal?.aborted === true) abort()
  else signal?.addEventListener('abort', abort, { once: true })
  const settled = async () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
    await stopping
  }
  return { failure: () => why, settled }
}
