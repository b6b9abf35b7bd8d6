import type { JsonValue } from '@shared/json'
import { isNumeric, isTime, resultType } from './result-columns'

export const chartKinds = ['line', 'bar', 'pie', 'scatter'] as const
export type ChartKind = (typeof chartKinds)[number]

export interface ChartChoice {
  readonly kind: ChartKind
  /** Places of the columns. */
  readonly x: number
  readonly y: readonly number[]
}

type Columns = readonly { readonly name: string; readonly type: string }[]

/** Columns whose values can be drawn as a length. */
export function valueColumns(columns: Columns): readonly number[] {
  return columns.flatMap(({ type }, index) => (isNumeric(resultType(type)) ? [index] : []))
}

/** What most people would draw: numbers over time, or over the first text. Null where there is nothing to draw. */
export function firstChoice(columns: Columns, rows: number): ChartChoice | null {
  const values = valueColumns(columns)
  if (values.length === 0) return null
  const time = columns.findIndex(({ type }) => isTime(resultType(type)))
  const label = columns.findIndex((_, index) => !values.includes(index))
  const x = time >= 0 ? time : label >= 0 ? label : (values[0] ?? 0)
  const y = values.filter((index) => index !== x).slice(0, 3)
  const isNumbersOnly = values.includes(x)
  const kind = time >= 0 ? 'line' : isNumbersOnly ? 'scatter' : rows <= 1 ? 'pie' : 'bar'
  return { kind, x, y: y.length > 0 ? y : values.slice(0, 1) }
}

export type ChartPoint = { readonly x: string | number } & { readonly [series: string]: string | number | null }

/**
 * Rows as points: `x`, and a number for each series (`s0`, `s1`, ...). A line goes along time or numbers, however the rows
 * are sorted.
 */
export function chartPoints(
  rows: readonly (readonly JsonValue[])[],
  columns: Columns,
  { kind, x, y }: ChartChoice,
): readonly ChartPoint[] {
  const isNumber = kind === 'scatter' && isNumeric(resultType(columns[x]?.type ?? ''))
  return alongLine(rows, columns, { kind, x, y }).map((row) => ({
    x: isNumber ? (numberOf(row[x]) ?? 0) : labelOf(row[x]),
    ...Object.fromEntries(y.map((column, index) => [`s${index}`, numberOf(row[column])])),
  }))
}

function alongLine(
  rows: readonly (readonly JsonValue[])[],
  columns: Columns,
  { kind, x }: ChartChoice,
): readonly (readonly JsonValue[])[] {
  const type = resultType(columns[x]?.type ?? '')
  if (kind !== 'line') return rows
  if (isNumeric(type)) return [...rows].sort((a, b) => (numberOf(a[x]) ?? Infinity) - (numberOf(b[x]) ?? Infinity))
  // ISO 8601, so the texts are in the order of the moments.
  return isTime(type) ? [...rows].sort((a, b) => compare(momentOf(a[x]), momentOf(b[x]))) : rows
}

/** After all others where there is none. */
function momentOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '~'
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function numberOf(value: JsonValue | undefined): number | null {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : null
}

function labelOf(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'NULL'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^\d{4}-\d{2}-\d{2}T00:00:00\.0{6}Z?$/.test(text)
    ? text.slice(0, 10)
    : text.replace(/\.0{6}Z?$/, '').replace('T', ' ')
}
