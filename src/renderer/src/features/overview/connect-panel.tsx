import { CopyButton } from '@renderer/ui/copy-button'
import { Panel } from '@renderer/ui/panel'
import { Segmented } from '@renderer/ui/segmented'
import { Select } from '@renderer/ui/select'
import { Skeleton } from '@renderer/ui/skeleton'
import type { Overview } from '@shared/contract/databases.contract'
import { useState } from 'react'
import { AccessToken } from './access-token'
import { type SnippetKind, snippet } from './snippets'

/** Where the database is, and calls of its API that are ready to run. */
export function ConnectPanel({ overview }: { readonly overview: Overview | undefined }) {
  const [kind, setKind] = useState<SnippetKind>('query')
  const [chosen, setChosen] = useState<string | null>(null)
  const tables = overview?.tables ?? []
  const table = tables.find(({ table_name }) => table_name === chosen) ?? tables[0]
  const text =
    overview && table
      ? snippet(kind, { apiUrl: overview.connection.api_url, databaseId: overview.database.id, table })
      : null
  return (
    <Panel title="Connect" id="connect">
      <dl className="divide-y divide-border border-b border-border">
        <Fact name="API address" value={overview?.connection.api_url} />
        <Fact name="Database id" value={overview?.database.id} />
        <Fact
          name="Server"
          value={overview && `${overview.connection.server}${overview.connection.embedded ? ', embedded' : ''}`}
        />
      </dl>
      <div className="flex flex-wrap items-center justify-between gap-2 px-4 pt-3 pb-2">
        <Segmented
          aria-label="Call"
          value={kind}
          onValueChange={setKind}
          options={[
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
        {overview === undefined ? (
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
      <AccessToken />
    </Panel>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string | undefined }) {
  return (
    <div className="flex h-9 items-center gap-3 pr-2 pl-4">
      <dt className="w-28 shrink-0 text-text-muted">{name}</dt>
      <dd className="flex min-w-0 flex-1 items-center justify-between gap-1">
        {value === undefined ? (
          <Skeleton className="h-4 w-52" />
        ) : (
          <>
            <code className="truncate font-mono text-sm select-text" title={value}>
              {value}
            </code>
            <CopyButton text={value} label={`Copy the ${name === 'Server' ? 'server' : name}`} />
          </>
        )}
      </dd>
    </div>
  )
}
