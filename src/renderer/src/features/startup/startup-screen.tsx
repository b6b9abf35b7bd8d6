import { useApi, useConnectionState } from '@renderer/bridge/api'
import { BackToBuiltIn, ChosenServer } from '@renderer/features/servers/switch-server'
import { Button } from '@renderer/ui/button'
import { Logo } from '@renderer/ui/logo'
import type { ServerState } from '@shared/contract/host.contract'
import { type ReactNode, useEffect, useState } from 'react'

type Waiting = Exclude<ServerState, { readonly phase: 'ready' }>

/** A start that is faster than this shows nothing but the empty window. */
const quietMs = 150

/** Before there are pages: what is happening, or why it cannot go on. */
export function StartupScreen({ state }: { readonly state: ServerState | null }) {
  const connection = useConnectionState()
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), quietMs)
    return () => clearTimeout(timer)
  }, [])
  if (connection === 'refused')
    return (
      <Screen title="This link is not valid any more">
        <p className="text-text-muted">
          A link opens the studio once. Start it again, or open the newest link that the server has printed.
        </p>
      </Screen>
    )
  if (state?.phase === 'failed') return <Failure state={state} />
  if (!late) return <main aria-busy className="app-drag h-full" />
  const step =
    state?.phase === 'starting' ? state.step : connection === 'reconnecting' ? 'Waiting for the studio' : null
  return (
    <Screen title="Tessera Studio">
      <div
        role="progressbar"
        aria-label="Starting"
        className="relative h-0.5 w-full overflow-hidden rounded-full bg-bg-active"
      >
        <div className="absolute inset-y-0 w-[30%] animate-slide rounded-full bg-accent" />
      </div>
      <p role="status" className="h-5 text-text-muted">
        {step ?? 'Starting'}
      </p>
    </Screen>
  )
}

function Failure({ state }: { readonly state: Extract<Waiting, { phase: 'failed' }> }) {
  const { client } = useApi()
  return (
    <Screen title="The database could not be started">
      <ChosenServer />
      <div role="alert" className="flex w-full flex-col gap-3">
        <p>{state.message}</p>
        {state.details.length > 0 ? (
          <ul className="w-full rounded-md border border-border bg-bg-subtle px-3 py-2 text-left font-mono text-sm break-words">
            {state.details.map((detail) => (
              <li key={detail}>{detail}</li>
            ))}
          </ul>
        ) : null}
      </div>
      {/* Any call that needs the database starts it anew; how that goes comes with the state. */}
      <Button onClick={() => void client.session.get().catch(() => undefined)}>Try again</Button>
      <BackToBuiltIn />
    </Screen>
  )
}

function Screen({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="app-drag flex h-full flex-col items-center justify-center px-6 pb-16">
      <div className="app-no-drag flex w-full max-w-90 flex-col items-center gap-3 text-center">
        <Logo className="mb-1 size-12" />
        <h1 className="text-lg font-semibold">{title}</h1>
        {children}
      </div>
    </main>
  )
}
