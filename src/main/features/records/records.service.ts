import { AppError } from '@shared/app-error'
import { pageLimit, type TableRecord } from '@shared/contract/records.contract'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import { isSecretColumn } from '@shared/domain/secret-column'
import type { JsonValue } from '@shared/json'
import type { DatabaseRow, Transaction } from '../../db/database'
import { observeQuery } from '../store/observed-queries'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import { tableNamed } from '../tables/tables.service'
import { countMatching } from './count-records.service'
import { type EmbedColumn, embedColumns } from './embed.sql'
import { resolveTarget, secretColumn } from './filter-target'
import { selectPageSql, type TableAt } from './page.sql'
import {
  foreign,
  type Order,
  type Place,
  pageOrder,
  placeOfRow,
  queryHash,
  readCursor,
  writeCursor,
} from './page-order'
import { type RecordRow, toRecord } from './record'
import { planOf } from './record-plan'
import type { RecordPage, RecordQuery } from './record-query'
import { type Projection, projectRecord, type RawRow, wholeRecord } from './record-row.sql'
import { readTemplate } from './records.sql'
import { bound, statementOf } from './statement'

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
  const embeds = embedColumns(at.projectId, tables, table, query.embed ?? [])
  const hash = () => queryHash(table, filter, sort)
  const after = query.cursor === undefined ? null : await placeAfter(tx, at, hash(), order, query.cursor)
  const limit = Math.min(query.limit, pageLimit)
  const projection = projectionFor(table, order, select)
  const rows = await tx.query<RawRow>(
    selectPageSql(at, {
      projection,
      filter,
      order,
      after,
      // One more than asked for tells whether there is a next page.
      limit: limit + 1,
      offset: query.offset ?? 0,
      embeds: embeds.map(({ sql }) => sql),
    }),
  )
  if (query.cursor === undefined) observeQuery({ projectId: at.projectId, table, filter, sort })
  const page = rows.slice(0, limit).map((raw) => ({ raw, row: projection.read(raw) }))
  const last = page.at(-1)
  return {
    records: page.map(({ raw, row }) => withEmbeds(toRecord(table, row, select), raw, embeds)),
    nextCursor: last && rows.length > limit ? writeCursor(hash(), placeOfRow(order, last.row)) : null,
    ...(await countMatching(tx, at, filter, query.count)),
  }
}

/** Up to here a document of the shared tier is read member by member; each look opens it again. */
const fewColumns = 8

/** What is asked for, and what a cursor is made of. */
function projectionFor(table: StoredTable, { parts }: Order, select: ReadonlySet<string> | undefined): Projection {
  if (!select) return wholeRecord(table)
  const sorted = new Set(parts.map(({ target }) => target.column))
  const columns = planOf(table).columns.filter((column) => select.has(column.name) || sorted.has(column))
  if (table.storage.tier === 'shared' && columns.length > fewColumns) return wholeRecord(table)
  return projectRecord(table, 'd', columns)
}

function withEmbeds(record: TableRecord, raw: RawRow, embeds: readonly EmbedColumn[]): TableRecord {
  if (embeds.length === 0) return record
  return {
    ...record,
    ...Object.fromEntries(embeds.map(({ name, alias }) => [name, (raw[alias] ?? null) as JsonValue])),
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

async function placeAfter(tx: Transaction, at: TableAt, hash: string, order: Order, text: string): Promise<Place> {
  const cursor = readCursor(hash, order, text)
  if (cursor.values !== null) return { id: cursor.id, values: cursor.values }
  const row = await readRecord(tx, at, cursor.id)
  if (!row) throw foreign()
  return placeOfRow(order, row)
}
