import { AppError } from '@shared/app-error'
import type { DatabaseChange } from '@shared/contract/databases.contract'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import { eventQueue } from '../../rpc/event-queue'
import { type ChangeNotice, changeNotice, changesChannel } from '../audit/changes'

export interface WatchOptions {
  readonly projectId: string
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
 * Every change committed in the project, of all projects that the one channel tells about. Nothing that is committed
 * after this resolves is missed: where the connection was lost in between, the stream says that anything may have
 * changed.
 */
export async function watchChanges(db: StudioDatabase, { projectId, principal, signal }: WatchOptions) {
  let ready: () => void = () => undefined
  let waiting = true
  const listening = new Promise<void>((resolve) => {
    ready = resolve
  })
  const changes = eventQueue<DatabaseChange>({
    start: (push) =>
      db.listen(
        changesChannel,
        (payload) => {
          const notice = readNotice(payload)
          if (notice?.projectId === projectId) push({ kind: notice.kind, tableId: notice.tableId })
        },
        () => {
          if (!waiting) anything.forEach(push)
          ready()
        },
      ),
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
  // Nobody will read it to its end.
  if (signal?.aborted === true) await changes.return()
  return changes
}

/** Anybody who may connect to the Postgres may notify, so what comes is not taken on trust. */
function readNotice(payload: string): ChangeNotice | null {
  try {
    return changeNotice.safeParse(JSON.parse(payload)).data ?? null
  } catch {
    return null
  }
}
