import { useCurrentProject } from '@renderer/app/current-project'
import { paths } from '@renderer/app/paths'
import { toAppError, useApi } from '@renderer/bridge/api'
import { Setting, SettingsGroup } from '@renderer/features/settings/setting'
import { Button } from '@renderer/ui/button'
import { ErrorState } from '@renderer/ui/error-state'
import { NumberInput, TextArea } from '@renderer/ui/field'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import type { ApiSettings } from '@shared/contract/api.contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'

const rateNames = [
  ['key', 'Of one key'],
  ['address', 'Of one address'],
  ['user', 'Of one signed-in person'],
] as const

/** How much apps may ask, and from where. */
export function ApiLimits({ databaseId }: { readonly databaseId: string }) {
  const { query } = useApi()
  const { project } = useCurrentProject()
  const { data, error, refetch } = useQuery(query.api.settings.queryOptions({ input: { databaseId } }))
  if (error && !data)
    return <ErrorState error={error} title="The limits could not be read" onRetry={() => void refetch()} />
  if (!data) return <Skeleton className="h-80 w-full" />
  return (
    <div className="flex max-w-200 flex-col gap-6">
      <LimitsForm key={JSON.stringify(data.settings)} databaseId={databaseId} known={data.settings} />
      <p className="text-text-muted">
        What the plan allows, and what is used of it, is in the{' '}
        <Link className="text-accent-text underline" to={`${paths.projectSettings(project.id)}#space`}>
          settings of the project
        </Link>
        .
      </p>
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
