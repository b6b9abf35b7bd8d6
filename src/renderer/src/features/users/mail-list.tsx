import { useApi } from '@renderer/bridge/api'
import { Badge } from '@renderer/ui/badge'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { Skeleton } from '@renderer/ui/skeleton'
import { TimeAgo } from '@renderer/ui/time-ago'
import { useQuery } from '@tanstack/react-query'
import { Mail } from 'lucide-react'
import { Fragment } from 'react'

/** What was sent to users; without a mail server, what would have been. */
export function MailList({ databaseId }: { readonly databaseId: string }) {
  const { query } = useApi()
  const { data, error, refetch } = useQuery({
    ...query.endUsers.mails.queryOptions({ input: { databaseId } }),
    refetchInterval: 10_000,
  })
  if (error && !data)
    return <ErrorState error={error} title="The mails could not be loaded" onRetry={() => void refetch()} />
  if (!data) return <Skeleton className="h-24 w-full" />
  if (data.mails.length === 0)
    return (
      <EmptyState icon={Mail} title="No mails yet">
        Links to confirm an address or to choose a password appear here, until a mail server is named under Sign-in.
      </EmptyState>
    )
  return (
    <ul className="divide-y divide-border overflow-hidden rounded-lg border border-border bg-bg-raised">
      {data.mails.map((mail) => (
        <li key={mail.id}>
          <details className="group">
            <summary className="flex min-h-11 cursor-default items-center gap-3 px-4 py-2 hover:bg-bg-hover">
              <span className="min-w-0 flex-1 truncate">
                <span className="font-medium">{mail.subject}</span>{' '}
                <span className="text-text-muted">to {mail.recipient}</span>
              </span>
              {mail.delivered_at ? (
                <Badge tone="success">Sent</Badge>
              ) : mail.problem ? (
                <Badge tone="danger">Not sent</Badge>
              ) : (
                <Badge>Only here</Badge>
              )}
              <TimeAgo at={mail.at} className="shrink-0 text-sm text-text-muted" />
            </summary>
            {mail.problem ? <p className="px-4 pb-2 text-danger">The mail server said: {mail.problem}</p> : null}
            <p className="px-4 pb-4 break-words whitespace-pre-wrap select-text">
              <WithLinks text={mail.body} />
            </p>
          </details>
        </li>
      ))}
    </ul>
  )
}

function WithLinks({ text }: { readonly text: string }) {
  return text.split(/(https?:\/\/\S+)/).map((part, index) =>
    /^https?:/.test(part) ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a text that never changes
      <a key={index} href={part} target="_blank" rel="noreferrer" className="text-accent-text underline break-all">
        {part}
      </a>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: a text that never changes
      <Fragment key={index}>{part}</Fragment>
    ),
  )
}
