import { toAppError, useApi } from '@renderer/bridge/api'
import { ConfirmDialog } from '@renderer/ui/dialog'
import { Select } from '@renderer/ui/select'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import { useLast } from '@renderer/ui/use-last'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Setting, SettingsGroup } from './setting'

const choices = [7, 30, 90, 180, 365, 730, 3650]

/** How far back histories and undo go. */
export function HistorySettings({ databaseId }: { readonly databaseId: string }) {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const options = query.changes.retention.queryOptions({ input: { databaseId } })
  const { data, error } = useQuery(options)
  const [shorter, setShorter] = useState<number | null>(null)
  const asked = useLast(shorter)

  async function keep(days: number) {
    queryClient.setQueryData(options.queryKey, await client.changes.setRetention({ databaseId, days }))
    toast.success(`Changes are kept for ${inWords(days)}.`)
  }
  function choose(value: string) {
    const days = Number(value)
    // What is forgotten does not come back with a longer time.
    if (data && days < data.days) setShorter(days)
    else keep(days).catch((failure: unknown) => toast.error(toAppError(failure).message))
  }

  const days = data?.days
  const offered = days === undefined || choices.includes(days) ? choices : [...choices, days].sort((a, b) => a - b)
  return (
    <SettingsGroup id="history" title="History">
      <Setting label="Keep changes for" hint="The histories of records and undo go back so far.">
        {error ? (
          <span role="alert" className="text-danger">
            {toAppError(error).message}
          </span>
        ) : days === undefined ? (
          <Skeleton className="h-7 w-32" />
        ) : (
          <Select
            aria-label="Keep changes for"
            className="w-32!"
            value={String(days)}
            options={offered.map((choice) => ({ value: String(choice), label: inWords(choice) }))}
            onValueChange={choose}
          />
        )}
      </Setting>
      <ConfirmDialog
        open={shorter !== null}
        onOpenChange={(open) => !open && setShorter(null)}
        title={`Keep changes for ${inWords(asked ?? 0)} only?`}
        description="Older changes are forgotten for good: they can no longer be read or undone. Records stay as they are."
        confirm="Forget older changes"
        danger
        onConfirm={() => (shorter === null ? undefined : keep(shorter))}
      />
    </SettingsGroup>
  )
}

function inWords(days: number): string {
  if (days % 365 === 0) return days === 365 ? '1 year' : `${days / 365} years`
  return days === 1 ? '1 day' : `${days} days`
}
