import { stored, useStored } from '@renderer/app/stored'
import { toAppError } from '@renderer/bridge/api'
import { cn } from '@renderer/ui/cn'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from '@renderer/ui/menu'
import type { ColumnSummary } from '@shared/contract/record-insight.contract'
import { Check } from 'lucide-react'
import { z } from 'zod'
import type { GridColumn } from '../grid-column'
import type { GridLayout } from '../grid-layout'
import { blankText, firstMetric, type Metric, metricNames, metrics, metricText } from './summary-metrics'
import type { Summary } from './use-summary'

export const summaryHeight = 30

/** By table and column: what is shown under it. */
const chosen = stored<Readonly<Record<string, Metric>>>('summaries', z.record(z.string(), z.enum(metrics)), {})

export interface SummaryRowProps {
  readonly tableId: string
  readonly layout: GridLayout
  /** Among the columns that scroll: the first that is drawn, and one past the last. */
  readonly firstColumn: number
  readonly endColumn: number
  readonly summary: Summary
}

/** Under the records: one figure for each column, over everything the filter shows. */
export function SummaryRow(props: SummaryRowProps) {
  const { layout, summary, tableId } = props
  const choices = useStored(chosen)
  const cell = (column: GridColumn, index: number) => {
    const key = `${tableId}/${column.name}`
    return (
      <SummaryCell
        key={column.name}
        column={column}
        width={layout.widths[index] ?? 0}
        summary={summary.summaries?.find((one) => one.column === column.name)}
        running={summary.running}
        choice={choices[key]}
        onChoose={(metric) => chosen.write({ ...chosen.read(), [key]: metric })}
      />
    )
  }
  const first = layout.pinned + props.firstColumn
  return (
    // biome-ignore lint/a11y/useSemanticElements: beside the grid's rows, figures that are a group of their own
    <div
      role="rowgroup"
      style={{ height: summaryHeight }}
      className="sticky bottom-0 z-20 mt-auto shrink-0 font-sans leading-normal"
    >
      {/* biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the buttons in it take the focus */}
      <div
        role="row"
        aria-label="Summary"
        style={{ width: layout.width }}
        className="flex h-full min-w-full border-t border-border bg-bg-subtle"
      >
        <div className="sticky left-0 z-10 flex bg-inherit">
          {/* biome-ignore lint/a11y/useSemanticElements: see the row */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: see the row */}
          <div
            role="rowheader"
            style={{ width: layout.gutter }}
            className="flex items-center justify-end border-r border-border pr-2 text-text-muted"
          >
            <span aria-hidden>Σ</span>
            <span className="sr-only">Summary</span>
          </div>
          {layout.columns.slice(0, layout.pinned).map(cell)}
        </div>
        <div style={{ width: layout.edges[props.firstColumn] ?? 0 }} className="shrink-0" />
        {layout.columns
          .slice(first, layout.pinned + props.endColumn)
          .map((column, index) => cell(column, first + index))}
      </div>
      <SummaryState summary={summary} gutter={layout.fixedWidth} />
    </div>
  )
}

/** Over the row, while there are no figures: why, and what can be done. */
function SummaryState({ summary, gutter }: { readonly summary: Summary; readonly gutter: number }) {
  const action = 'rounded-sm px-1 font-medium text-accent-text underline-offset-2 hover:underline'
  const said = summary.asksFirst ? (
    <>
      Many records.
      <button type="button" className={action} onClick={summary.ask}>
        Sum them up
      </button>
    </>
  ) : summary.running && !summary.summaries ? (
    <>
      Summing up
      <button type="button" className={action} onClick={summary.cancel}>
        Cancel
      </button>
    </>
  ) : summary.error && !summary.summaries ? (
    <span className="text-danger">{toAppError(summary.error).message}</span>
  ) : null
  if (!said) return null
  return (
    <p
      role="status"
      style={{ left: gutter }}
      className="sticky -mt-[29px] flex h-7 w-max items-center gap-1 px-3 text-sm text-text-muted"
    >
      {said}
    </p>
  )
}

function SummaryCell(props: {
  readonly column: GridColumn
  readonly width: number
  readonly summary: ColumnSummary | undefined
  readonly running: boolean
  readonly choice: Metric | undefined
  readonly onChoose: (metric: Metric) => void
}) {
  const { column, summary, choice } = props
  const metric = summary ? (choice ?? firstMetric(column, summary)) : 'none'
  const text = summary ? metricText(metric, column, summary) : null
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow
    // biome-ignore lint/a11y/useFocusableInteractive: the button in it takes the focus
    <div role="gridcell" style={{ width: props.width }} className="shrink-0 border-r border-border">
      {summary ? (
        <DropdownMenu>
          <DropdownMenuTrigger>
            <button
              type="button"
              aria-label={`Summary of ${column.name}${text === null ? '' : `: ${metricNames[metric]} ${text}`}`}
              className={cn(
                'group/sum flex h-full w-full items-center gap-1.5 overflow-hidden px-2 text-sm hover:bg-bg-hover focus-visible:-outline-offset-2 data-[state=open]:bg-bg-hover',
                column.alignRight && 'justify-end',
                props.running && 'opacity-60',
              )}
            >
              {text === null ? (
                <span className="text-text-muted opacity-0 group-hover/sum:opacity-100">Summary</span>
              ) : (
                <>
                  <span className="shrink-0 text-text-muted">{metricNames[metric]}</span>
                  <span className="truncate font-mono tabular-nums">{text}</span>
                </>
              )}
            </button>
          </DropdownMenuTrigger>
          <DropdownMenuContent side="top" className="min-w-60">
            <DropdownMenuLabel>{column.name}</DropdownMenuLabel>
            {metrics.map((one) => {
              const value = metricText(one, column, summary)
              if (value === null && one !== 'none') return null
              return (
                <DropdownMenuItem key={one} onSelect={() => props.onChoose(one)}>
                  <span className="flex items-center gap-2">
                    <Check aria-hidden className={cn('size-3.5 shrink-0', one !== metric && 'invisible')} />
                    <span>{metricNames[one]}</span>
                    <span className="ml-auto truncate pl-3 font-mono text-sm text-text-muted tabular-nums">
                      {value}
                    </span>
                  </span>
                </DropdownMenuItem>
              )
            })}
            {blankText(summary) ? (
              <p className="px-2 py-1 pl-7.5 text-sm text-text-muted">{blankText(summary)}</p>
            ) : null}
          </DropdownMenuContent>
        </DropdownMenu>
      ) : null}
    </div>
  )
}
