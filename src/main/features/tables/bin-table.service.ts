import { AppError } from '@shared/app-error'
import type { Table } from '@shared/contract/tables.contract'
import { addTableEdit } from '@shared/domain/add-table-edit'
import { applyEdit } from '@shared/domain/apply-edit'
import { isUniqueColumn } from '@shared/domain/check-table'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { ColumnSchema, TableSchema } from '@shared/domain/table-schema'
import type { Transaction } from '../../db/database'
import { syncViews } from '../store/views.service'
import { danglingSql } from './column-values.sql'
import { holdSchema } from './hold-schema.service'
import { syncPhysicalIndexes } from './physical-indexes.service'
import { recordSchemaEdit } from './schema-change.service'
import type { StoredTable } from './stored-table'
import { answer, schemaOf, tableWithId } from './tables.service'
import { selectDeletedTableSql, setDeletedSql, updateTableSql } from './tables.sql'
import type { Writer } from './writer'

/** Moves the table to the bin. CONSTRAINT when another table refers to it. */
export async function deleteTable(tx: Transaction, writer: Writer, tableId: string): Promise<Table> {
  const { database } = writer
  const without = (tables: readonly StoredTable[]) => tables.filter(({ id }) => id !== tableId.toLowerCase())
  const { tables, keep } = await holdSchema(tx, database, without)
  const table = tableWithId(tables, tableId)
  const edit: SchemaEdit = { type: 'dropTable', table: table.schema.name }
  applyEdit(schemaOf(tables), edit)
  const before = await answer(tx, database.project_id, table)
  await tx.execute(setDeletedSql(table.id, true))
  const after = without(tables)
  await syncViews(tx, database, tables, after)
  await recordSchemaEdit(tx, writer, {
    action: 'table.delete',
    sentence: `Moved table ${table.schema.name} to the bin.`,
    table,
    edits: [edit],
    before: tables,
    after,
  })
  keep(after)
  return before
}

/**
 * Brings a table back from the bin. CONFLICT when its name was taken meanwhile. A reference whose target was removed
 * meanwhile, or no longer has every value, is taken off the column; the values stay.
 */
export async function restoreTable(tx: Transaction, writer: Writer, tableId: string): Promise<Table> {
  const { database } = writer
  const select = async () => (await tx.query<StoredTable>(selectDeletedTableSql(database.id, tableId)))[0]
  const inBin = await select()
  const { tables, keep } = await holdSchema(tx, database, (before) => (inBin ? [...before, inBin] : before))
  const alive = tables.find(({ id }) => id === tableId.toLowerCase())
  if (alive) return answer(tx, database.project_id, alive)
  const binned = await select()
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
  await recordSchemaEdit(tx, writer, {
    action: 'table.restore',
    sentence: `Restored table ${name}.${note}`,
    table,
    edits: [addTableEdit(table.schema)],
    before: tables,
    after,
  })
  keep(after)
  return answer(tx, database.project_id, table)
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
