import { useApi } from '@renderer/bridge/api'
import { Setting, SettingsGroup } from '@renderer/features/settings/setting'
import { Button } from '@renderer/ui/button'
import { ErrorState, errorFacts } from '@renderer/ui/error-state'
import { NumberInput, Switch, TextInput } from '@renderer/ui/field'
import { Select } from '@renderer/ui/select'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import type { AuthSettings } from '@shared/contract/end-users.contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { MailSettings } from './mail-settings'

/** How people of the app sign up and in. What is changed is saved together. */
export function SignInSettings({ databaseId }: { readonly databaseId: string }) {
  const { query } = useApi()
  const { data, error, refetch } = useQuery(query.endUsers.settings.queryOptions({ input: { databaseId } }))
  if (error && !data)
    return <ErrorState error={error} title="The settings could not be loaded" onRetry={() => void refetch()} />
  if (!data) return <Skeleton className="h-64 w-full" />
  return <SettingsForm key={JSON.stringify(data.settings)} databaseId={databaseId} known={data.settings} />
}

const lifetimes = [
  ['900', '15 minutes'],
  ['3600', '1 hour'],
  ['28800', '8 hours'],
  ['86400', '1 day'],
] as const

function SettingsForm({ databaseId, known }: { readonly databaseId: string; readonly known: AuthSettings }) {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const [settings, setSettings] = useState(known)
  const [mailPassword, setMailPassword] = useState<string | undefined>(undefined)
  const [redirects, setRedirects] = useState(known.redirectUrls.join('\n'))
  const change = (part: Partial<AuthSettings>) => setSettings((old) => ({ ...old, ...part }))
  const next = { ...settings, redirectUrls: redirects.split(/\s+/).filter((line) => line !== '') }
  const isChanged = JSON.stringify(next) !== JSON.stringify(known) || mailPassword !== undefined
  const save = useMutation({
    mutationFn: () =>
      client.endUsers.updateSettings({
        databaseId,
        settings: next,
        ...(mailPassword === undefined ? {} : { mailPassword }),
      }),
    onSuccess(saved) {
      queryClient.setQueryData(query.endUsers.settings.queryKey({ input: { databaseId } }), saved)
      toast.success('The sign-in settings are saved.')
    },
  })
  const lifetime = String(settings.tokenLifetime)
  const offered = lifetimes.some(([value]) => value === lifetime)
    ? lifetimes
    : [...lifetimes, [lifetime, `${lifetime} seconds`] as const]
  return (
    <form
      className="flex flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <SettingsGroup id="sign-up" title="Signing up">
        <Setting label="Anybody may sign up" hint="Otherwise people are invited or created here.">
          <Switch
            aria-label="Anybody may sign up"
            checked={settings.signUps}
            onCheckedChange={(signUps) => change({ signUps })}
          />
        </Setting>
        <Setting label="Confirm the address first" hint="A link is sent to a new address, and signing in waits for it.">
          <Switch
            aria-label="Confirm the address first"
            checked={settings.confirmEmail}
            onCheckedChange={(confirmEmail) => change({ confirmEmail })}
          />
        </Setting>
        <Setting label="Shortest password" hint="Characters, 6 to 72.">
          <NumberInput
            aria-label="Shortest password"
            className="w-20!"
            value={String(settings.passwordLength)}
            onValueChange={(text) => change({ passwordLength: Number(text) })}
          />
        </Setting>
        <Setting label="Access tokens live for" hint="A signed-in app gets the next one by itself.">
          <Select
            aria-label="Access tokens live for"
            className="w-32!"
            value={lifetime}
            options={offered.map(([value, label]) => ({ value, label }))}
            onValueChange={(value) => change({ tokenLifetime: Number(value) })}
          />
        </Setting>
        <Setting
          label="Work of a password's hash"
          hint="bcrypt's cost, 10 to 15. Each step doubles the time of a sign-in."
        >
          <NumberInput
            aria-label="Work of a password's hash"
            className="w-20!"
            value={String(settings.bcryptCost)}
            onValueChange={(text) => change({ bcryptCost: Number(text) })}
          />
        </Setting>
      </SettingsGroup>
      <SettingsGroup id="links" title="Links in mails">
        <Setting label="Site" hint="Links lead there with the session. Empty shows a plain page.">
          <TextInput
            aria-label="Site"
            type="url"
            className="w-72!"
            placeholder="https://app.example.org"
            value={settings.siteUrl ?? ''}
            onChange={(event) => change({ siteUrl: event.target.value === '' ? null : event.target.value })}
          />
        </Setting>
        <Setting label="Other addresses" hint="One a line; the app may ask for any page below them.">
          <textarea
            aria-label="Other addresses"
            rows={3}
            spellCheck={false}
            className="w-72 rounded-md border border-border-strong bg-bg px-2 py-1 font-mono text-sm"
            value={redirects}
            onChange={(event) => setRedirects(event.target.value)}
          />
        </Setting>
      </SettingsGroup>
      <MailSettings
        databaseId={databaseId}
        mail={settings.mail}
        isSaved={!isChanged}
        onChange={(mail) => change({ mail })}
        password={mailPassword}
        onPassword={setMailPassword}
      />
      {save.error ? (
        <p role="alert" className="text-danger">
          {errorFacts(save.error).message}
        </p>
      ) : null}
      <div className="sticky bottom-0 -mx-1 flex justify-end gap-2 bg-bg px-1 py-3">
        <Button
          type="button"
          size="lg"
          disabled={!isChanged || save.isPending}
          onClick={() => {
            setSettings(known)
            setRedirects(known.redirectUrls.join('\n'))
            setMailPassword(undefined)
          }}
        >
          Discard
        </Button>
        <Button type="submit" size="lg" variant="primary" disabled={!isChanged || save.isPending}>
          Save settings
        </Button>
      </div>
    </form>
  )
}
