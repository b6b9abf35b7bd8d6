import type { RecordChange } from '@shared/contract/changes.contract'
import type { DatabaseRow, Transaction } from '../../db/database'
import { readLogCursor, writeLogCursor } from '../audit/log-cursor'
import { type PlannedColumn, planOf } from '../records/record-plan'
import { getRecord, readRecord } from '../records/records.service'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import { tableNamed } from '../tables/tables.service'
import { type ChangeRow, type RecordAt, selectHistorySql, selectLoadOfSql } from './changes.sql'

/** Changes of one page. */
const historyPage = 50

export interface HistoryQuery {
  readonly tableName: string
  readonly recordId: string
  readonly cursor?: string | undefined
}

export interface HistoryPage {
  readonly changes: RecordChange[]
  readonly nextCursor: string | null
}

/** What happened to a record, newest first, by today's columns; also of one that is deleted. NOT_FOUND if it never was. */
export async function listHistory(tx: Transaction, database: DatabaseRow, query: HistoryQuery): Promise<HistoryPage> {
  const { tables } = await openSchema(tx, database)
  const table = tableNamed(tables, query.tableName)
  const at = { projectId: database.project_id, tableId: table.id, recordId: query.recordId }
  const before = readLogCursor(query.cursor)
  const rows = await tx.query<ChangeRow>(selectHistorySql(at, before, historyPage + 1))
  // Of a record that is older than the log there is none, and of one that never was neither.
  if (rows.length === 0 && before === null) await getRecord(tx, database, table.schema.name, query.recordId)
  const columns = planOf(table).stored.filter(({ isSecret }) => !isSecret)
  const changes = rows.slice(0, historyPage).map((row) => toChange(columns, row))
  const last = (rows[0]?.found ?? 0) > changes.length ? changes.at(-1) : undefined
  if (!last && rows.at(-1)?.op !== 'insert') changes.push(...(await loadedWith(tx, at, table, columns)))
  return { changes, nextCursor: last ? writeLogCursor(last.id) : null }
}

/** Documents are by layout key, so a renamed column has its whole past; what a dropped one held is not told. */
function toChange(columns: readonly PlannedColumn[], { before, after, found: _, ...row }: ChangeRow): RecordChange {
  const fields = columns.flatMap(({ name, key, isTouched }) => {
    // When it was changed is what `at` says.
    if (isTouched && row.op === 'update') return []
    const [was, is] = [before?.[key] ?? null, after?.[key] ?? null]
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [{ column: name, before: was, after: is }]
  })
  return { ...row, fields }
}

/** Changes of one record that its first state is read back through. */
const mostChanges = 10_000

/** The entry of a record that came with many others, in one line of the log: as it was before all of its changes. */
async function loadedWith(
  tx: Transaction,
  at: RecordAt,
  table: StoredTable,
  columns: readonly PlannedColumn[],
): Promise<RecordChange[]> {
  const [load] = await tx.query<Pick<ChangeRow, 'id' | 'at' | 'actor' | 'operation'>>(
    selectLoadOfSql(at.projectId, table, at.recordId),
  )
  const row = load && (await readRecord(tx, { projectId: at.projectId, table }, at.recordId))
  if (!load || !row) return []
  const changes = await tx.query<ChangeRow>(selectHistorySql(at, null, mostChanges))
  const after = Object.assign({}, row.data, ...changes.map(({ before }) => before))
  return [toChange(columns, { ...load, op: 'insert', revision: 1, before: null, after, found: 1 })]
}
