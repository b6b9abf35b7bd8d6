import { useApi, useEventStream } from '@renderer/bridge/api'
import type { ServerState } from '@shared/contract/host.contract'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { StartupScreen } from './startup-screen'

/**
 * Shows how the server comes up until it is usable. Afterwards it stays out of the way, also while the server restarts:
 * the pages keep what is in them, and what fails says so in its place.
 */
export function StartupGate({ children }: { readonly children: ReactNode }) {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const [state, setState] = useState<ServerState | null>(null)
  useEventStream({
    key: 'host',
    open: (signal) => client.host.watchState(undefined, { signal }),
    onEvent: (next) => setState((now) => (now?.phase === 'ready' ? now : next)),
    // Behind a new connection there may be a restarted server, with other ports.
    onReopen() {
      void queryClient.invalidateQueries({ queryKey: query.host.key() })
      void queryClient.invalidateQueries({ queryKey: query.session.key() })
    },
  })
  return state?.phase === 'ready' ? children : <StartupScreen state={state} />
}
