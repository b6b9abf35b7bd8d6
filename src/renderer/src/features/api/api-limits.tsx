import { toAppError, useApi } from '@renderer/bridge/api'
import { Setting, SettingsGroup } from '@renderer/features/settings/setting'
import { Button } from '@renderer/ui/button'
import { ErrorState } from '@renderer/ui/error-state'
import { NumberInput, TextArea } from '@renderer/ui/field'
import { formatBytes, formatCount } from '@renderer/ui/figures'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import type { ApiSettings } from '@shared/contract/api.contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

const rateNames = [
  ['key', 'Of one key'],
  ['address', 'Of one address'],
  ['user', 'Of one signed-in person'],
] as const

/** How much apps may ask, from where, and how much of the plan is used. */
export function ApiLimits({ databaseId }: { readonly databaseId: string }) {
  const { query } = useApi()
  const { data, error, refetch } = useQuery(query.api.settings.queryOptions({ input: { databaseId } }))
  if (error && !data)
    return <ErrorState error={error} title="The limits could not be read" onRetry={() => void refetch()} />
  if (!data) return <Skeleton className="h-80 w-full" />
  const { plan, usage } = data
  return (
    <div className="flex max-w-200 flex-col gap-6">
      <LimitsForm key={JSON.stringify(data.settings)} databaseId={databaseId} known={data.settings} />
      <SettingsGroup id="plan" title={`Plan: ${plan.name}`}>
        <Used label="Storage" used={usage.bytes} limit={plan.bytes} format={formatBytes} />
        <Used label="Records" used={usage.records} limit={plan.records} format={formatCount} />
        <Used label="Requests this month" used={usage.requests} limit={plan.requests} format={formatCount} />
      </SettingsGroup>
    </div>
  )
}

function LimitsForm({ databaseId, known }: { readonly databaseId: string; readonly known: ApiSettings }) {
  const { query } = useApi()
  const queryClient = useQueryClient()
  const [origins, setOrigins] = useState(known.origins?.join('\n') ?? '')
  const [rates, setRates] = useState({
    key: String(known.rates.key),
    address: String(known.rates.address),
    user: String(known.rates.user),
  })
  const lines = origins.split(/\s+/).filter((line) => line !== '')
  const next = {
    origins: lines.length === 0 ? null : lines,
    rates: { key: Number(rates.key), address: Number(rates.address), user: Number(rates.user) },
  }
  const isChanged = JSON.stringify(next) !== JSON.stringify(known)
  const save = useMutation(
    query.api.setSettings.mutationOptions({
      async onSuccess() {
        await queryClient.invalidateQueries({ queryKey: query.api.settings.queryKey({ input: { databaseId } }) })
        toast.success('The limits are saved.')
      },
    }),
  )
  return (
    <form
      className="flex flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ databaseId, ...next })
      }}
    >
      <SettingsGroup id="origins" title="Pages that may call">
        <Setting
          label="Origins"
          hint="One a line, like https://app.example.org. Empty lets pages of every origin read answers (CORS)."
        >
          <TextArea
            aria-label="Origins"
            mono
            rows={3}
            spellCheck={false}
            className="w-80!"
            placeholder="https://app.example.org"
            value={origins}
            onChange={(event) => setOrigins(event.target.value)}
          />
        </Setting>
      </SettingsGroup>
      <SettingsGroup id="rates" title="Requests a minute">
        {rateNames.map(([name, label]) => (
          <Setting key={name} label={label}>
            <NumberInput
              aria-label={`Requests a minute ${label.toLowerCase()}`}
              className="w-32!"
              value={rates[name]}
              onValueChange={(text) => setRates((old) => ({ ...old, [name]: text }))}
            />
          </Setting>
        ))}
      </SettingsGroup>
      {save.error ? (
        <p role="alert" className="text-danger">
          {toAppError(save.error).message}
        </p>
      ) : null}
      <div className="flex justify-end gap-2">
        <Button type="submit" size="lg" variant="primary" disabled={!isChanged || save.isPending}>
          Save limits
        </Button>
      </div>
    </form>
  )
}

function Used(props: {
  readonly label: string
  readonly used: number
  readonly limit: number | null
  readonly format: (value: number) => string
}) {
  const { label, used, limit, format } = props
  return (
    <Setting label={label} hint={limit === null ? 'No limit' : `${Math.round((used / limit) * 100)} % of the plan`}>
      <span className="tabular-nums">
        {format(used)}
        {limit === null ? '' : ` of ${format(limit)}`}
      </span>
      {limit === null ? null : (
        <meter className="sr-only" aria-label={label} min={0} max={limit} value={Math.min(used, limit)} />
      )}
      {limit === null ? null : (
        <span aria-hidden className="ml-3 h-1.5 w-32 overflow-hidden rounded-full bg-bg-active">
          <span className="block h-full bg-accent" style={{ width: `${Math.min(100, (used / limit) * 100)}%` }} />
        </span>
      )}
    </Setting>
  )
}
