import { narrowestColumn, widestColumn } from '@renderer/features/table-editor/grid-column'
import type { JsonValue } from '@shared/json'
import { resultType, shortType } from './result-columns'

const widthsByBase: Readonly<Record<string, number>> = {
  boolean: 96,
  uuid: 168,
  jsonb: 260,
  timestamptz: 190,
  timestamp: 190,
  text: 200,
  varchar: 200,
}

/** Pixels that a column begins with. */
export function firstWidth({ name, type }: { readonly name: string; readonly type: string }): number {
  const byType = widthsByBase[resultType(type).base] ?? 120
  return Math.min(320, Math.max(byType, 44 + name.length * 8 + shortType(type).length * 6))
}

/** Wide enough for these values of the column, and its name. */
export function fittedWidth(name: string, values: readonly (JsonValue | undefined)[]): number {
  const lengths = values.map((value) =>
    typeof value === 'string' ? value.length : (JSON.stringify(value ?? null)?.length ?? 0),
  )
  return Math.min(widestColumn, Math.max(narrowestColumn, Math.max(name.length + 10, ...lengths) * 7.5 + 18))
}
