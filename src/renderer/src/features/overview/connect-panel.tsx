import { useApi } from '@renderer/bridge/api'
import { setUp, tableSnippets } from '@renderer/features/api/rest-snippets'
import { DatabaseLogin } from '@renderer/features/connection/database-login'
import { CopyButton } from '@renderer/ui/copy-button'
import { Fact } from '@renderer/ui/fact'
import { Panel } from '@renderer/ui/panel'
import { Segmented } from '@renderer/ui/segmented'
import { Select } from '@renderer/ui/select'
import { Skeleton } from '@renderer/ui/skeleton'
import type { Overview } from '@shared/contract/databases.contract'
import type { Table } from '@shared/contract/tables.contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { AccessToken } from './access-token'
import { type SnippetKind, snippet } from './snippets'

/** Where the database is, calls of its API that are ready to run, and its login for other programs. */
export function ConnectPanel(props: { readonly overview: Overview | undefined; readonly databaseId: string }) {
  const { overview } = props
  const [kind, setKind] = useState<SnippetKind | 'app'>('app')
  const [chosen, setChosen] = useState<string | null>(null)
  const tables = overview?.tables ?? []
  const table = tables.find(({ table_name }) => table_name === chosen) ?? tables[0]
  const { query } = useApi()
  const key = useQuery({
    ...query.keys.snippet.queryOptions({ input: { databaseId: props.databaseId } }),
    staleTime: 60_000,
  })
  const place =
    overview && key.data
      ? { baseUrl: `${overview.connection.api_url}/p/${overview.database.ref}`, key: key.data.secret }
      : null
  const text =
    overview && table && kind === 'app'
      ? place && appSnippet(place, table)
      : overview && table && kind !== 'app'
        ? snippet(kind, { apiUrl: overview.connection.api_url, databaseId: overview.database.id, table })
        : null
  return (
    <Panel title="Connect" id="connect">
      <dl className="divide-y divide-border border-b border-border">
        <Fact name="API address" value={overview?.connection.api_url} copy="Copy the API address" />
        <Fact name="Database id" value={overview?.database.id} copy="Copy the database id" />
        <Fact
          name="Server"
          value={overview && `${overview.connection.server}${overview.connection.embedded ? ', embedded' : ''}`}
          copy="Copy the server"
        />
      </dl>
      <div className="flex flex-wrap items-center justify-between gap-2 px-4 pt-3 pb-2">
        <Segmented
          aria-label="Call"
          value={kind}
          onValueChange={setKind}
          options={[
            { value: 'app', label: 'App' },
            { value: 'query', label: 'Query' },
            { value: 'create', label: 'Create' },
          ]}
        />
        {tables.length > 1 ? (
          <Select
            aria-label="Table of the example"
            className="w-auto! max-w-44"
            value={table?.table_name ?? ''}
            options={tables.map(({ table_name }) => ({ value: table_name, label: table_name }))}
            onValueChange={setChosen}
          />
        ) : null}
      </div>
      <div className="relative mx-4 mb-3 rounded-md border border-border bg-bg-subtle">
        {overview === undefined || (table && text === null) ? (
          <div className="flex h-28 flex-col gap-2 p-3">
            <Skeleton className="h-4 w-[85%]" />
            <Skeleton className="h-4 w-[60%]" />
            <Skeleton className="h-4 w-[70%]" />
          </div>
        ) : text === null ? (
          <p className="p-3 text-text-muted">Create a table first; its calls appear here.</p>
        ) : (
          <>
            <pre className="p-3 pr-10 font-mono text-sm wrap-anywhere whitespace-pre-wrap select-text">{text}</pre>
            <CopyButton text={text} label="Copy the call" className="absolute top-1.5 right-1.5 bg-bg-subtle" />
          </>
        )}
      </div>
      {kind === 'app' ? null : <AccessToken />}
      <DatabaseLogin databaseId={props.databaseId} />
    </Panel>
  )
}

/** Of an app, with the key that it may carry: it runs as it stands. */
function appSnippet(place: Parameters<typeof setUp>[1], table: Table): string {
  const [read] = tableSnippets('typescript', place, table)
  return `${setUp('typescript', place)}\n\n${read?.text ?? ''}`
}
