import type { ServerState } from '@shared/contract/host.contract'
import { eventQueue } from '../../rpc/event-queue'

/** Something that changes and can be looked at: the state of the studio's Postgres. */
export interface Watchable<Value> {
  readonly current: Value
  /** Calls `receive` with every later value; answers how to stop. */
  subscribe(receive: (value: Value) => void): () => void
}

export interface HostInfo {
  readonly version: string
  readonly host: 'desktop' | 'web'
  /** Whether the studio runs its own Postgres, or one of its settings; host, port and name of the database. */
  readonly database: { readonly embedded: boolean; readonly chosen: boolean; readonly address: string }
  readonly secrets: 'keychain' | 'file' | 'environment'
  /** `http://127.0.0.1:PORT` */
  readonly apiUrl: string
  readonly startedAt: string
}

/** The state at once, and then every change until `signal` ends it. A slow reader gets the last state, not each. */
export function watchServerState(state: Watchable<ServerState>, signal: AbortSignal | undefined) {
  return eventQueue<ServerState>({
    start: (push) => {
      push(state.current)
      return state.subscribe(push)
    },
    keyOf: () => 'state',
    signal,
  })
}
