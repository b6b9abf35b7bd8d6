import { useApi, useEventStream } from '@renderer/bridge/api'
import type { ServerState } from '@shared/contract/host.contract'
import { type ReactNode, useState } from 'react'
import { StartupScreen } from './startup-screen'

/** Shows how the server comes up until it is usable. Afterwards it stays out of the way, also while it restarts. */
export function StartupGate({ children }: { readonly children: ReactNode }) {
  const { client } = useApi()
  const [state, setState] = useState<ServerState | null>(null)
  useEventStream({
    key: 'host',
    open: (signal) => client.host.watchState(undefined, { signal }),
    onEvent: setState,
  })
  return state?.phase === 'ready' ? children : <StartupScreen state={state} />
}
