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

/** Every change committed in the project, of all projects that the one channel tells about. */
export function watchChanges(db: StudioDatabase, { projectId, principal, signal }: WatchOptions) {
  return eventQueue<DatabaseChange>({
    start: (push) =>
      db.listen(changesChannel, (payload) => {
        const notice = readNotice(payload)
        if (notice?.projectId === projectId) push({ kind: notice.kind, tableId: notice.tableId })
      }),
    keyOf: ({ kind, tableId }) => `${kind} ${tableId}`,
    admit: async () => {
      if ((await principal()) === null)
        throw new AppError('UNAUTHENTICATED', 'This sign-in has ended. Sign in again to see what changes.')
    },
    signal,
  })
}

/** Anybody who may connect to the Postgres may notify, so what comes is not taken on trust. */
function readNotice(payload: string): ChangeNotice | null {
  try {
    return changeNotice.safeParse(JSON.parse(payload)).data ?? null
  } catch {
    return null
  }
}
