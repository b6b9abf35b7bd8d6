import { AppError } from '@shared/app-error'
import type { Table } from '@shared/contract/tables.contract'
import type { DatabaseSchema } from '@shared/domain/schema-edit'
import type { DatabaseRow, Transaction } from '../../db/database'
import { type StoredTable, toTable } from './stored-table'
import {
  countTablesSql,
  explainSql,
  lockSchemaSql,
  selectAllRecordsSql,
  selectBinnedTablesSql,
  selectTablesSql,
} from './tables.sql'

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
  const counted = new Map(counts.map(({ id, count }) => [id, count]))
  const answers: Table[] = []
  for (const table of tables) {
    const count = counted.get(table.id) ?? 0
    const isMore = count > countLimit
    const estimate = isMore ? await estimateRows(tx, selectAllRecordsSql(projectId, table)) : count
    answers.push(toTable(table, Math.max(count, estimate)))
  }
  return answers
}

function missingTable(name: string): never {
  throw new AppError('NOT_FOUND', `There is no table "${name}" in this database.`, { details: { table: name } })
}
