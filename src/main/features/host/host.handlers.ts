import { AppError } from '@shared/app-error'
import type { ServerState } from '@shared/contract/host.contract'
import { eventQueue } from '../../rpc/event-queue'
import type { Procedures } from '../../rpc/implementer'
import { type HostInfo, type Watchable, watchServerState } from './server-status'
import type { SettingsFile, SettingsState } from './settings-file'

export interface HostHandlersDeps {
  readonly state: Watchable<ServerState>
  readonly info: () => HostInfo
  /** Null where several people share the server. */
  readonly settings: SettingsFile | null
}

const noFile = { path: null, values: {}, problem: null } as const

export function createHostHandlers(
  { anytime, ready, signedIn }: Procedures,
  { state, info, settings }: HostHandlersDeps,
) {
  return {
    health: ready.host.health.handler(({ context: { db } }) => {
      const { version, database } = info()
      return { status: 'ok' as const, version, database: { version: db.version, embedded: database.embedded } }
    }),
    watchState: anytime.host.watchState.handler(async ({ signal }) => watchServerState(state, signal)),
    watchSettings: signedIn.host.watchSettings.handler(async ({ signal }) =>
      eventQueue<SettingsState | typeof noFile>({
        start: (push) => {
          push(settings?.current ?? noFile)
          return settings?.subscribe(push) ?? (() => undefined)
        },
        keyOf: () => 'settings',
        signal,
      }),
    ),
    changeSettings: signedIn.host.changeSettings.handler(async ({ input }) => {
      if (settings === null)
        throw new AppError('FORBIDDEN', 'Several people share this server, so each window keeps its own settings.')
      await settings.change(input.settings)
      return {}
    }),
    info: ready.host.info.handler(({ context: { db } }) => {
      const { database, ...rest } = info()
      return { ...rest, database: { ...database, version: db.version } }
    }),
  }
}
