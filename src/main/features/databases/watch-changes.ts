import { AppError } from '@shared/app-error'
import type { DatabaseChange } from '@shared/contract/databases.contract'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import { eventQueue } from '../../rpc/event-queue'
import { changesChannel, readNotice } from '../audit/notice'

export interface WatchOptions {
  readonly projectId: string
  /** Opens the project's notices; see `studio.notice_key`. */
  readonly key: string
  /** What was committed lately; asked when Postgres listens. */
  readonly recent: () => Promise<readonly DatabaseChange[]>
  /** Asked again before each change is told: a sign-in that was revoked hears nothing more. */
  readonly principal: () => Promise<Principal | null>
  readonly signal: AbortSignal | undefined
}

/** What a reader is told when changes may have been missed: enough to ask for everything again. */
const anything: readonly DatabaseChange[] = [
  { kind: 'tables', tableId: null },
  { kind: 'records', tableId: null },
]

/** Milliseconds to wait for the listening connection; a stream that comes before it is told when it is there. */
const longestWait = 5_000

/**
 * Every change committed in the project, of all projects that the one channel tells about. Nothing is missed that is
 * committed after this resolves, nor what came lately: a reader that has read before it watches is told of what was
 * committed in between. Where the connection was lost, the stream says that anything may have changed.
 */
export async function watchChanges(db: StudioDatabase, { projectId, key, recent, principal, signal }: WatchOptions) {
  let ready: () => void = () => undefined
  let waiting = true
  let tell: (change: DatabaseChange) => void = () => undefined
  const listening = new Promise<void>((resolve) => {
    ready = resolve
  })
  const changes = eventQueue<DatabaseChange>({
    start(push) {
      // Who is told asks at once, and must not be shown what was before.
      tell = (change) => {
        db.changed(projectId)
        push(change)
      }
      return db.listen(
        changesChannel,
        (payload) => {
          const change = readNotice(payload, key)
          if (change) tell(change)
        },
        () => {
          if (!waiting) anything.forEach(tell)
          ready()
        },
      )
    },
    keyOf: ({ kind, tableId }) => `${kind} ${tableId}`,
    admit: async () => {
      if ((await principal()) === null)
        throw new AppError('UNAUTHENTICATED', 'This sign-in has ended. Sign in again to see what changes.')
    },
    signal,
  })
  signal?.addEventListener('abort', ready, { once: true })
  if (signal?.aborted === true) ready()
  const timer = setTimeout(ready, longestWait)
  // What is heard from here on belongs to the stream, also between the connection and the first read.
  await listening
  waiting = false
  clearTimeout(timer)
  signal?.removeEventListener('abort', ready)
  try {
    if (!isAborted(signal)) (await recent()).forEach(tell)
  } catch (error) {
    await changes.return()
    throw error
  }
  // Nobody will read it to its end.
  if (isAborted(signal)) await changes.return()
  return changes
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}
