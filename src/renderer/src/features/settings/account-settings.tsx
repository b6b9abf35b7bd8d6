import { toAppError, useApi } from '@renderer/bridge/api'
import { Badge } from '@renderer/ui/badge'
import { Button } from '@renderer/ui/button'
import { ConfirmDialog } from '@renderer/ui/dialog'
import { ErrorState } from '@renderer/ui/error-state'
import { Skeleton } from '@renderer/ui/skeleton'
import { TimeAgo } from '@renderer/ui/time-ago'
import { toast } from '@renderer/ui/toast'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { programName } from './program-name'
import { Setting, SettingsGroup } from './setting'

export function AccountSettings() {
  const { query } = useApi()
  const session = useQuery(query.session.get.queryOptions())
  const user = session.data?.user
  if (!session.data || !user) return null
  return (
    <SettingsGroup id="account" title="Account and sessions">
      {session.data.localOwner ? (
        <Setting label="Owner of this studio">
          <span className="text-text-muted">The server runs on this machine, so nobody has to sign in.</span>
        </Setting>
      ) : (
        <>
          <Setting label="Signed in as">
            <span className="truncate select-text">{user.email}</span>
          </Setting>
          <SignOut />
        </>
      )}
      <Sessions localOwner={session.data.localOwner} />
    </SettingsGroup>
  )
}

function SignOut() {
  const { client } = useApi()
  const queryClient = useQueryClient()
  const [asking, setAsking] = useState(false)
  async function signOut(everywhere: boolean) {
    await client.session.signOut({ everywhere })
    await queryClient.resetQueries()
  }
  const here = useMutation({
    mutationFn: () => signOut(false),
    onError: (error) => toast.error(toAppError(error).message),
  })
  return (
    <Setting label="Sign out">
      <Button disabled={here.isPending} onClick={() => here.mutate()}>
        Sign out here
      </Button>
      <Button variant="ghost" onClick={() => setAsking(true)}>
        Sign out everywhere
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Sign out everywhere?"
        description="Every session of this account ends, in all windows and programs."
        confirm="Sign out everywhere"
        onConfirm={() => signOut(true)}
      />
    </Setting>
  )
}

function Sessions({ localOwner }: { readonly localOwner: boolean }) {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const list = useQuery(query.session.list.queryOptions())
  const revoke = useMutation({
    mutationFn: (sessionId: string) => client.session.revoke({ sessionId }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: query.session.list.key() }),
    onError: (error) => toast.error(toAppError(error).message),
  })
  if (list.error) return <ErrorState error={list.error} className="py-6" onRetry={() => void list.refetch()} />
  if (!list.data)
    return (
      <div className="p-4">
        <Skeleton className="h-4 w-60" />
      </div>
    )
  if (list.data.sessions.length === 0)
    return localOwner ? null : <p className="px-4 py-3 text-text-muted">No program is signed in.</p>
  return (
    <ul aria-label="Sessions" className="divide-y divide-border">
      {list.data.sessions.map((session) => (
        <li key={session.id} className="flex min-h-12 items-center gap-3 px-4 py-2">
          <div className="min-w-0 flex-1">
            <p className="truncate" title={session.user_agent ?? undefined}>
              {programName(session.user_agent)}
            </p>
            <p className="text-sm text-text-muted">
              Last used <TimeAgo at={session.last_used_at} />, signed in <TimeAgo at={session.created_at} />
            </p>
          </div>
          {session.current ? (
            <Badge tone="success">This session</Badge>
          ) : (
            <Button size="sm" disabled={revoke.isPending} onClick={() => revoke.mutate(session.id)}>
              End session
            </Button>
          )}
        </li>
      ))}
    </ul>
  )
}
