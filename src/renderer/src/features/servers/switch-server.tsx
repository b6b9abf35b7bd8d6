import { paths } from '@renderer/app/paths'
import { type Connection, toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { Dialog, DialogBody, DialogContent, DialogHeader, DialogTitle } from '@renderer/ui/dialog'
import { toast } from '@renderer/ui/toast'
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

function Opening({ name }: { readonly name: string }) {
  return (
    <Dialog open>
      <DialogContent width="sm" onEscapeKeyDown={(event) => event.preventDefault()}>
        <DialogHeader>
          <DialogTitle>Switching to “{name}”</DialogTitle>
        </DialogHeader>
        <DialogBody>
          <p role="status" className="pb-3 text-text-muted">
            The studio opens again with the projects that are there.
          </p>
          <div
            role="progressbar"
            aria-label="Switching"
            className="relative h-1.5 overflow-hidden rounded-full bg-bg-active"
          >
            <div className="h-full w-[30%] animate-slide bg-accent" />
          </div>
        </DialogBody>
      </DialogContent>
    </Dialog>
  )
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
