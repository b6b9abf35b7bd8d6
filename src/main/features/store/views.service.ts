import { AppError } from '@shared/app-error'
import type { DatabaseRow, Transaction } from '../../db/database'
import { placeOf } from '../tables/layout'
import type { StoredTable } from '../tables/stored-table'
import {
  closeSchemaSql,
  createSchemaSql,
  createTriggerSql,
  createViewSql,
  dependentViewsSql,
  dropDefaultsSql,
  dropFunctionSql,
  dropViewSql,
  type Place,
  renameViewColumnSql,
  renameViewSql,
  viewDefaultsSql,
} from './view.sql'
import { writeFunctionSql } from './write-function.sql'

/** The typed views of a logical database. All of it needs a transaction of role `store`. */

/** The Postgres schema of the database; harmless when it is there. */
export async function createViewSchema(tx: Transaction, database: DatabaseRow): Promise<void> {
  const place = placeOfDatabase(database)
  await tx.execute(createSchemaSql(place))
  await tx.execute(closeSchemaSql(place))
}

/**
 * Makes the views and the functions behind them fit `after`, where they fit `before`; what would come out the same is
 * left alone. A view whose columns only get new names or new neighbours at the end is altered, so that views of others
 * over it live on; one that must be dropped for the change while others read it is refused, CONSTRAINT, by their names.
 */
export async function syncViews(
  tx: Transaction,
  database: DatabaseRow,
  before: readonly StoredTable[],
  after: readonly StoredTable[],
): Promise<void> {
  const place = placeOfDatabase(database)
  const olds = new Map(before.map((table) => [table.id, table]))
  const { gone, reached } = reachedBy(olds, after)
  const changed = reached.flatMap((table) => {
    const old = olds.get(table.id)
    return old && viewText(place, old) === viewText(place, table) ? [] : [{ old, table }]
  })
  const dropped = [
    ...gone,
    ...changed.flatMap(({ old, table }) => (old && !canFollow(before, old, table) ? [old] : [])),
  ]

  for (const table of dropped) {
    await refuseDependents(tx, place, table, dropped)
    await tx.execute(dropViewSql(place, table.schema.name))
  }
  for (const table of gone) await tx.execute(dropFunctionSql(table))
  for (const table of reached) {
    const old = olds.get(table.id)
    const write = writeFunctionSql(place, after, table)
    if (!old || writeFunctionSql(place, before, old).text !== write.text) await tx.execute(write)
  }
  for (const { old, table } of changed) {
    if (old && !dropped.includes(old)) await alterView(tx, place, old, table)
    else {
      await tx.execute(createViewSql(place, table))
      for (const fallback of viewDefaultsSql(place, table)) await tx.execute(fallback)
      await tx.execute(createTriggerSql(place, table))
    }
  }
}

/** Tables of `before` whose view or whose function behind it will be another. */
export function touchedViews(
  place: Place,
  before: readonly StoredTable[],
  after: readonly StoredTable[],
): readonly StoredTable[] {
  const olds = new Map(before.map((table) => [table.id, table]))
  const { gone, reached } = reachedBy(olds, after)
  const touched = reached.flatMap((table) => {
    const old = olds.get(table.id)
    if (!old) return []
    const isSame =
      viewText(place, old) === viewText(place, table) &&
      writeFunctionSql(place, before, old).text === writeFunctionSql(place, after, table).text
    return isSame ? [] : [old]
  })
  return [...gone, ...touched]
}

/**
 * Tables whose view or function can come out differently: those that changed, and their neighbours by reference. With
 * 5,000 tables in a database, to write down what all of them would be takes seconds.
 */
function reachedBy(
  olds: ReadonlyMap<string, StoredTable>,
  after: readonly StoredTable[],
): { readonly gone: readonly StoredTable[]; readonly reached: readonly StoredTable[] } {
  const ids = new Set(after.map(({ id }) => id))
  const gone = [...olds.values()].filter(({ id }) => !ids.has(id))
  const differing = new Set([
    ...gone,
    ...after.flatMap((table) => {
      const old = olds.get(table.id)
      if (old === table || (old && pieces(old) === pieces(table))) return []
      return old ? [old, table] : [table]
    }),
  ])
  const names = new Set([...differing].map(({ schema }) => schema.name))
  const targets = new Set([...differing].flatMap((table) => targetsOf(table)))
  const reached = after.filter(
    (table) =>
      names.has(table.schema.name) ||
      targets.has(table.schema.name) ||
      targetsOf(table).some((name) => names.has(name)),
  )
  return { gone, reached }
}

function pieces({ schema, layout, storage }: StoredTable): string {
  return JSON.stringify([schema, layout, storage])
}

function targetsOf({ schema }: StoredTable): readonly string[] {
  return schema.columns.flatMap(({ references }) => (references ? [references.table] : []))
}

export function placeOfDatabase(database: DatabaseRow): Place {
  return { databaseId: database.id, projectId: database.project_id, schema: database.schema_name }
}

function viewText(place: Place, table: StoredTable): string {
  return [createViewSql(place, table), ...viewDefaultsSql(place, table)].map(({ text }) => text).join(';')
}

/** Whether `create or replace view` can do it, after renames: the old columns come first, each of its type. */
function canFollow(tables: readonly StoredTable[], old: StoredTable, table: StoredTable): boolean {
  const isSwap = old.schema.columns.some(
    (column, index) =>
      table.schema.columns[index]?.name !== column.name &&
      old.schema.columns.some(({ name }) => name === table.schema.columns[index]?.name),
  )
  const isTaken =
    old.schema.name !== table.schema.name && tables.some(({ schema }) => schema.name === table.schema.name)
  return (
    !isSwap &&
    !isTaken &&
    old.schema.columns.every((column, index) => {
      const next = table.schema.columns[index]
      return (
        next?.type === column.type && (next.name === column.name || keyOf(old, column.name) === keyOf(table, next.name))
      )
    })
  )
}

function keyOf(table: StoredTable, column: string): string {
  return placeOf(table.layout, column).key
}

async function alterView(tx: Transaction, place: Place, old: StoredTable, table: StoredTable): Promise<void> {
  const { name } = table.schema
  if (old.schema.name !== name) await tx.execute(renameViewSql(place, old.schema.name, name))
  for (const [index, column] of old.schema.columns.entries()) {
    const next = table.schema.columns[index]
    if (next && next.name !== column.name) await tx.execute(renameViewColumnSql(place, name, column.name, next.name))
  }
  await tx.execute(createViewSql(place, table))
  for (const gone of dropDefaultsSql(place, table)) await tx.execute(gone)
  for (const fallback of viewDefaultsSql(place, table)) await tx.execute(fallback)
}

async function refuseDependents(
  tx: Transaction,
  place: Place,
  table: StoredTable,
  dropped: readonly StoredTable[],
): Promise<void> {
  const found = await tx.query<{ schema: string; name: string }>(dependentViewsSql(place, table.schema.name))
  const others = found.filter(
    ({ schema, name }) => schema !== place.schema || !dropped.some((other) => other.schema.name === name),
  )
  if (others.length === 0) return
  const names = others.map(({ schema, name }) => (schema === place.schema ? `"${name}"` : `"${schema}"."${name}"`))
  throw new AppError(
    'CONSTRAINT',
    `${names.join(', ')} ${names.length === 1 ? 'is a view that reads' : 'are views that read'} table "${table.schema.name}" and cannot follow this change. Drop ${names.length === 1 ? 'it' : 'them'} first, and make ${names.length === 1 ? 'it' : 'them'} again afterwards.`,
    { details: { table: table.schema.name, views: others.map(({ name }) => name) } },
  )
}
