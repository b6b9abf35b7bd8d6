import { toAppError, useApi } from '@renderer/bridge/api'
import { Badge } from '@renderer/ui/badge'
import { Button } from '@renderer/ui/button'
import { ConfirmDialog } from '@renderer/ui/dialog'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { Panel } from '@renderer/ui/panel'
import { Skeleton } from '@renderer/ui/skeleton'
import { exactTime, TimeAgo } from '@renderer/ui/time-ago'
import type { ApiKey } from '@shared/contract/keys.contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import { CreateKeyDialog, ShowKeyDialog } from './create-key-dialog'
import { verbNames } from './rules-sheet'

/** The keys of the project: who they are for, what they may, and when they were used last. */
export function ApiKeys({ databaseId }: { readonly databaseId: string }) {
  const { query } = useApi()
  const queryClient = useQueryClient()
  const options = query.keys.list.queryOptions({ input: { databaseId } })
  const { data, error, refetch } = useQuery(options)
  const [creating, setCreating] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  const refresh = () => void queryClient.invalidateQueries({ queryKey: options.queryKey })
  const live = data?.keys.filter((key) => key.revoked_at === null)
  return (
    <Panel
      title="Keys"
      aside={
        <Button icon={Plus} size="sm" onClick={() => setCreating(true)}>
          Create key
        </Button>
      }
    >
      {error && !data ? (
        <ErrorState error={error} title="The keys could not be read" onRetry={() => void refetch()} />
      ) : live === undefined ? (
        <div className="flex flex-col gap-3 px-4 py-4">
          {[0, 1, 2].map((row) => (
            <Skeleton key={row} className="h-8 w-full" />
          ))}
        </div>
      ) : live.length === 0 ? (
        <EmptyState icon={KeyRound} title="No keys yet">
          An app calls this project with a publishable key; a server of your own with a secret one.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-border">
          {live.map((key) => (
            <KeyRow
              key={key.id}
              databaseId={databaseId}
              apiKey={key}
              isReplaced={live.some(({ replaces }) => replaces === key.id)}
              onChanged={refresh}
              onMade={(secret) => {
                refresh()
                setMade(secret)
              }}
            />
          ))}
        </ul>
      )}
      <CreateKeyDialog
        databaseId={databaseId}
        open={creating}
        onOpenChange={setCreating}
        onMade={(secret) => {
          setCreating(false)
          refresh()
          setMade(secret)
        }}
      />
      <ShowKeyDialog secret={made} onClose={() => setMade(null)} />
    </Panel>
  )
}

function KeyRow(props: {
  readonly databaseId: string
  readonly apiKey: ApiKey
  /** There is a newer one that does the same. */
  readonly isReplaced: boolean
  readonly onChanged: () => void
  readonly onMade: (secret: string) => void
}) {
  const { databaseId, apiKey: key } = props
  const { client } = useApi()
  const [asking, setAsking] = useState<'rotate' | 'revoke' | null>(null)
  const ask = (what: 'rotate' | 'revoke') => (open: boolean) => setAsking(open ? what : null)
  const isExpired = key.expires_at !== null && Date.parse(key.expires_at) <= Date.now()
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5">
      <div className="min-w-48 flex-1">
        <div className="flex items-center gap-2">
          <span className="truncate font-medium">{key.name}</span>
          <Badge tone={key.kind === 'secret' ? 'warning' : 'neutral'}>
            {key.kind === 'secret' ? 'Secret' : 'Publishable'}
          </Badge>
          {isExpired ? <Badge tone="danger">Expired</Badge> : null}
          {props.isReplaced ? <Badge tone="neutral">Replaced</Badge> : null}
        </div>
        <div className="flex flex-wrap items-center gap-x-3 text-sm text-text-muted">
          <code className="font-mono">{key.prefix}…</code>
          <span>
            {key.scopes === null
              ? 'All tables'
              : key.scopes
                  .map(
                    ({ table, verbs }) =>
                      `${table === '*' ? 'All tables' : table}: ${verbs.map((verb) => verbNames[verb].toLowerCase()).join(', ')}`,
                  )
                  .join('; ')}
          </span>
        </div>
      </div>
      <div className="text-sm text-text-muted">
        {key.last_used_at === null ? (
          'Never used'
        ) : (
          <>
            Used <TimeAgo at={key.last_used_at} />
            {key.last_used_address ? ` from ${key.last_used_address}` : ''}
          </>
        )}
        {key.expires_at !== null && !isExpired ? <span className="block">Ends {exactTime(key.expires_at)}</span> : null}
      </div>
      <div className="flex gap-1">
        <Button size="sm" onClick={() => setAsking('rotate')}>
          Rotate
        </Button>
        <Button size="sm" variant="ghost" onClick={() => setAsking('revoke')}>
          Revoke
        </Button>
      </div>
      <ConfirmDialog
        open={asking === 'rotate'}
        onOpenChange={ask('rotate')}
        title={`Rotate “${key.name}”?`}
        description="A new key that does the same is made. The old one goes on working for a day, so that apps can change over."
        confirm="Rotate key"
        onConfirm={async () => {
          const { secret } = await client.keys.rotate({ databaseId, keyId: key.id })
          props.onMade(secret)
        }}
      />
      <ConfirmDialog
        open={asking === 'revoke'}
        onOpenChange={ask('revoke')}
        title={`Revoke “${key.name}”?`}
        description="Every app and server that uses this key is refused from this moment on. It cannot be brought back."
        confirm="Revoke key"
        danger
        onConfirm={async () => {
          await client.keys.revoke({ databaseId, keyId: key.id }).catch((error: unknown) => {
            throw toAppError(error)
          })
          props.onChanged()
        }}
      />
    </li>
  )
}
