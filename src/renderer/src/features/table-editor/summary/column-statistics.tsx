import { toAppError, useApi } from '@renderer/bridge/api'
import { formatCount } from '@renderer/ui/figures'
import { Popover, PopoverAnchor, PopoverContent } from '@renderer/ui/popover'
import { Skeleton } from '@renderer/ui/skeleton'
import { TypeMark } from '@renderer/ui/type-mark'
import { useQuery } from '@tanstack/react-query'
import type { FilterChip } from '../filter-chips'
import type { GridColumn } from '../grid-column'
import type { RecordsSource } from '../use-record-pages'
import { DistributionChart } from './distribution-chart'
import { type Metric, metricNames, metricText } from './summary-metrics'

export interface ColumnStatisticsProps {
  readonly source: RecordsSource
  /** Null is closed. */
  readonly of: { readonly column: GridColumn; readonly header: HTMLElement } | null
  readonly onClose: () => void
  readonly onFilter: (chips: readonly FilterChip[]) => void
}

const told: readonly Metric[] = ['filled', 'empty', 'distinct', 'true', 'min', 'max', 'avg', 'sum']

/** Under a header: how the values of its column are spread, for what the filter shows. */
export function ColumnStatistics({ source, of, onClose, onFilter }: ColumnStatisticsProps) {
  if (!of) return null
  return (
    <Popover open onOpenChange={(open) => !open && onClose()}>
      <PopoverAnchor virtualRef={{ current: of.header }} />
      <PopoverContent
        aria-label={`Statistics of ${of.column.name}`}
        className="w-84"
        onFocusOutside={(event) => event.preventDefault()}
      >
        <Statistics
          source={source}
          column={of.column}
          onFilter={(chips) => {
            onFilter(chips)
            onClose()
          }}
        />
      </PopoverContent>
    </Popover>
  )
}

function Statistics(props: {
  readonly source: RecordsSource
  readonly column: GridColumn
  readonly onFilter: (chips: readonly FilterChip[]) => void
}) {
  const { source, column } = props
  const { query } = useApi()
  const of = { databaseId: source.databaseId, tableName: source.tableName, filters: source.filter }
  const summary = useQuery({
    ...query.records.summary.queryOptions({ input: { ...of, columns: [column.name] } }),
    staleTime: 0,
    retry: false,
  })
  const spread = useQuery({
    ...query.records.distribution.queryOptions({ input: { ...of, column: column.name } }),
    staleTime: 0,
    retry: false,
  })
  const [facts] = summary.data?.columns ?? []
  const error = summary.error ?? spread.error
  return (
    <div className="flex flex-col gap-3 p-3">
      <h2 className="flex items-center gap-2 font-semibold">
        <TypeMark base={column.type.base} />
        <span className="truncate">{column.name}</span>
        <span className="ml-auto text-sm font-normal text-text-muted tabular-nums">
          {summary.data ? `${formatCount(summary.data.records)} records` : ''}
        </span>
      </h2>
      {error ? (
        <p role="alert" className="text-danger">
          {toAppError(error).message}
        </p>
      ) : null}
      {spread.data ? (
        <DistributionChart column={column} distribution={spread.data} onFilter={props.onFilter} />
      ) : error ? null : (
        <Skeleton className="h-28 w-full" />
      )}
      {facts ? (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 border-t border-border pt-3 text-sm">
          {told.map((metric) => {
            const text = metricText(metric, column, facts)
            return text === null ? null : (
              <div key={metric} className="contents">
                <dt className="text-text-muted">{metricNames[metric]}</dt>
                <dd className="truncate text-right font-mono tabular-nums" title={text}>
                  {text}
                </dd>
              </div>
            )
          })}
        </dl>
      ) : null}
    </div>
  )
}
