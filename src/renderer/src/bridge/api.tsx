import type { ContractRouterClient } from '@orpc/contract'
import { createTanstackQueryUtils, type RouterUtils } from '@orpc/tanstack-query'
import type { Contract } from '@shared/contract'
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react'
import type { Connection, ConnectionState } from './connection'

export type { Connection, ConnectionState } from './connection'
export { isAbort, type ShownError, toAppError } from './to-app-error'
export { type ChangesReader, useDatabaseChanges } from './use-database-changes'
export { type EventStreamOptions, useEventStream } from './use-event-stream'

/** The typed client of the contract: `client.records.query({ ... }, { signal })`. */
export type StudioClient = ContractRouterClient<Contract>

/** A client and the state of what carries its calls; `connect()` makes one. */
export interface Bridge {
  readonly client: StudioClient
  readonly connection: Connection
}

export interface Api extends Bridge {
  /** The same procedures as options for TanStack Query: `query.tables.list.queryOptions({ input })`. */
  readonly query: RouterUtils<StudioClient>
}

const ApiContext = createContext<Api | null>(null)

export function ApiProvider({ bridge, children }: { readonly bridge: Bridge; readonly children: ReactNode }) {
  const api = useMemo<Api>(() => ({ ...bridge, query: createTanstackQueryUtils(bridge.client) }), [bridge])
  return <ApiContext value={api}>{children}</ApiContext>
}

export function useApi(): Api {
  const api = useContext(ApiContext)
  if (api === null) throw new Error('useApi needs an ApiProvider above it')
  return api
}

export function useConnectionState(): ConnectionState {
  const { connection } = useApi()
  return useSyncExternalStore(connection.subscribe, connection.current)
}
