import { countOf, formatCount } from '@renderer/ui/figures'
import type { ColumnSummary } from '@shared/contract/record-insight.contract'
import type { JsonValue } from '@shared/json'
import { cellText } from '../cell-text'
import type { GridColumn } from '../grid-column'

export const metrics = ['none', 'filled', 'empty', 'distinct', 'true', 'sum', 'avg', 'min', 'max'] as const
export type Metric = (typeof metrics)[number]

export const metricNames: Readonly<Record<Metric, string>> = {
  none: 'Nothing',
  filled: 'Filled',
  empty: 'Empty',
  distinct: 'Distinct',
  true: 'True',
  sum: 'Sum',
  avg: 'Average',
  min: 'Minimum',
  max: 'Maximum',
}

/** What is told of a column, as text; null where it has no such thing. */
export function metricText(metric: Metric, column: GridColumn, summary: ColumnSummary): string | null {
  switch (metric) {
    case 'none':
      return null
    case 'filled':
      return formatCount(summary.count)
    case 'empty':
      return formatCount(summary.empty)
    case 'distinct':
      return formatCount(summary.distinct, summary.distinctEstimated === true)
    case 'true':
      return summary.truths === undefined ? null : formatCount(summary.truths)
    case 'sum':
      return summary.sum === undefined ? null : figure(summary.sum)
    case 'avg':
      return summary.avg === undefined ? null : figure(shortened(summary.avg))
    case 'min':
      return valueText(column, summary.min)
    case 'max':
      return valueText(column, summary.max)
  }
}

/** What is worth a look before anybody has chosen: sums of what can be added up, and what is missing. */
export function firstMetric(column: GridColumn, summary: ColumnSummary): Metric {
  const { schema } = column
  if (schema.primary_key || schema.references) return summary.empty > 0 ? 'empty' : 'none'
  if (summary.sum !== undefined) return 'sum'
  if (summary.truths !== undefined) return 'true'
  return summary.empty > 0 ? 'empty' : 'none'
}

/** "2 blank": texts of no characters, where there are some. */
export function blankText({ blank }: ColumnSummary): string | null {
  return blank ? countOf(blank, 'empty text') : null
}

function valueText(column: GridColumn, value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null
  const cell = cellText(column.type, value)
  return 'text' in cell ? cell.text : null
}

/** Digits in groups of three; every digit is kept, however many there are. */
function figure(text: string): string {
  const match = /^(-?)(\d+)(\.\d+)?$/.exec(text)
  if (!match) return text
  return `${match[1] === '-' ? '−' : ''}${(match[2] ?? '').replace(/\B(?=(\d{3})+$)/g, ',')}${match[3] ?? ''}`
}

/** An average to four places: what follows is noise of the division. */
function shortened(text: string): string {
  const match = /^(-?\d+)\.(\d+)$/.exec(text)
  if (!match) return text
  const places = (match[2] ?? '').slice(0, 4).replace(/0+$/, '')
  return places === '' ? (match[1] ?? text) : `${match[1]}.${places}`
}
