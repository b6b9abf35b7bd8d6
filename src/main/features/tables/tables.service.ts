import { AppError } from '@shared/app-error'
import type { Table } from '@shared/contract/tables.contract'
import { applyEdit } from '@shared/domain/apply-edit'
import { isUniqueColumn } from '@shared/domain/check-table'
import type { DatabaseSchema } from '@shared/domain/schema-edit'
import type { ColumnSchema, TableSchema, TableSchemaInput } from '@shared/domain/table-schema'
import type { DatabaseRow, Transaction } from '../../db/database'
import { syncViews } from '../store/views.service'
import { danglingSql } from './column-values.sql'
import { firstLayout } from './layout'
import { syncPhysicalIndexes } from './physical-indexes.service'
import { recordTableActivity, schemaChanges } from './schema-change.service'
import { type StoredTable, toTable } from './stored-table'
import {
  countTablesSql,
  explainSql,
  insertTableSql,
  lockSchemaSql,
  selectAllRecordsSql,
  selectBinnedTablesSql,
  selectDeletedTableSql,
  selectTablesSql,
  setDeletedSql,
  updateTableSql,
} from './tables.sql'
import type { Writer } from './writer'

export type { Writer } from './writer'

/** Records are counted to here; of more there is the planner's estimate (10,000 index entries take about 1 ms). */
export const countLimit = 10_000

/**
 * Holds the schema as it is until the transaction ends: readers and writers of records `shared`, schema edits
 * `exclusive`. Answers the transaction's time. What is read before it may be outdated.
 */
export async function lockSchema(tx: Transaction, databaseId: string, mode: 'shared' | 'exclusive'): Promise<string> {
  const [row] = await tx.query<{ now: string }>(lockSchemaSql(databaseId, mode))
  return row?.now ?? new Date().toISOString()
}

/** All tables of the database that are not in the bin. */
export async function loadTables(tx: Transaction, databaseId: string): Promise<readonly StoredTable[]> {
  return tx.query<StoredTable>(selectTablesSql(databaseId))
}

export async function loadBinnedTables(tx: Transaction, databaseId: string): Promise<readonly StoredTable[]> {
  return tx.query<StoredTable>(selectBinnedTablesSql(databaseId))
}

export function tableNamed(tables: readonly StoredTable[], name: string): StoredTable {
  return tables.find((table) => table.schema.name === name) ?? missingTable(name)
}

export function tableWithId(tables: readonly StoredTable[], id: string): StoredTable {
  const table = tables.find((candidate) => candidate.id === id.toLowerCase())
  if (!table) throw new AppError('NOT_FOUND', 'There is no such table in this database. It may have been deleted.')
  return table
}

export function schemaOf(tables: readonly StoredTable[]): DatabaseSchema {
  return { tables: tables.map(({ schema }) => schema) }
}

export async function listTables(tx: Transaction, database: DatabaseRow): Promise<Table[]> {
  return withEstimates(tx, database.project_id, await loadTables(tx, database.id))
}

export async function getTable(tx: Transaction, database: DatabaseRow, tableId: string): Promise<Table> {
  return answer(tx, database.project_id, tableWithId(await loadTables(tx, database.id), tableId))
}

/** Makes the table. CONFLICT when the name is taken, VALIDATION when a column cannot be as it is described. */
export async function createTable(tx: Transaction, writer: Writer, input: TableSchemaInput): Promise<Table> {
  const { database } = writer
  await lockSchema(tx, database.id, 'exclusive')
  const tables = await loadTables(tx, database.id)
  const schema = applyEdit(schemaOf(tables), { type: 'addTable', table: input }).tables.at(-1)
  if (!schema) throw new Error('addTable added no table')
  const [table] = await tx.query<StoredTable>(
    insertTableSql(database.project_id, database.id, schema, firstLayout(schema)),
  )
  if (!table) throw new Error('The table was not inserted')
  const after = [...tables, table]
  await syncViews(tx, database, tables, after)
  await recordTableActivity(tx, writer, table, {
    action: 'table.create',
    sentence: `Created table ${schema.name}.`,
    changes: schemaChanges(tables, after),
  })
  return toTable(table, 0)
}

/** Moves the table to the bin. CONSTRAINT when another table refers to it. */
export async function deleteTable(tx: Transaction, writer: Writer, tableId: string): Promise<Table> {
  const { database } = writer
  await lockSchema(tx, database.id, 'exclusive')
  const tables = await loadTables(tx, database.id)
  const table = tableWithId(tables, tableId)
  applyEdit(schemaOf(tables), { type: 'dropTable', table: table.schema.name })
  const before = await answer(tx, database.project_id, table)
  await tx.execute(setDeletedSql(table.id, true))
  const after = tables.filter((other) => other !== table)
  await syncViews(tx, database, tables, after)
  await recordTableActivity(tx, writer, table, {
    action: 'table.delete',
    sentence: `Moved table ${table.schema.name} to the bin.`,
    changes: schemaChanges(tables, after),
  })
  return before
}

/**
 * Brings a table back from the bin. CONFLICT when its name was taken meanwhile. A reference whose target was removed
 * meanwhile, or no longer has every value, is taken off the column; the values stay.
 */
export async function restoreTable(tx: Transaction, writer: Writer, tableId: string): Promise<Table> {
  const { database } = writer
  await lockSchema(tx, database.id, 'exclusive')
  const tables = await loadTables(tx, database.id)
  const alive = tables.find(({ id }) => id === tableId.toLowerCase())
  if (alive) return answer(tx, database.project_id, alive)
  const [binned] = await tx.query<StoredTable>(selectDeletedTableSql(database.id, tableId))
  if (!binned) throw new AppError('NOT_FOUND', 'There is no such table in the bin. It may have been removed for good.')
  const { name } = binned.schema
  if (tables.some((table) => table.schema.name === name))
    throw new AppError('CONFLICT', `There is a new table "${name}". Rename that one, then restore this one.`, {
      details: { table: name },
    })
  const { schema, lost } = await withoutLostReferences(tx, database.project_id, [...tables, binned], binned)
  const restored = { ...binned, schema }
  await tx.execute(setDeletedSql(binned.id, false))
  const [table = restored] = await tx.query<StoredTable>(updateTableSql(restored))
  await syncPhysicalIndexes(tx, binned, table)
  const after = [...tables, table]
  await syncViews(tx, database, tables, after)
  const note = lost.length === 0 ? '' : ` Its references ${lost.join(', ')} had no target any more and were removed.`
  await recordTableActivity(tx, writer, table, {
    action: 'table.restore',
    sentence: `Restored table ${name}.${note}`,
    changes: schemaChanges(tables, after),
  })
  return answer(tx, database.project_id, table)
}

export async function answer(tx: Transaction, projectId: string, table: StoredTable): Promise<Table> {
  const [one] = await withEstimates(tx, projectId, [table])
  return one ?? toTable(table, 0)
}

/** The planner's estimate of the rows of a query over the parameters as they are. */
export async function estimateRows(tx: Transaction, query: Parameters<typeof explainSql>[0]): Promise<number> {
  const [row] = await tx.query<{ 'QUERY PLAN': readonly { Plan: { 'Plan Rows': number } }[] }>(explainSql(query))
  return Math.round(row?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0)
}

/** The tables with how many records they have, in the same order. */
export async function withEstimates(
  tx: Transaction,
  projectId: string,
  tables: readonly StoredTable[],
): Promise<Table[]> {
  if (tables.length === 0) return []
  const counts = await tx.query<{ id: string; count: number }>(countTablesSql(projectId, tables, countLimit + 1))
  const answers: Table[] = []
  for (const table of tables) {
    const count = counts.find(({ id }) => id === table.id)?.count ?? 0
    const isMore = count > countLimit
    const estimate = isMore ? await estimateRows(tx, selectAllRecordsSql(projectId, table)) : count
    answers.push(toTable(table, Math.max(count, estimate)))
  }
  return answers
}

async function withoutLostReferences(
  tx: Transaction,
  projectId: string,
  tables: readonly StoredTable[],
  table: StoredTable,
): Promise<{ readonly schema: TableSchema; readonly lost: readonly string[] }> {
  const columns: ColumnSchema[] = []
  const lost: string[] = []
  for (const column of table.schema.columns) {
    if (await hasItsTarget(tx, projectId, tables, table, column)) columns.push(column)
    else {
      const { references: _, ...kept } = column
      columns.push(kept)
      lost.push(column.name)
    }
  }
  return { schema: { ...table.schema, columns }, lost }
}

async function hasItsTarget(
  tx: Transaction,
  projectId: string,
  tables: readonly StoredTable[],
  table: StoredTable,
  column: ColumnSchema,
): Promise<boolean> {
  const { references } = column
  if (!references) return true
  const target = tables.find(({ schema }) => schema.name === references.table)
  const key = target?.schema.columns.find(({ name }) => name === references.column)
  if (!target || !key || !isUniqueColumn(target.schema, key) || key.type !== column.type) return false
  return (await tx.query(danglingSql(projectId, { table, column }, { table: target, column: key }))).length === 0
}

function missingTable(name: string): never {
  throw new AppError('NOT_FOUND', `There is no table "${name}" in this database.`, { details: { table: name } })
}
