import type { ServerState } from '@shared/contract/host.contract'
import type { Procedures } from '../../rpc/implementer'
import { type HostInfo, type Watchable, watchServerState } from './server-status'

export interface HostHandlersDeps {
  readonly state: Watchable<ServerState>
  readonly info: () => HostInfo
}

export function createHostHandlers({ anytime, ready }: Procedures, { state, info }: HostHandlersDeps) {
  return {
    health: ready.host.health.handler(({ context: { db } }) => {
      const { version, database } = info()
      return { status: 'ok' as const, version, database: { version: db.version, embedded: database.embedded } }
    }),
    watchState: anytime.host.watchState.handler(async ({ signal }) => watchServerState(state, signal)),
    info: ready.host.info.handler(({ context: { db } }) => {
      const { database, ...rest } = info()
      return { ...rest, database: { ...database, version: db.version } }
    }),
  }
}
