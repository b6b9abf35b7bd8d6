import { useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { CopyButton } from '@renderer/ui/copy-button'
import { ConfirmDialog } from '@renderer/ui/dialog'
import { ErrorState, errorFacts } from '@renderer/ui/error-state'
import { Sheet, SheetContent } from '@renderer/ui/sheet'
import { Skeleton } from '@renderer/ui/skeleton'
import { TimeAgo } from '@renderer/ui/time-ago'
import { toast } from '@renderer/ui/toast'
import { useLast } from '@renderer/ui/use-last'
import type { EndUserDetails } from '@shared/contract/end-users.contract'
import { Ban, KeyRound, Mail, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { DeleteUserDialog } from './delete-user-dialog'
import { PasswordDialog } from './password-dialog'
import { useSettleUsers, useUser } from './use-users'
import { StateBadge } from './user-list'
import { UserSessions } from './user-sessions'

/** One user: what is known of them, and what can be done. */
export function UserSheet(props: {
  readonly databaseId: string
  readonly userId: string | null
  readonly onClose: () => void
}) {
  const userId = useLast(props.userId) ?? null
  const { data, error, refetch } = useUser(props.databaseId, userId)
  return (
    <Sheet open={props.userId !== null} onOpenChange={(open) => !open && props.onClose()}>
      <SheetContent title={data?.user.email ?? 'User'} description={data?.user.full_name ?? undefined}>
        <div className="min-h-0 flex-1 overflow-y-auto">
          {data ? (
            <>
              <Facts user={data.user} />
              <Actions databaseId={props.databaseId} user={data.user} onDeleted={props.onClose} />
              <UserSessions databaseId={props.databaseId} userId={data.user.id} sessions={data.sessions} />
            </>
          ) : error ? (
            <ErrorState error={error} title="The user could not be loaded" onRetry={() => void refetch()} />
          ) : (
            <div className="flex flex-col gap-3 p-4">
              {[0, 1, 2, 3].map((row) => (
                <Skeleton key={row} className="h-4 w-64" />
              ))}
            </div>
          )}
        </div>
      </SheetContent>
    </Sheet>
  )
}

function Facts({ user }: { readonly user: EndUserDetails }) {
  return (
    <dl className="grid grid-cols-[8rem_1fr] gap-x-4 gap-y-2 p-4">
      <Fact label="State">
        <StateBadge user={user} />
      </Fact>
      <Fact label="Id">
        <span className="flex min-w-0 items-center gap-1">
          <code className="truncate font-mono text-sm select-text">{user.id}</code>
          <CopyButton text={user.id} label="Copy the id" />
        </span>
      </Fact>
      <Fact label="Created">{user.created_at ? <TimeAgo at={user.created_at} /> : 'Unknown'}</Fact>
      <Fact label="Last sign-in">{user.last_sign_in_at ? <TimeAgo at={user.last_sign_in_at} /> : 'Never'}</Fact>
      <Fact label="Address confirmed">{user.confirmed_at ? <TimeAgo at={user.confirmed_at} /> : 'Not yet'}</Fact>
      {Object.keys(user.user_metadata).length > 0 ? (
        <Fact label="Metadata">
          <code className="block max-h-40 overflow-auto font-mono text-sm break-all whitespace-pre-wrap select-text">
            {JSON.stringify(user.user_metadata, null, 2)}
          </code>
        </Fact>
      ) : null}
    </dl>
  )
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-text-muted">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}

type Asking = 'reset' | 'password' | 'ban' | 'delete'

function Actions(props: {
  readonly databaseId: string
  readonly user: EndUserDetails
  readonly onDeleted: () => void
}) {
  const { databaseId, user } = props
  const { client } = useApi()
  const settle = useSettleUsers()
  const [asking, setAsking] = useState<Asking | null>(null)
  const ask = (what: Asking) => (open: boolean) => setAsking(open ? what : null)
  const at = { databaseId, userId: user.id }
  const isBanned = user.banned_until !== null

  async function setBan(banned: boolean) {
    await client.endUsers.setBan({ ...at, banned })
    await settle()
    toast.success(banned ? `${user.email} is banned.` : `${user.email} can sign in again.`, {
      undo: () => setBan(!banned),
    })
  }
  return (
    <div className="grid grid-cols-2 gap-2 border-t border-border p-4">
      <Button icon={Mail} onClick={() => setAsking('reset')}>
        Send reset link
      </Button>
      <Button icon={KeyRound} onClick={() => setAsking('password')}>
        Set password
      </Button>
      {isBanned ? (
        <Button
          icon={Ban}
          onClick={() => setBan(false).catch((error: unknown) => toast.error(errorFacts(error).message))}
        >
          Lift ban
        </Button>
      ) : (
        <Button icon={Ban} onClick={() => setAsking('ban')}>
          Ban
        </Button>
      )}
      <Button icon={Trash2} className="text-danger!" onClick={() => setAsking('delete')}>
        Delete
      </Button>
      <ConfirmDialog
        open={asking === 'reset'}
        onOpenChange={ask('reset')}
        title="Send a reset link?"
        description={`${user.email} gets a mail with a link to choose a new password. It works for an hour.`}
        confirm="Send link"
        onConfirm={async () => {
          const { delivered } = await client.endUsers.sendReset(at)
          await settle()
          toast.success(
            delivered ? 'The link is sent.' : 'The link is under Mails: there is no mail server that sends it.',
          )
        }}
      />
      <ConfirmDialog
        open={asking === 'ban'}
        onOpenChange={ask('ban')}
        title={`Ban ${user.email}?`}
        description="Their sign-ins end at once, and they cannot sign in again until the ban is lifted. Their records stay."
        confirm="Ban user"
        danger
        onConfirm={() => setBan(true)}
      />
      <PasswordDialog {...at} open={asking === 'password'} onClose={() => setAsking(null)} />
      <DeleteUserDialog
        databaseId={databaseId}
        user={asking === 'delete' ? user : null}
        onClose={() => setAsking(null)}
        onDeleted={props.onDeleted}
      />
    </div>
  )
}
