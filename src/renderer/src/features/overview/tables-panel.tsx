import { paths } from '@renderer/app/paths'
import { Button } from '@renderer/ui/button'
import { countOf, formatCount } from '@renderer/ui/figures'
import { Panel } from '@renderer/ui/panel'
import { Skeleton } from '@renderer/ui/skeleton'
import type { Overview } from '@shared/contract/databases.contract'
import { Table2 } from 'lucide-react'
import { Link } from 'react-router'

/** More are a click away. */
const most = 6

export function TablesPanel(props: { readonly overview: Overview | undefined; readonly projectId: string }) {
  const tables = props.overview?.tables
  return (
    <Panel
      title="Tables"
      aside={
        <Button asChild variant="ghost" size="sm">
          <Link to={paths.tables(props.projectId)}>Show all</Link>
        </Button>
      }
    >
      <ul className="py-1">
        {tables
          ? [...tables]
              .sort((a, b) => b.record_estimate - a.record_estimate)
              .slice(0, most)
              .map((table) => (
                <li key={table.id}>
                  <Link
                    to={paths.table(props.projectId, table.table_name)}
                    className="flex h-8 items-center gap-2 px-4 transition-colors hover:bg-bg-hover focus-visible:-outline-offset-2"
                  >
                    <Table2 aria-hidden className="size-3.5 shrink-0 text-text-muted" />
                    <span className="min-w-0 flex-1 truncate">{table.table_name}</span>
                    <span className="shrink-0 text-sm text-text-muted tabular-nums">
                      {countOf(table.schema_json.columns.length, 'column')}
                    </span>
                    <span className="w-28 shrink-0 text-right text-sm text-text-muted tabular-nums">
                      {formatCount(table.record_estimate)} {table.record_estimate === 1 ? 'record' : 'records'}
                    </span>
                  </Link>
                </li>
              ))
          : [0, 1, 2].map((row) => (
              <li key={row} className="flex h-8 items-center px-4">
                <Skeleton className="h-4 w-40" />
              </li>
            ))}
      </ul>
      {tables?.length === 0 ? (
        <p className="px-4 pb-3 text-text-muted">No tables yet. Create the first one in the table editor.</p>
      ) : null}
    </Panel>
  )
}
