import { useApi } from '@renderer/bridge/api'
import { programName } from '@renderer/features/settings/program-name'
import { Button } from '@renderer/ui/button'
import { errorFacts } from '@renderer/ui/error-state'
import { TimeAgo } from '@renderer/ui/time-ago'
import { toast } from '@renderer/ui/toast'
import type { endUserSession } from '@shared/contract/end-users.contract'
import { useMutation } from '@tanstack/react-query'
import type { z } from 'zod'
import { useSettleUsers } from './use-users'

/** Where a user is signed in, and ending that. */
export function UserSessions(props: {
  readonly databaseId: string
  readonly userId: string
  readonly sessions: readonly z.infer<typeof endUserSession>[]
}) {
  const { databaseId, userId, sessions } = props
  const { client } = useApi()
  const settle = useSettleUsers()
  const end = useMutation({
    mutationFn: (sessionId: string | undefined) =>
      client.endUsers.endSessions({ databaseId, userId, ...(sessionId === undefined ? {} : { sessionId }) }),
    onSuccess: settle,
    onError: (error) => toast.error(errorFacts(error).message),
  })
  return (
    <section aria-labelledby="user-sessions" className="border-t border-border">
      <div className="flex min-h-10 items-center justify-between gap-2 px-4 py-2">
        <h3 id="user-sessions" className="font-semibold">
          Sign-ins
        </h3>
        {sessions.length > 1 ? (
          <Button size="sm" variant="ghost" disabled={end.isPending} onClick={() => end.mutate(undefined)}>
            End all
          </Button>
        ) : null}
      </div>
      {sessions.length === 0 ? (
        <p className="px-4 pb-4 text-text-muted">Not signed in anywhere.</p>
      ) : (
        <ul className="divide-y divide-border">
          {sessions.map((session) => (
            <li key={session.id} className="flex min-h-12 items-center gap-3 px-4 py-2">
              <div className="min-w-0 flex-1">
                <p className="truncate" title={session.user_agent ?? undefined}>
                  {programName(session.user_agent)}
                </p>
                <p className="truncate text-sm text-text-muted">
                  Last used <TimeAgo at={session.last_used_at} />
                  {session.address ? `, from ${session.address}` : ''}
                </p>
              </div>
              <Button size="sm" disabled={end.isPending} onClick={() => end.mutate(session.id)}>
                End
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
