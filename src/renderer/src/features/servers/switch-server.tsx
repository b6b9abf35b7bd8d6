import { paths } from '@renderer/app/paths'
import { type Connection, toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { Logo } from '@renderer/ui/logo'
import { toast } from '@renderer/ui/toast'
import { Dialog as Radix } from 'radix-ui'
import { useState } from 'react'
import { useServers } from './use-servers'

/** Has the studio open another server, and the page anew once it has. `opening` is to be shown meanwhile. */
export function useSwitchServer() {
  const { client, connection } = useApi()
  const { nameOf } = useServers()
  const [to, setTo] = useState<string | null>(null)

  async function switchTo(serverId: string | null): Promise<void> {
    setTo(nameOf(serverId))
    try {
      // The desktop program ends here, and comes back by itself.
      const dropped = changeTo(connection, (state) => state !== 'connected')
      await client.servers.use({ serverId })
      await dropped
      await changeTo(connection, (state) => state === 'connected' || state === 'refused')
      window.location.assign(paths.projects)
    } catch (error) {
      setTo(null)
      toast.error(toAppError(error).message)
    }
  }

  return { switchTo, opening: to === null ? null : <Opening name={to} /> }
}

/** Over everything: what was open is closed already. */
function Opening({ name }: { readonly name: string }) {
  return (
    <Radix.Root open>
      <Radix.Portal>
        <Radix.Content
          aria-describedby={undefined}
          className="fixed inset-0 z-50 flex flex-col items-center justify-center gap-3 bg-bg px-6 pb-16 text-center outline-none"
          onEscapeKeyDown={(event) => event.preventDefault()}
        >
          <Logo className="mb-1 size-12" />
          <Radix.Title className="text-lg font-semibold">Switching to “{name}”</Radix.Title>
          <div
            role="progressbar"
            aria-label="Switching"
            className="relative h-0.5 w-full max-w-90 overflow-hidden rounded-full bg-bg-active"
          >
            <div className="absolute inset-y-0 w-[30%] animate-slide rounded-full bg-accent" />
          </div>
          <p role="status" className="text-text-muted">
            The studio opens again with the projects that are there.
          </p>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** The server of the settings that the studio works on, by its name; nothing on the built-in one. */
export function ChosenServer() {
  const { data, nameOf } = useServers()
  return data && data.current !== null ? (
    <p className="text-text-muted">On the server “{nameOf(data.current)}”</p>
  ) : null
}

/** A way out where the chosen server does not answer, or nobody is signed in there. */
export function BackToBuiltIn() {
  const { data } = useServers()
  const { switchTo, opening } = useSwitchServer()
  if (!data || data.current === null) return null
  return (
    <>
      <Button variant="ghost" type="button" onClick={() => void switchTo(null)}>
        Use the built-in server
      </Button>
      {opening}
    </>
  )
}

function changeTo(
  connection: Connection,
  isThere: (state: ReturnType<Connection['current']>) => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    if (isThere(connection.current())) return resolve()
    const stop = connection.subscribe(() => {
      if (!isThere(connection.current())) return
      stop()
      resolve()
    })
  })
}
