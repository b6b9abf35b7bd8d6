import type { Table } from '@shared/contract/tables.contract'
import { addTableEdit } from '@shared/domain/add-table-edit'
import { applyEdit } from '@shared/domain/apply-edit'
import type { TableSchema, TableSchemaInput } from '@shared/domain/table-schema'
import type { Transaction } from '../../db/database'
import { setStorageSql } from '../store/storage-move.sql'
import { syncViews } from '../store/views.service'
import { holdSchema } from './hold-schema.service'
import { firstLayout } from './layout'
import { recordSchemaEdit } from './schema-change.service'
import { type Storage, type StoredTable, toTable } from './stored-table'
import { schemaOf } from './tables.service'
import { insertTableSql } from './tables.sql'
import type { Writer } from './writer'

/**
 * Makes the table. CONFLICT when the name is taken, VALIDATION when a column cannot be as it is described. `filled` is a
 * relation that holds its records already.
 */
export async function createTable(
  tx: Transaction,
  writer: Writer,
  input: TableSchemaInput,
  filled?: Storage,
): Promise<Table> {
  const { database } = writer
  const described = (tables: readonly StoredTable[]): TableSchema => {
    const schema = applyEdit(schemaOf(tables), { type: 'addTable', table: input }).tables.at(-1)
    if (!schema) throw new Error('addTable added no table')
    return schema
  }
  const { tables, keep } = await holdSchema(tx, database, (before) => [...before, planned(described(before))])
  const schema = described(tables)
  const [inserted] = await tx.query<StoredTable>(
    insertTableSql(database.project_id, database.id, schema, firstLayout(schema)),
  )
  if (!inserted) throw new Error('The table was not inserted')
  const table = filled ? { ...inserted, storage: filled } : inserted
  if (filled) await tx.execute(setStorageSql(table.id, filled))
  const after = [...tables, table]
  await syncViews(tx, database, tables, after)
  await recordSchemaEdit(tx, writer, {
    action: 'table.create',
    sentence: `Created table ${schema.name}.`,
    table,
    edits: [addTableEdit(schema)],
    before: tables,
    after,
  })
  keep(after)
  return toTable(table, 0)
}

/** A table that is not there yet, for what it will change at its neighbours. */
function planned(schema: TableSchema): StoredTable {
  return { id: '', schema, layout: firstLayout(schema), storage: { tier: 'shared' }, created_at: '', updated_at: '' }
}
