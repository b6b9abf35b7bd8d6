import { useApi } from '@renderer/bridge/api'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { Checkbox, Field } from '@renderer/ui/field'
import { countOf, formatCount } from '@renderer/ui/figures'
import { Segmented } from '@renderer/ui/segmented'
import { Select } from '@renderer/ui/select'
import { Skeleton } from '@renderer/ui/skeleton'
import { useQuery } from '@tanstack/react-query'
import { ChartColumn } from 'lucide-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import { SuggestChart } from '../assistant/suggest-chart'
import { type ChartChoice, chartPoints, firstChoice, valueColumns } from './chart-data'
import type { Outcome } from './outcome'
import { readRows } from './result-rows'

/** Rows that are drawn: a screen has not many more points. */
const mostRows = 2_000

const ChartPicture = lazy(async () => ({ default: (await import('./chart-picture')).ChartPicture }))

export function ResultChart(props: {
  readonly databaseId: string
  readonly outcome: Outcome & { readonly resultId: string }
}) {
  const { client } = useApi()
  const { databaseId, outcome } = props
  const { resultId, rowCount, columns } = outcome
  const [chosen, setChosen] = useState<ChartChoice | null>(null)
  const choice = chosen ?? firstChoice(columns, rowCount)
  const { data, error, refetch } = useQuery({
    queryKey: ['sqlResultChart', resultId, rowCount],
    queryFn: () => readRows(client, { databaseId, resultId }, 0, Math.min(rowCount, mostRows)),
    gcTime: 0,
  })
  const points = useMemo(() => (data && choice ? chartPoints(data, columns, choice) : []), [data, columns, choice])
  if (choice === null || rowCount === 0)
    return (
      <EmptyState icon={ChartColumn} title="Nothing to draw" className="h-full">
        A chart needs rows and a column of numbers: select a count, a sum or another number.
      </EmptyState>
    )
  if (error) return <ErrorState error={error} title="The rows could not be read" onRetry={() => void refetch()} />
  const numbers = valueColumns(columns)
  return (
    <div className="flex h-full min-h-0">
      <div className="flex w-64 shrink-0 flex-col gap-4 overflow-y-auto border-r border-border bg-bg-subtle p-3">
        <Segmented
          aria-label="Kind of chart"
          value={choice.kind}
          options={[
            { value: 'line', label: 'Line' },
            { value: 'bar', label: 'Bar' },
            { value: 'pie', label: 'Pie' },
            { value: 'scatter', label: 'Scatter' },
          ]}
          onValueChange={(kind) => setChosen({ ...choice, kind })}
        />
        <Field label={choice.kind === 'pie' ? 'Slices' : 'Across'}>
          <Select
            value={String(choice.x)}
            options={columns.map(({ name }, index) => ({ value: String(index), label: name }))}
            onValueChange={(x) => setChosen({ ...choice, x: Number(x) })}
          />
        </Field>
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1 font-medium">{choice.kind === 'pie' ? 'Size' : 'Up'}</legend>
          {numbers.map((index) => (
            <Checkbox
              key={index}
              label={columns[index]?.name}
              checked={choice.y.includes(index)}
              onCheckedChange={(on) => {
                const y = on === true ? [...choice.y, index] : choice.y.filter((each) => each !== index)
                if (y.length > 0) setChosen({ ...choice, y: choice.kind === 'pie' ? y.slice(-1) : y })
              }}
            />
          ))}
        </fieldset>
        <SuggestChart
          databaseId={databaseId}
          columns={columns}
          onChart={({ kind, x, y }) => {
            const place = (name: string) => columns.findIndex((column) => column.name === name)
            const up = y.map(place).filter((index) => numbers.includes(index))
            if (up.length > 0) setChosen({ kind: kind === 'area' ? 'line' : kind, x: Math.max(0, place(x)), y: up })
          }}
        />
        {rowCount > mostRows ? (
          <p className="text-sm text-text-muted">
            The first {formatCount(mostRows)} of {countOf(rowCount, 'row')}.
          </p>
        ) : null}
      </div>
      <div className="min-w-0 flex-1 p-3">
        <Suspense fallback={<Skeleton className="h-full w-full" />}>
          {data ? (
            <ChartPicture
              choice={choice}
              points={points}
              across={columns[choice.x]?.name ?? ''}
              series={choice.y.map((index) => columns[index]?.name ?? '')}
            />
          ) : (
            <Skeleton className="h-full w-full" />
          )}
        </Suspense>
      </div>
    </div>
  )
}
