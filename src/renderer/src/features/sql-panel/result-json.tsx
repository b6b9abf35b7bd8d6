import { useApi } from '@renderer/bridge/api'
import { CodeEditor } from '@renderer/ui/code-editor/code-editor'
import { ErrorState } from '@renderer/ui/error-state'
import { countOf, formatCount } from '@renderer/ui/figures'
import { useQuery } from '@tanstack/react-query'
import { rowsAs } from './copy-rows'
import type { Outcome } from './outcome'
import { readRows } from './result-rows'

/** Rows that are shown as JSON: a text of more is for a file. */
const mostRows = 1_000

export function ResultJson(props: {
  readonly databaseId: string
  readonly outcome: Outcome & { readonly resultId: string }
}) {
  const { client } = useApi()
  const { databaseId, outcome } = props
  const { resultId, rowCount, columns } = outcome
  const { data, error, refetch } = useQuery({
    queryKey: ['sqlResultJson', resultId, rowCount],
    queryFn: () => readRows(client, { databaseId, resultId }, 0, Math.min(rowCount, mostRows)),
    gcTime: 0,
  })
  if (error) return <ErrorState error={error} title="The rows could not be read" onRetry={() => void refetch()} />
  if (!data) return null
  const names = columns.map(({ name }) => name)
  return (
    <div className="flex h-full flex-col">
      <CodeEditor
        className="flex-1"
        language="json"
        label="Result as JSON"
        readOnly
        value={rowsAs('json', names, data, { headers: true, table: null })}
      />
      {rowCount > mostRows ? (
        <p className="border-t border-border bg-bg-subtle px-3 py-1 text-sm text-text-muted">
          The first {formatCount(mostRows)} of {countOf(rowCount, 'row')}. Export JSON to have all of them.
        </p>
      ) : null}
    </div>
  )
}
