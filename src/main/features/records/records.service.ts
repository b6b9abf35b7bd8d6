import { AppError } from '@shared/app-error'
import { pageLimit, type TableRecord } from '@shared/contract/records.contract'
import type { Filter, Sort } from '@shared/domain/filter'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import { isSecretColumn } from '@shared/domain/secret-column'
import type { JsonObject, JsonValue } from '@shared/json'
import type { DatabaseRow, Transaction } from '../../db/database'
import { observeQuery } from '../store/observed-queries'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import { estimateRows, tableNamed } from '../tables/tables.service'
import { resolveTarget, secretColumn } from './filter-target'
import {
  foreign,
  type OrderPart,
  type Place,
  pageOrder,
  placeOfRow,
  queryHash,
  readCursor,
  writeCursor,
} from './page-order'
import { type RecordRow, toRecord } from './record'
import { type RawRow, wholeRecord } from './record-row.sql'
import { countMatchesSql, readTemplate, selectMatchesSql, selectPageSql, type TableAt } from './records.sql'
import { bound, statementOf } from './statement'

export interface RecordQuery {
  readonly tableName: string
  readonly filters?: Filter | JsonObject | undefined
  readonly sort?: readonly Sort[] | undefined
  readonly select?: readonly string[] | undefined
  readonly limit: number
  readonly offset?: number | undefined
  readonly cursor?: string | undefined
  readonly count: 'none' | 'estimated' | 'exact'
}

export interface RecordPage {
  readonly records: { [column: string]: JsonValue }[]
  readonly nextCursor: string | null
  readonly count?: number
  readonly countEstimated?: boolean
}

/** "estimated" counts up to here, and asks the planner beyond. */
const exactCountLimit = 50_000

export async function getRecord(
  tx: Transaction,
  database: DatabaseRow,
  tableName: string,
  id: string,
): Promise<TableRecord> {
  const { tables } = await openSchema(tx, database)
  const table = tableNamed(tables, tableName)
  const row = await readRecord(tx, { projectId: database.project_id, table }, id)
  if (!row) throw noRecord(table, id)
  return toRecord(table, row)
}

export async function readRecord(tx: Transaction, at: TableAt, id: string): Promise<RecordRow | undefined> {
  const { read } = wholeRecord(at.table)
  const statement = statementOf(at.table, 'read', () => readTemplate(at))
  const [raw] = await tx.query<RawRow>(bound(statement, { id }))
  return raw && read(raw)
}

/** A page of records in a total order; `nextCursor` is null on the last. */
export async function queryRecords(tx: Transaction, database: DatabaseRow, query: RecordQuery): Promise<RecordPage> {
  const { tables } = await openSchema(tx, database)
  const table = tableNamed(tables, query.tableName)
  const at: TableAt = { projectId: database.project_id, table }
  const filter = normaliseFilter(query.filters)
  const sort = query.sort ?? []
  const order = pageOrder(table, sort)
  const select = query.select ? selection(table, query.select) : undefined
  const hash = queryHash(table, filter, sort)
  if (query.cursor === undefined) observeQuery({ projectId: at.projectId, table, filter, sort })
  const after = query.cursor === undefined ? null : await placeAfter(tx, at, hash, order, query.cursor)
  const limit = Math.min(query.limit, pageLimit)
  // One more than asked for tells whether there is a next page.
  const projection = wholeRecord(table)
  const rows = await tx.query<RawRow>(
    selectPageSql(at, { projection, filter, order, after, limit: limit + 1, offset: query.offset ?? 0 }),
  )
  const page = rows.slice(0, limit).map(projection.read)
  const last = page.at(-1)
  return {
    records: page.map((row) => toRecord(table, row, select)),
    nextCursor: last && rows.length > limit ? writeCursor(hash, placeOfRow(order, last)) : null,
    ...(await countRecords(tx, at, filter, query.count)),
  }
}

export function noRecord(table: StoredTable, id: string): AppError {
  return new AppError('NOT_FOUND', `There is no record ${id} in table "${table.schema.name}".`, {
    details: { table: table.schema.name },
  })
}

function selection(table: StoredTable, names: readonly string[]): ReadonlySet<string> {
  for (const name of names) {
    if (isSecretColumn(table.schema.name, name)) throw secretColumn(name)
    if (name.includes('.') || resolveTarget(table, name).isPath)
      throw new AppError('VALIDATION', `"${name}" is not a column.`, { details: { column: name } })
  }
  return new Set(names)
}

async function placeAfter(
  tx: Transaction,
  at: TableAt,
  hash: string,
  order: readonly OrderPart[],
  text: string,
): Promise<Place> {
  const cursor = readCursor(hash, order, text)
  if (cursor.values !== null) return { id: cursor.id, values: cursor.values }
  const row = await readRecord(tx, at, cursor.id)
  if (!row) throw foreign()
  return placeOfRow(order, row)
}

async function countRecords(
  tx: Transaction,
  at: TableAt,
  filter: Filter,
  mode: RecordQuery['count'],
): Promise<{ readonly count?: number; readonly countEstimated?: boolean }> {
  if (mode === 'none') return {}
  const limit = mode === 'exact' ? null : exactCountLimit + 1
  const [row] = await tx.query<{ count: number }>(countMatchesSql(at, filter, limit))
  const count = row?.count ?? 0
  if (mode === 'exact' || count <= exactCountLimit) return { count }
  return { count: Math.max(count, await estimateRows(tx, selectMatchesSql(at, filter))), countEstimated: true }
}
