import { toAppError, useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { Switch, TextInput } from '@renderer/ui/field'
import { formatCount } from '@renderer/ui/figures'
import { Select } from '@renderer/ui/select'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import type { Consent, AssistantSettings as Settings } from '@shared/contract/assistant.contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Setting, SettingsGroup } from './setting'

const consents: readonly { readonly value: Consent; readonly label: string; readonly hint: string }[] = [
  { value: 'none', label: 'Nothing', hint: 'Only the words you type are sent. Asking about your tables needs more.' },
  { value: 'schema', label: 'The schema', hint: 'Names and types of tables and columns are sent, never a record.' },
  {
    value: 'samples',
    label: 'Schema and samples',
    hint: 'Up to 3 records of each table are sent as well, never a password.',
  },
]

/** Which model is asked, with which key, and what it may be told. */
export function AssistantSettings() {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const options = query.assistant.settings.queryOptions()
  const { data, error } = useQuery(options)

  async function save(change: Parameters<typeof client.assistant.saveSettings>[0], done?: string): Promise<boolean> {
    try {
      queryClient.setQueryData(options.queryKey, await client.assistant.saveSettings(change))
      if (done !== undefined) toast.success(done)
      return true
    } catch (failure) {
      toast.error(toAppError(failure).message)
      return false
    }
  }
  return (
    <SettingsGroup id="ai" title="AI">
      {error ? (
        <p role="alert" className="px-4 py-3 text-danger">
          {toAppError(error).message}
        </p>
      ) : data === undefined ? (
        <div className="px-4 py-4">
          <Skeleton className="h-5 w-64" />
        </div>
      ) : (
        <>
          <Setting label="Use AI" hint="Describe databases, ask in words, fix and explain SQL.">
            <Switch aria-label="Use AI" checked={data.enabled} onCheckedChange={(enabled) => void save({ enabled })} />
          </Setting>
          {data.enabled ? <Details data={data} save={save} /> : null}
        </>
      )}
    </SettingsGroup>
  )
}

interface DetailsProps {
  readonly data: Settings
  readonly save: (
    change: {
      readonly consent?: Consent
      readonly model?: string
      readonly serverUrl?: string | null
      readonly key?: string | null
    },
    done?: string,
  ) => Promise<boolean>
}

function Details({ data, save }: DetailsProps) {
  return (
    <>
      <Key data={data} save={save} />
      <Line
        label="Model"
        hint="codestral-latest, unless you have another one in mind."
        value={data.model}
        onSave={(model) => save({ model }, `Questions go to ${model}.`)}
      />
      {data.mayChangeServer ? (
        <Line
          label="Address"
          hint="Any server that speaks the protocol of Mistral. Empty for the usual one."
          value={data.ownServer ? data.serverUrl : ''}
          placeholder={data.serverUrl}
          onSave={(address) => save({ serverUrl: address === '' ? null : address }, 'The address is saved.')}
        />
      ) : (
        <Setting label="Address" hint="Chosen by who runs this server.">
          <span className="truncate font-mono text-sm">{data.serverUrl}</span>
        </Setting>
      )}
      <Setting label="What may be sent" hint={consents.find(({ value }) => value === data.consent)?.hint}>
        <Select
          aria-label="What may be sent"
          className="w-48!"
          value={data.consent}
          options={consents.map(({ value, label }) => ({ value, label }))}
          onValueChange={(consent) => void save({ consent })}
        />
      </Setting>
    </>
  )
}

function Key({ data, save }: DetailsProps) {
  const { client } = useApi()
  const [key, setKey] = useState('')
  const [said, setSaid] = useState<{ readonly good: boolean; readonly text: string } | null>(null)
  const [busy, setBusy] = useState(false)

  async function test() {
    setBusy(true)
    setSaid(null)
    try {
      const { hasModel, models, ms } = await client.assistant.test()
      setSaid(
        hasModel
          ? { good: true, text: `It works: ${data.model} answers (${formatCount(ms)} ms).` }
          : {
              good: false,
              text: `The key works, but there is no model "${data.model}". There are ${models.slice(0, 6).join(', ')}.`,
            },
      )
    } catch (error) {
      setSaid({ good: false, text: toAppError(error).message })
    } finally {
      setBusy(false)
    }
  }
  async function submit() {
    if (key.trim() === '') return
    if (!(await save({ key: key.trim() }))) return
    setKey('')
    await test()
  }
  return (
    <Setting
      label="Key"
      hint={
        <>
          {hints[data.key]}
          {data.missing ? <span className="block text-warning">{data.missing}</span> : null}
          {said ? (
            <span role="status" className={said.good ? 'block text-success' : 'block text-danger'}>
              {said.text}
            </span>
          ) : null}
        </>
      }
    >
      <form
        className="flex min-w-0 flex-wrap justify-end gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <TextInput
          mono
          type="password"
          autoComplete="off"
          aria-label="Key"
          className="w-52"
          value={key}
          placeholder={data.key === 'settings' ? 'Replace the key' : 'Paste a key'}
          onChange={(event) => setKey(event.target.value)}
        />
        {key.trim() === '' ? (
          <Button disabled={busy || data.missing !== null} onClick={() => void test()}>
            Test key
          </Button>
        ) : (
          <Button variant="primary" type="submit" disabled={busy}>
            Save and test
          </Button>
        )}
        {data.key === 'settings' ? (
          <Button onClick={() => void save({ key: null }, 'The key is forgotten.').then(() => setSaid(null))}>
            Forget key
          </Button>
        ) : null}
      </form>
    </Setting>
  )
}

const hints: Readonly<Record<Settings['key'], string>> = {
  none: 'It is kept in this system’s keychain, or encrypted where there is none.',
  settings: 'Kept, and never shown again.',
  environment: 'The studio was started with MISTRAL_API_KEY.',
}

function Line(props: {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly placeholder?: string
  readonly onSave: (value: string) => Promise<boolean>
}) {
  const [text, setText] = useState(props.value)
  const changed = text.trim() !== props.value
  return (
    <Setting label={props.label} hint={props.hint}>
      <form
        className="flex min-w-0 gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (changed) void props.onSave(text.trim()).then((saved) => saved && setText(text.trim()))
        }}
      >
        <TextInput
          mono
          aria-label={props.label}
          className="w-60"
          value={text}
          placeholder={props.placeholder}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" aria-label={`Save ${props.label.toLowerCase()}`} disabled={!changed}>
          Save
        </Button>
      </form>
    </Setting>
  )
}
