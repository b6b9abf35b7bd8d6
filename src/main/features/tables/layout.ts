import type { TableSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'

/** Where a column's values are in `project_data.data`. */
export interface ColumnPlace {
  readonly key: string
  /** What records older than the column read as; NULL when left out. */
  readonly missing?: JsonValue
}

/** A rename moves no data, and a dropped column's key is never used again: what it held stays out of reach. */
export interface Layout {
  readonly columns: { readonly [column: string]: ColumnPlace }
  readonly retired: readonly string[]
}

export function firstLayout(schema: TableSchema): Layout {
  // Names of others first: what has to give way must not take one of them.
  const taken = {
    columns: {},
    retired: schema.columns.map(({ name }) => name).filter((name) => !systemNames.has(name)),
  }
  const columns = schema.columns.map(
    ({ name }) => [name, { key: systemNames.has(name) ? freeKey(taken, name) : name }] as const,
  )
  return { columns: Object.fromEntries(columns), retired: [] }
}

export function placeOf(layout: Layout, column: string): ColumnPlace {
  const place = Object.hasOwn(layout.columns, column) ? layout.columns[column] : undefined
  if (!place) throw new Error(`The layout has no column ${column}`)
  return place
}

export function withColumn(layout: Layout, column: string, missing: JsonValue): Layout {
  const key = freeKey(layout, column)
  const place: ColumnPlace = missing === null ? { key } : { key, missing }
  return { ...layout, columns: { ...layout.columns, [column]: place } }
}

export function withoutColumn(layout: Layout, column: string): Layout {
  const { key } = placeOf(layout, column)
  const columns = Object.fromEntries(Object.entries(layout.columns).filter(([name]) => name !== column))
  return { columns, retired: [...layout.retired, key] }
}

export function withRenamedColumn(layout: Layout, from: string, to: string): Layout {
  const columns = Object.entries(layout.columns).map(([name, place]) => [name === from ? to : name, place] as const)
  return { ...layout, columns: Object.fromEntries(columns) }
}

/** After every record was given a value of its own. */
export function withoutMissing(layout: Layout, column: string): Layout {
  return { ...layout, columns: { ...layout.columns, [column]: { key: placeOf(layout, column).key } } }
}

function freeKey(layout: Layout, column: string): string {
  const taken = new Set([...Object.values(layout.columns).map(({ key }) => key), ...layout.retired])
  for (let n = 1; ; n++) {
    const suffix = n === 1 ? '' : `_${n}`
    const key = `${column.slice(0, longestName - suffix.length)}${suffix}`
    if (!taken.has(key) && !systemNames.has(key)) return key
  }
}

/** A key is the name of a column in the dedicated tier: of at most 63 bytes, and none that every table has. */
const longestName = 63
const systemNames: ReadonlySet<string> = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'])
