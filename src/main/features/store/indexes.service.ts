import { AppError } from '@shared/app-error'
import type { TableIndex } from '@shared/contract/indexes.contract'
import { typeOf } from '@shared/domain/check-table'
import { isSecretColumn } from '@shared/domain/secret-column'
import { primaryKeyOf } from '@shared/domain/table-schema'
import { showValue } from '@shared/domain/text-problem'
import type { DatabaseRow, Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import { isRecordId } from '../tables/column.sql'
import { checkPath } from '../tables/json-path'
import { keyRulesOf } from '../tables/key-rule'
import { placeOf } from '../tables/layout'
import { mostPhysicalColumns } from '../tables/physical-table.sql'
import type { StoredTable } from '../tables/stored-table'
import { loadTables, lockSchema, tableWithId, type Writer } from '../tables/tables.service'
import { selectTableSql } from '../tables/tables.sql'
import {
  type AskedIndex,
  deleteAskedSql,
  dropAskedIndexSql,
  type IndexColumn,
  type IndexMember,
  insertAskedSql,
  isContainer,
  type PhysicalIndexRow,
  prefixIndexName,
  selectAskedSql,
  selectPhysicalIndexesSql,
} from './indexes.sql'
import { selectWishSql } from './storage.sql'
import { planMoveSql, setLockTimeoutSql } from './storage-move.sql'

/** Steps of a path, as filters have them. */
const week = 7 * 24 * 60 * 60 * 1000

/** Every index of the table: what keeps its rules, what its references are found by, and what was asked for. */
export async function listIndexes(tx: Transaction, projectId: string, table: StoredTable): Promise<TableIndex[]> {
  const asked = await tx.query<AskedIndex>(selectAskedSql(projectId, table.id))
  if (table.storage.tier === 'shared') return [...rulesOf(table), ...asked.flatMap((one) => planned(table, one))]
  const rows = await tx.query<PhysicalIndexRow>(selectPhysicalIndexesSql(table.storage.relation))
  const own = rows.flatMap((row) => ownIndex(table, row))
  return [
    ...own,
    ...asked.flatMap((one) => {
      const row = rows.find(({ name }) => name === one.name)
      const more = rows.filter(({ name }) => name === prefixIndexName(one.name))
      return row?.valid === true ? built(table, one, [row, ...more]) : planned(table, one)
    }),
  ]
}

/**
 * Remembers the index. On a table of the shared tier it also plans the table's move, which builds it; on others the
 * worker does. CONFLICT when it is there, VALIDATION when these columns cannot have one.
 */
export async function createIndex(
  tx: Transaction,
  writer: Writer,
  tableId: string,
  names: readonly string[],
): Promise<{ readonly name: string; readonly table: StoredTable }> {
  const { database } = writer
  await lockSchema(tx, database.id, 'shared')
  const table = tableWithId(await loadTables(tx, database.id), tableId)
  const members = membersOf(table, names)
  refuseServed(table, members)
  const [wished] = await tx.query<{ wish: string }>(selectWishSql(table.id))
  if (wished?.wish === 'shared')
    throw new AppError(
      'CONFLICT',
      `Table "${table.schema.name}" is kept in the shared storage by wish, which has no indexes. Leave its storage to its size first.`,
      { details: { table: table.schema.name } },
    )
  const [asked] = await tx.query<AskedIndex>(insertAskedSql(database.project_id, table.id, members))
  if (!asked)
    throw new AppError('CONFLICT', `Table "${table.schema.name}" has an index on ${names.join(', ')} already.`, {
      details: { table: table.schema.name },
    })
  if (table.storage.tier === 'shared') await tx.execute(planMoveSql(database.project_id, table.id, 'dedicated'))
  await recordIndexActivity(tx, writer, table, 'index.create', `Asked for an index on ${names.join(', ')}`)
  return { name: asked.name, table }
}

/** NOT_FOUND when there is none of this name that was asked for. `tx` is the store's. */
export async function dropIndex(tx: Transaction, writer: Writer, tableId: string, name: string): Promise<void> {
  const { database } = writer
  await lockSchema(tx, database.id, 'shared')
  const table = tableWithId(await loadTables(tx, database.id), tableId)
  const all = await tx.query<AskedIndex>(selectAskedSql(database.project_id, table.id))
  const asked = all.find((one) => one.name === name)
  if (!asked)
    throw new AppError(
      'NOT_FOUND',
      'There is no such index that somebody asked for. Indexes of keys, unique rules and references go with their rule.',
    )
  await tx.execute(deleteAskedSql(database.project_id, table.id, name))
  if (table.storage.tier === 'dedicated') {
    // Whoever comes while it waits for readers has to wait behind it.
    await tx.query(setLockTimeoutSql(2_000))
    for (const drop of dropAskedIndexSql(name, 'at once')) await tx.execute(drop)
  }
  const [{ columns } = { columns: [] }] = planned(table, asked)
  await recordIndexActivity(tx, writer, table, 'index.drop', `Dropped the index on ${columns.join(', ')}`)
}

async function recordIndexActivity(
  tx: Transaction,
  { database, principal }: Writer,
  table: StoredTable,
  action: 'index.create' | 'index.drop',
  what: string,
): Promise<void> {
  await recordActivity(tx, {
    projectId: database.project_id,
    principal,
    action,
    sentence: `${what} of table ${table.schema.name}.`,
    tableId: table.id,
    kind: 'tables',
  })
}

/** The columns as they are today; null when one of them is gone. */
export function columnsOf(table: StoredTable, members: readonly IndexMember[]): readonly IndexColumn[] | null {
  const columns = members.flatMap(({ key, path = [] }): readonly IndexColumn[] => {
    const column = table.schema.columns.find(({ name }) => placeOf(table.layout, name).key === key)
    const fits = column && (path.length === 0 || typeOf(column).base === 'jsonb')
    return fits ? [{ column, path }] : []
  })
  return columns.length === members.length ? columns : null
}

/** The table as the catalogue has it; null when it is gone. */
export async function findTable(tx: Transaction, database: DatabaseRow, tableId: string): Promise<StoredTable | null> {
  const [table] = await tx.query<StoredTable>(selectTableSql(database.id, tableId))
  return table ?? null
}

function membersOf(table: StoredTable, names: readonly string[]): readonly IndexMember[] {
  if (table.schema.columns.length > mostPhysicalColumns)
    throw new AppError(
      'VALIDATION',
      `Table "${table.schema.name}" has more than ${mostPhysicalColumns.toLocaleString('en')} columns, too many for storage of its own, which an index needs.`,
      { details: { table: table.schema.name } },
    )
  const members = names.map((name) => memberOf(table, name))
  const texts = members.map((member) => JSON.stringify(member))
  if (new Set(texts).size < texts.length)
    throw new AppError('VALIDATION', 'A column can be in an index only once.', {
      details: { table: table.schema.name },
    })
  const columns = columnsOf(table, members) ?? []
  const container = columns.find(isContainer)
  if (container && columns.length > 1)
    throw new AppError(
      'VALIDATION',
      `Column "${container.column.name}" is ${container.column.type}: its index tells what a value contains, and has no other columns. ${
        typeOf(container.column).base === 'jsonb' ? `Name a path into it, such as "${container.column.name}.name".` : ''
      }`.trim(),
      { details: { column: container.column.name } },
    )
  return members
}

function memberOf(table: StoredTable, name: string): IndexMember {
  const [head = '', ...path] = name.split('.')
  const column = table.schema.columns.find((candidate) => candidate.name === head)
  if (!column)
    throw new AppError('VALIDATION', `Table "${table.schema.name}" has no column ${showValue(head)}.`, {
      details: { column: head.slice(0, 200) },
    })
  if (isSecretColumn(table.schema.name, head))
    throw new AppError('FORBIDDEN', `Column "${head}" holds password hashes. Nothing is looked up by it.`, {
      details: { column: head },
    })
  const { key } = placeOf(table.layout, head)
  if (path.length === 0) return { key }
  checkPath(column, name, path)
  return { key, path }
}

/** A unique rule of the very same columns has an index already. */
function refuseServed(table: StoredTable, members: readonly IndexMember[]): void {
  if (members.some(({ path }) => path !== undefined)) return
  const keys = members.map(({ key }) => key).join(',')
  const id = table.schema.columns.find((column) => isRecordId(table, column))
  const isId = id !== undefined && keys === placeOf(table.layout, id.name).key
  if (!isId && !keyRulesOf(table).some(({ rule }) => rule === keys)) return
  throw new AppError(
    'CONFLICT',
    `These columns are unique in table "${table.schema.name}", and a unique rule has its index already.`,
    { details: { table: table.schema.name } },
  )
}

function rulesOf(table: StoredTable): TableIndex[] {
  const rules = keyRulesOf(table)
  const key = primaryKeyOf(table.schema)
  const own = rules.some(({ isPrimary }) => isPrimary) ? [] : [index('key', key.length > 0 ? ['id'] : ['_id'])]
  return [
    ...own,
    ...rules.map(({ isPrimary, columns }) =>
      index(
        isPrimary ? 'key' : 'unique',
        columns.map(({ name }) => name),
      ),
    ),
  ]

  function index(origin: 'key' | 'unique', columns: string[]): TableIndex {
    return {
      id: `${origin}:${columns.join(',')}`,
      columns,
      unique: true,
      origin,
      state: 'ready',
      bytes: 0,
      scans: 0,
      unused: false,
    }
  }
}

function ownIndex(table: StoredTable, row: PhysicalIndexRow): TableIndex[] {
  const keys = row.keys.filter((key) => key !== '_project')
  const names = keys.flatMap((key) => (key === null ? [] : nameOf(table, key)))
  if (row.name.startsWith('i_') || names.length < keys.length || !row.valid) return []
  const rule = keyRulesOf(table).find((one) => one.rule === keys.join(','))
  const origin = row.primary || rule?.isPrimary === true ? 'key' : row.unique ? 'unique' : 'reference'
  return [
    {
      id: row.name,
      columns: names,
      unique: row.unique,
      origin,
      state: 'ready',
      bytes: row.bytes,
      scans: row.scans,
      unused: false,
    },
  ]
}

function nameOf(table: StoredTable, key: string): readonly string[] {
  if (key === '_id') return [table.schema.columns.find((column) => isRecordId(table, column))?.name ?? '_id']
  return table.schema.columns.map(({ name }) => name).filter((name) => placeOf(table.layout, name).key === key)
}

function built(table: StoredTable, asked: AskedIndex, rows: readonly PhysicalIndexRow[]): TableIndex[] {
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0)
  const scans = rows.reduce((sum, row) => sum + row.scans, 0)
  const since = Math.max(Date.parse(asked.created_at), ...rows.map((row) => Date.parse(row.counted_since ?? '') || 0))
  const unused = scans === 0 && Date.now() - since > week
  return planned(table, asked).map((one) => ({ ...one, state: 'ready', bytes, scans, unused }))
}

function planned(table: StoredTable, { name, members }: AskedIndex): TableIndex[] {
  const columns = columnsOf(table, members)?.map(({ column, path }) => [column.name, ...path].join('.'))
  if (!columns) return []
  return [{ id: name, columns, unique: false, origin: 'asked', state: 'planned', bytes: 0, scans: 0, unused: false }]
}
