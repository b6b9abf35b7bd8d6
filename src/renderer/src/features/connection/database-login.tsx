import { toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { ConfirmDialog } from '@renderer/ui/dialog'
import { ErrorState } from '@renderer/ui/error-state'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import type { SqlLogin } from '@shared/contract/connection.contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Cable } from 'lucide-react'
import { useState } from 'react'
import { LoginFacts } from './login-facts'

/** The database's own Postgres login, made when somebody wants it. */
export function DatabaseLogin({ databaseId }: { readonly databaseId: string }) {
  const { query } = useApi()
  const queryClient = useQueryClient()
  const options = query.connection.get.queryOptions({ input: { databaseId } })
  const { data, error, refetch } = useQuery(options)
  const keep = (login: SqlLogin | null) => queryClient.setQueryData(options.queryKey, { login })
  const create = useMutation(query.connection.create.mutationOptions({ onSuccess: ({ login }) => keep(login) }))
  return (
    <section aria-labelledby="login" className="border-t border-border">
      <div className="flex flex-col gap-1 px-4 pt-3 pb-3">
        <h3 id="login" className="font-semibold">
          Postgres login
        </h3>
        <p className="text-text-muted">
          For psql and other programs: it reads and changes the records of this database, and reaches nothing else on
          the server.
        </p>
      </div>
      {error && !data ? (
        <ErrorState
          error={error}
          title="The login could not be read"
          onRetry={() => void refetch()}
          className="py-4!"
        />
      ) : data === undefined ? (
        <div className="px-4 pb-4">
          <Skeleton className="h-7 w-48" />
        </div>
      ) : data.login === null ? (
        <div className="flex flex-wrap items-center gap-3 px-4 pb-4">
          <Button icon={Cable} disabled={create.isPending} onClick={() => create.mutate({ databaseId })}>
            Create a connection string
          </Button>
          {create.error ? (
            <p role="alert" className="text-sm text-danger">
              {toAppError(create.error).message}
            </p>
          ) : null}
        </div>
      ) : (
        <>
          <LoginFacts login={data.login} />
          <LoginActions databaseId={databaseId} onLogin={keep} />
        </>
      )}
    </section>
  )
}

function LoginActions(props: { readonly databaseId: string; readonly onLogin: (login: SqlLogin | null) => void }) {
  const { databaseId, onLogin } = props
  const { client } = useApi()
  const [asking, setAsking] = useState<'rotate' | 'revoke' | null>(null)
  const ask = (what: 'rotate' | 'revoke') => (open: boolean) => setAsking(open ? what : null)
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 py-3">
      <Button onClick={() => setAsking('rotate')}>Rotate password</Button>
      <Button variant="ghost" onClick={() => setAsking('revoke')}>
        Revoke
      </Button>
      <ConfirmDialog
        open={asking === 'rotate'}
        onOpenChange={ask('rotate')}
        title="Rotate the password?"
        description="Every open connection of this login ends, and programs that have the old connection string cannot come back with it. Records stay as they are."
        confirm="Rotate password"
        onConfirm={async () => {
          onLogin((await client.connection.rotate({ databaseId })).login)
          toast.success('The login has a new password.')
        }}
      />
      <ConfirmDialog
        open={asking === 'revoke'}
        onOpenChange={ask('revoke')}
        title="Revoke the connection string?"
        description="The login is removed and every open connection of it ends: programs that use it stop working. Records stay as they are, and a new connection string can be created at any time."
        confirm="Revoke"
        danger
        onConfirm={async () => {
          await client.connection.revoke({ databaseId })
          onLogin(null)
          toast.success('The connection string is revoked.')
        }}
      />
    </div>
  )
}
