import { toAppError, useApi } from '@renderer/bridge/api'
import { Setting, SettingsGroup } from '@renderer/features/settings/setting'
import { Badge } from '@renderer/ui/badge'
import { Button, IconButton } from '@renderer/ui/button'
import { ConfirmDialog } from '@renderer/ui/dialog'
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '@renderer/ui/menu'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import { useLast } from '@renderer/ui/use-last'
import type { Server } from '@shared/contract/servers.contract'
import { Ellipsis, Pencil, PlugZap, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { ServerDialog } from './server-dialog'
import { builtIn, factsText, placeOf } from './server-words'
import { useSwitchServer } from './switch-server'
import { useServers } from './use-servers'

const builtInHint =
  'Postgres on this machine. It starts and stops with the studio, and keeps its data in the studio’s folder.'

/** The servers that the studio can work on, one at a time. */
export function ServerSettings() {
  const { client } = useApi()
  const { data, error, nameOf, refresh } = useServers()
  const { switchTo, opening } = useSwitchServer()
  const [editing, setEditing] = useState<Server | 'new' | null>(null)
  const [leaving, setLeaving] = useState<Server | null>(null)
  // undefined asks about none.
  const [switching, setSwitching] = useState<string | null | undefined>(undefined)
  const shownLeaving = useLast(leaving)
  const target = useLast(switching === undefined ? null : { id: switching })
  const targetName = target ? nameOf(target.id) : ''

  if (data?.fixed)
    return (
      <SettingsGroup id="servers" title="Servers">
        <p className="px-4 py-3 text-text-muted">
          This studio was started with DATABASE_URL, which names its server. Start it without to choose one here.
        </p>
      </SettingsGroup>
    )
  return (
    <SettingsGroup id="servers" title="Servers">
      {error ? (
        <p role="alert" className="px-4 py-3 text-danger">
          {toAppError(error).message}
        </p>
      ) : null}
      {data ? (
        <>
          <Setting label={builtIn} hint={builtInHint} keywords="embedded postgres">
            <Use name={builtIn} isCurrent={data.current === null} onUse={() => setSwitching(null)} />
          </Setting>
          {data.servers.map((server) => (
            <KnownServer
              key={server.id}
              server={server}
              isCurrent={data.current === server.id}
              onUse={() => setSwitching(server.id)}
              onEdit={() => setEditing(server)}
              onRemove={() => setLeaving(server)}
            />
          ))}
          <Setting
            label="Add a server"
            hint="Any Postgres 15 or newer by its connection string. Projects move there from their own settings."
            keywords="shared database_url tls supabase neon rds"
          >
            <Button icon={Plus} onClick={() => setEditing('new')}>
              Add server
            </Button>
          </Setting>
        </>
      ) : error ? null : (
        <div className="p-4">
          <Skeleton className="h-4 w-60" />
        </div>
      )}
      {editing ? (
        <ServerDialog
          server={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={({ name }) => toast.success(`“${name}” works and is kept`)}
        />
      ) : null}
      <ConfirmDialog
        open={leaving !== null}
        onOpenChange={(open) => !open && setLeaving(null)}
        title={`Remove “${shownLeaving?.name ?? ''}” from the list?`}
        description="The studio forgets its connection string. What is on the server stays there as it is."
        confirm="Remove server"
        danger
        onConfirm={async () => {
          if (leaving) await client.servers.remove({ serverId: leaving.id })
          await refresh()
        }}
      />
      <ConfirmDialog
        open={switching !== undefined}
        onOpenChange={(open) => !open && setSwitching(undefined)}
        title={`Switch to “${targetName}”?`}
        description={
          target?.id === null
            ? 'The studio opens again with the projects of this machine. Those of the other server stay there, and their APIs are not served meanwhile.'
            : 'The studio opens again with the projects of that server, where people sign in with an account. The projects of this machine stay as they are, and their APIs are not served meanwhile.'
        }
        confirm={`Switch to “${targetName}”`}
        onConfirm={() => {
          if (switching !== undefined) void switchTo(switching)
        }}
      />
      {opening}
    </SettingsGroup>
  )
}

function Use(props: { readonly name: string; readonly isCurrent: boolean; readonly onUse: () => void }) {
  if (props.isCurrent) return <Badge tone="success">In use</Badge>
  return (
    <Button aria-label={`Switch to ${props.name}`} onClick={props.onUse}>
      Switch
    </Button>
  )
}

function KnownServer(props: {
  readonly server: Server
  readonly isCurrent: boolean
  readonly onUse: () => void
  readonly onEdit: () => void
  readonly onRemove: () => void
}) {
  const { client } = useApi()
  const { server, isCurrent } = props
  const [said, setSaid] = useState<{ readonly good: boolean; readonly text: string } | null>(null)

  async function test() {
    setSaid({ good: true, text: 'Testing' })
    try {
      setSaid({ good: true, text: factsText(await client.servers.test({ serverId: server.id, tls: server.tls })) })
    } catch (error) {
      setSaid({ good: false, text: toAppError(error).message })
    }
  }

  return (
    <Setting
      label={server.name}
      keywords={`server ${server.address}`}
      hint={
        <>
          <span className="block break-words">{placeOf(server)}</span>
          {said ? (
            <span role="status" className={said.good ? 'block text-success' : 'block text-danger'}>
              {said.text}
            </span>
          ) : null}
        </>
      }
    >
      <Use name={server.name} isCurrent={isCurrent} onUse={props.onUse} />
      <DropdownMenu>
        <DropdownMenuTrigger>
          <IconButton label={`Actions for ${server.name}`} icon={Ellipsis} />
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem icon={PlugZap} onSelect={() => void test()}>
            Test
          </DropdownMenuItem>
          <DropdownMenuItem icon={Pencil} onSelect={props.onEdit}>
            Edit
          </DropdownMenuItem>
          {isCurrent ? null : (
            <DropdownMenuItem icon={Trash2} danger onSelect={props.onRemove}>
              Remove
            </DropdownMenuItem>
          )}
        </DropdownMenuContent>
      </DropdownMenu>
    </Setting>
  )
}
