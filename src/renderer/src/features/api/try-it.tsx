import { toAppError, useApi } from '@renderer/bridge/api'
import { Badge } from '@renderer/ui/badge'
import { Button } from '@renderer/ui/button'
import { Field, TextArea, TextInput } from '@renderer/ui/field'
import { Panel } from '@renderer/ui/panel'
import { Select } from '@renderer/ui/select'
import type { Table } from '@shared/contract/tables.contract'
import { useMutation } from '@tanstack/react-query'
import { Play } from 'lucide-react'
import { useState } from 'react'
import { PersonPicker } from './person-picker'

const methods = ['GET', 'POST', 'PATCH', 'DELETE'] as const

const others = [
  { value: 'anonymous', label: 'Nobody in particular' },
  { value: 'secret', label: 'A secret key' },
]

/** One call of the data API, made as somebody. What it writes stays. */
export function TryIt({ databaseId, table }: { readonly databaseId: string; readonly table: Table }) {
  const { query } = useApi()
  const [method, setMethod] = useState<(typeof methods)[number]>('GET')
  const [search, setSearch] = useState('select=*&limit=5')
  const [body, setBody] = useState('{}')
  const [as, setAs] = useState('anonymous')
  const run = useMutation(query.api.tryCall.mutationOptions())
  const problem = method === 'POST' || method === 'PATCH' ? jsonProblem(body) : null
  const who = as === 'anonymous' || as === 'secret' ? as : { user: as }
  return (
    <Panel title="Try it">
      <form
        className="flex flex-col gap-3 px-4 py-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (problem === null)
            run.mutate({
              databaseId,
              method,
              tableName: table.table_name,
              search,
              as: who,
              ...(method === 'POST' || method === 'PATCH' ? { body: JSON.parse(body) } : {}),
            })
        }}
      >
        <div className="grid grid-cols-2 gap-3">
          <Field label="Call">
            <Select
              value={method}
              options={methods.map((value) => ({ value, label: value }))}
              onValueChange={(value) => setMethod(methods.find((one) => one === value) ?? 'GET')}
            />
          </Field>
          <Field label="As">
            <PersonPicker databaseId={databaseId} others={others} value={as} onValueChange={setAs} />
          </Field>
        </div>
        <Field label={`/rest/v1/${table.table_name}?`}>
          <TextInput mono value={search} onChange={(event) => setSearch(event.target.value)} />
        </Field>
        {method === 'POST' || method === 'PATCH' ? (
          <Field label="Body" error={problem}>
            <TextArea mono rows={4} value={body} onChange={(event) => setBody(event.target.value)} />
          </Field>
        ) : null}
        <div>
          <Button type="submit" variant="primary" icon={Play} disabled={run.isPending || problem !== null}>
            Send
          </Button>
        </div>
        {run.error ? (
          <p role="alert" className="text-sm text-danger">
            {toAppError(run.error).message}
          </p>
        ) : null}
        {run.data ? (
          <output className="flex flex-col gap-2">
            <span className="flex items-center gap-2">
              <Badge tone={run.data.status < 400 ? 'success' : 'danger'}>{run.data.status}</Badge>
              <span className="text-sm text-text-muted tabular-nums">{Math.round(run.data.ms)} ms</span>
            </span>
            <pre className="max-h-72 overflow-auto rounded-md border border-border bg-bg-subtle p-3 font-mono text-sm wrap-anywhere whitespace-pre-wrap select-text">
              {run.data.body === null ? 'No body' : JSON.stringify(run.data.body, null, 2)}
            </pre>
          </output>
        ) : null}
      </form>
    </Panel>
  )
}

function jsonProblem(text: string): string | null {
  try {
    JSON.parse(text)
    return null
  } catch {
    return 'This is not JSON. Check its quotes, commas and brackets.'
  }
}
