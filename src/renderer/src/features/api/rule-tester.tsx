import { toAppError, useApi } from '@renderer/bridge/api'
import { Badge } from '@renderer/ui/badge'
import { Button } from '@renderer/ui/button'
import { Field, TextArea } from '@renderer/ui/field'
import { countOf } from '@renderer/ui/figures'
import { Panel } from '@renderer/ui/panel'
import { Select } from '@renderer/ui/select'
import type { Table } from '@shared/contract/tables.contract'
import { type Verb, verbs } from '@shared/domain/access-rule'
import { isJsonObject } from '@shared/json'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { PersonPicker } from './person-picker'

const nobody = [{ value: 'anonymous', label: 'Not signed in' }]

const verbOptions: ReadonlyArray<{ readonly value: Verb; readonly label: string }> = [
  { value: 'select', label: 'Read' },
  { value: 'insert', label: 'Create' },
  { value: 'update', label: 'Change' },
  { value: 'delete', label: 'Delete' },
]

/** Which records somebody reaches, and because of which rule. Writes are tried and taken back. */
export function RuleTester(props: {
  readonly databaseId: string
  readonly tables: readonly Table[]
  readonly table: Table
  readonly onTable: (id: string) => void
  /** Another one when rules have changed: the result is asked for again. */
  readonly version: string
}) {
  const { databaseId, table } = props
  const { query } = useApi()
  const [verb, setVerb] = useState<Verb>('select')
  const [as, setAs] = useState('anonymous')
  const [text, setText] = useState('{}')
  const [record, setRecord] = useState<string>('{}')
  const needsRecord = verb === 'insert' || verb === 'update'
  const parsed = recordOf(text)
  const values = recordOf(record)
  const input = {
    databaseId,
    tableId: table.id,
    verb,
    as: as === 'anonymous' ? ('anonymous' as const) : { user: as },
    ...(needsRecord && values ? { record: values } : {}),
  }
  const { data, error, isFetching } = useQuery({
    ...query.rules.test.queryOptions({ input }),
    queryKey: [...query.rules.test.queryKey({ input }), props.version],
    retry: false,
  })
  return (
    <Panel title="Test the rules">
      <div className="grid grid-cols-3 gap-3 border-b border-border px-4 py-3 max-sm:grid-cols-1">
        <Field label="As">
          <PersonPicker databaseId={databaseId} others={nobody} value={as} onValueChange={setAs} />
        </Field>
        <Field label="Do">
          <Select
            value={verb}
            options={verbOptions}
            onValueChange={(value) => setVerb(verbs.find((one) => one === value) ?? 'select')}
          />
        </Field>
        <Field label="Table">
          <Select
            value={table.id}
            options={props.tables.map(({ id, table_name }) => ({ value: id, label: table_name }))}
            onValueChange={props.onTable}
          />
        </Field>
        {needsRecord ? (
          <div className="col-span-full flex flex-col gap-2">
            <Field
              label={verb === 'insert' ? 'The record' : 'The values to set'}
              error={parsed === null ? 'This is not a JSON object.' : null}
              hint="It is tried in a transaction that is rolled back."
            >
              <TextArea mono rows={3} value={text} onChange={(event) => setText(event.target.value)} />
            </Field>
            <Button
              className="self-start"
              disabled={parsed === null || text === record}
              onClick={() => setRecord(text)}
            >
              Try it
            </Button>
          </div>
        ) : null}
      </div>
      <div aria-live="polite" className="flex flex-col" aria-busy={isFetching}>
        {error ? (
          <p role="alert" className="px-4 py-3 text-danger">
            {toAppError(error).message}
          </p>
        ) : null}
        {data ? (
          <>
            <p className="px-4 pt-3">{data.sentence}</p>
            {verb === 'insert' ? null : (
              <p className="px-4 pt-1 pb-2 text-sm text-text-muted tabular-nums">
                {countOf(data.allowed, 'record')} reached, {countOf(data.refused, 'record')} not.
              </p>
            )}
            {data.outcome ? (
              <div className="flex flex-col gap-2 px-4 py-2">
                <p className="flex items-center gap-2">
                  <Badge tone={data.outcome.ok ? 'success' : 'danger'}>{data.outcome.ok ? 'Allowed' : 'Refused'}</Badge>
                  {data.outcome.sentence}
                </p>
                {data.outcome.record === undefined ? null : (
                  <pre className="max-h-48 overflow-auto rounded-md border border-border bg-bg-subtle p-3 font-mono text-sm wrap-anywhere whitespace-pre-wrap">
                    {JSON.stringify(data.outcome.record, null, 2)}
                  </pre>
                )}
              </div>
            ) : null}
            {data.records.length > 0 ? (
              <ul
                className="max-h-80 divide-y divide-border overflow-y-auto border-t border-border"
                aria-label="Records"
              >
                {data.records.map((one) => (
                  <li key={one.id} className="flex items-center gap-3 px-4 py-1.5">
                    <Badge tone={one.allowed ? 'success' : 'neutral'}>{one.allowed ? 'Yes' : 'No'}</Badge>
                    <span className="min-w-0 flex-1 truncate">{one.label}</span>
                    <span className="text-sm text-text-muted">{one.because.replace(/^(Allowed|Refused): /, '')}</span>
                  </li>
                ))}
              </ul>
            ) : null}
          </>
        ) : null}
      </div>
    </Panel>
  )
}

function recordOf(text: string) {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : null
  } catch {
    return null
  }
}
