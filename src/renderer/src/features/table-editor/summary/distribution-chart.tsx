import { formatCount } from '@renderer/ui/figures'
import type { Distribution } from '@shared/contract/record-insight.contract'
import type { JsonValue } from '@shared/json'
import { cellText } from '../cell-text'
import { editText } from '../edit-text'
import type { FilterChip } from '../filter-chips'
import type { GridColumn } from '../grid-column'

export interface DistributionChartProps {
  readonly column: GridColumn
  readonly distribution: Distribution
  /** A bar leads to the records that are in it. */
  readonly onFilter: (chips: readonly FilterChip[]) => void
}

/** How often which values occur: a histogram, or the most frequent ones. */
export function DistributionChart({ column, distribution, onFilter }: DistributionChartProps) {
  if (distribution.count === 0)
    return <p className="text-text-muted">{distribution.empty > 0 ? 'No record has a value.' : 'No records.'}</p>
  return distribution.kind === 'histogram' ? (
    <Histogram column={column} distribution={distribution} onFilter={onFilter} />
  ) : (
    <Frequencies column={column} distribution={distribution} onFilter={onFilter} />
  )
}

function Histogram(props: DistributionChartProps & { readonly distribution: { readonly kind: 'histogram' } }) {
  const { column, distribution, onFilter } = props
  if (distribution.kind !== 'histogram') return null
  const { buckets } = distribution
  const most = Math.max(1, ...buckets.map(({ count }) => count))
  const show = (value: string) => shown(column, value)
  return (
    <figure className="flex flex-col gap-1">
      <div className="flex h-24 items-end gap-px">
        {buckets.map(({ from, to, count }, index) => {
          const isLast = index === buckets.length - 1
          return (
            <button
              key={from}
              type="button"
              disabled={count === 0}
              title={`${show(from)} to ${show(to)}: ${formatCount(count)}`}
              aria-label={`${show(from)} to ${show(to)}: ${formatCount(count)} records. Show them.`}
              className="group/bar flex h-full min-w-0 flex-1 items-end rounded-t-sm hover:bg-bg-hover"
              onClick={() =>
                onFilter([
                  { column: column.name, op: 'gte', value: editText(column.type, from) },
                  { column: column.name, op: isLast ? 'lte' : 'lt', value: editText(column.type, to) },
                ])
              }
            >
              <span
                style={{ height: count === 0 ? 0 : `max(2px, ${(count / most) * 100}%)` }}
                className="w-full rounded-t-sm bg-accent/70 group-hover/bar:bg-accent"
              />
            </button>
          )
        })}
      </div>
      <figcaption className="flex justify-between gap-2 font-mono text-xs text-text-muted tabular-nums">
        <span className="truncate">{show(buckets[0]?.from ?? '')}</span>
        <span className="truncate">{show(buckets.at(-1)?.to ?? '')}</span>
      </figcaption>
    </figure>
  )
}

function Frequencies(props: DistributionChartProps & { readonly distribution: { readonly kind: 'values' } }) {
  const { column, distribution, onFilter } = props
  if (distribution.kind !== 'values') return null
  const values = distribution.values.slice(0, 8)
  const most = Math.max(1, ...values.map(({ count }) => count))
  const rest = distribution.others + distribution.values.slice(8).reduce((sum, { count }) => sum + count, 0)
  const canFilter = !column.type.array && column.type.base !== 'jsonb'
  return (
    <ul aria-label="Most frequent values" className="flex flex-col gap-px">
      {values.map(({ value, count }) => {
        const text = shown(column, value)
        return (
          <li key={JSON.stringify(value)}>
            <button
              type="button"
              disabled={!canFilter}
              title={`${text}: ${formatCount(count)}`}
              className="relative flex h-6 w-full items-center gap-2 overflow-hidden rounded-sm px-1.5 text-sm enabled:hover:bg-bg-hover"
              onClick={() => onFilter([{ column: column.name, op: 'eq', value: editText(column.type, value) }])}
            >
              <span
                aria-hidden
                style={{ width: `${(count / most) * 100}%` }}
                className="absolute inset-y-0.5 left-0 rounded-sm bg-accent-subtle"
              />
              <span className="relative min-w-0 flex-1 truncate text-left font-mono">{text}</span>
              <span className="relative text-text-muted tabular-nums">{formatCount(count)}</span>
            </button>
          </li>
        )
      })}
      {rest > 0 ? (
        <li className="px-1.5 pt-0.5 text-sm text-text-muted">{formatCount(rest)} records with other values</li>
      ) : null}
    </ul>
  )
}

function shown(column: GridColumn, value: JsonValue): string {
  const cell = cellText(column.type, value)
  switch (cell.form) {
    case 'null':
      return 'NULL'
    case 'empty':
      return 'empty text'
    case 'boolean':
      return String(cell.checked)
    default:
      return cell.text
  }
}
