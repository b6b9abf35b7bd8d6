import { AppError } from '@shared/app-error'
import type { Condition, Filter, Sort } from '@shared/domain/filter'
import { jsonProblem } from '@shared/domain/text-problem'
import { utf8Length } from '@shared/utf8'
import type { StudioDatabase } from '../../db/database'
import { placeOf } from '../tables/layout'
import type { StoredTable } from '../tables/stored-table'
import { forgetQueriesSql, observeQueriesSql } from './observed-queries.sql'

/**
 * What a table is asked, as far as an index could help: the columns that must equal something, those compared with a
 * bound, and the order. Each is a layout key, with the path into a jsonb column behind it: `meta.a.b`.
 */
export interface QueryShape {
  readonly equal: readonly string[]
  readonly range: readonly string[]
  readonly sort: readonly string[]
}

export interface ObservedQuery {
  readonly projectId: string
  readonly table: StoredTable
  readonly filter: Filter
  readonly sort: readonly Sort[]
}

/** Shapes in memory between two flushes; what comes after them waits for the next time. */
const mostShapes = 2000
/** Bytes; a key in the database holds about 2,700. */
const longestShape = 1500
/** An index has at most eight columns. */
const mostColumns = 8

interface Tally {
  readonly project_id: string
  readonly table_id: string
  readonly shape: QueryShape
  count: number
}

/** Of all databases that this process serves: ids are unique, and each database takes only those it knows. */
const tallies = new Map<string, Tally>()

/** Notes a page's filter and sort for the suggestions of indexes. Costs a look into a map; nothing is written now. */
export function observeQuery({ projectId, table, filter, sort }: ObservedQuery): void {
  const shape = shapeOf(table, filter, sort)
  if (!shape || !canBeKept(shape)) return
  const key = JSON.stringify([table.id, shape])
  const tally = tallies.get(key)
  if (tally) tally.count += 1
  else if (tallies.size < mostShapes) tallies.set(key, { project_id: projectId, table_id: table.id, shape, count: 1 })
}

/** Writes what was noted since the last time, of one project or of all. What cannot be written now is noted again. */
export async function flushQueries(db: StudioDatabase, projectId?: string): Promise<void> {
  const some = [...tallies].filter(([, tally]) => projectId === undefined || tally.project_id === projectId)
  if (some.length === 0) return
  for (const [key] of some) tallies.delete(key)
  try {
    await db.withoutTenant((tx) => tx.execute(observeQueriesSql(some.map(([, tally]) => tally))))
  } catch (error) {
    // Anything else would fail again.
    const isAway = error instanceof AppError && error.code === 'UNAVAILABLE'
    for (const [key, tally] of isAway ? some : []) {
      const newer = tallies.get(key)
      tallies.set(key, { ...tally, count: tally.count + (newer?.count ?? 0) })
    }
    throw error
  }
}

/** Forgets what is too old to say anything. */
export async function forgetQueries(db: StudioDatabase): Promise<void> {
  await db.withoutTenant((tx) => tx.execute(forgetQueriesSql()))
}

/** A path can be anything; what Postgres would not take must not stand in the way of the rest. */
function canBeKept(shape: QueryShape): boolean {
  return (
    utf8Length(JSON.stringify(shape)) <= longestShape &&
    jsonProblem([...shape.equal, ...shape.range, ...shape.sort]) === null
  )
}

/** Null when no index of columns could serve it: nothing is asked, or only alternatives and negations. */
export function shapeOf(table: StoredTable, filter: Filter, sort: readonly Sort[]): QueryShape | null {
  const conditions = necessary(filter)
  const keysOf = (some: readonly Condition[]) =>
    unique(some.flatMap(({ column }) => keyOf(table, column))).slice(0, mostColumns)
  const equal = keysOf(
    conditions.filter(({ op, value }) => op === 'eq' || op === 'in' || (op === 'is' && value !== 'not_null')),
  )
  const range = keysOf(conditions.filter(({ op }) => ranges.has(op))).filter((key) => !equal.includes(key))
  // A column that equals something has no order left.
  const order = unique(sort.flatMap(({ column }) => keyOf(table, column)))
  const isKnown = sort.every(({ column }) => keyOf(table, column).length > 0)
  const sorted = isKnown ? order.filter((key) => !equal.includes(key)).slice(0, mostColumns) : []
  if (equal.length + range.length + sorted.length === 0) return null
  return { equal: [...equal].sort(), range: [...range].sort(), sort: sorted }
}

const ranges: ReadonlySet<Condition['op']> = new Set(['gt', 'gte', 'lt', 'lte', 'starts_with'])

/** The conditions that every record of the answer meets. */
function necessary(filter: Filter): readonly Condition[] {
  if ('column' in filter) return [filter]
  return 'and' in filter ? filter.and.flatMap(necessary) : []
}

/** Nothing for what is no column, such as `_id`. */
function keyOf(table: StoredTable, name: string): readonly string[] {
  const [head = '', ...path] = name.split('.')
  const isColumn = table.schema.columns.some((column) => column.name === head)
  return isColumn ? [[placeOf(table.layout, head).key, ...path].join('.')] : []
}

function unique(keys: readonly string[]): readonly string[] {
  return [...new Set(keys)]
}
