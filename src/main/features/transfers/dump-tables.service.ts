import { AppError } from '@shared/app-error'
import type { TablesMode } from '@shared/contract/transfers.contract'
import { primaryKeyOf, type TableSchemaInput } from '@shared/domain/table-schema'
import type { Transaction } from '../../db/database'
import { planOf } from '../records/record-plan'
import { createIndex } from '../store/indexes.service'
import { deleteTable } from '../tables/bin-table.service'
import { createTable } from '../tables/create-table.service'
import { updateTable } from '../tables/edit-table.service'
import type { StoredTable } from '../tables/stored-table'
import { loadTables } from '../tables/tables.service'
import { releaseSavepointSql, rollbackToSavepointSql, savepointSql } from './batch-import.sql'
import { hasRecordsSql } from './bulk-load.sql'
import type { DumpTable } from './dump-schema'
import type { Into } from './import-request'
import type { ReadDump } from './read-dump'

/** Answers the tables that are there and take the records of theirs; the others were made. */
export async function makeTables(
  tx: Transaction,
  into: Into,
  { tables, isGuessed = false }: ReadDump,
  mode: TablesMode,
  notes: string[],
): Promise<ReadonlyMap<string, StoredTable>> {
  const existing = new Map((await loadTables(tx, into.database.id)).map((table) => [table.schema.name, table]))
  const kept = new Map<string, StoredTable>()
  for (const { schema } of tables) {
    const there = existing.get(schema.name)
    if (there === undefined) continue
    if (mode !== 'new') kept.set(schema.name, there)
    else if (await hasRecords(tx, into, there))
      throw new AppError(
        'CONFLICT',
        `There is a table "${schema.name}" with records already. Import the file into a new project, or rename that table first.`,
        { details: { table: schema.name } },
      )
    // What is only guessed says less than a table that waits for its records.
    else if (isGuessed && schema.columns.every(({ name }) => planOf(there).byName.has(name)))
      kept.set(schema.name, there)
    else await deleteTable(tx, into, there.id)
  }
  for (const { schema } of tables) {
    if (kept.has(schema.name)) continue
    if (schema.columns.length === 0)
      notes.push(
        `“${schema.name}” has no records in the file, which then names no columns: it was made with an id only.`,
      )
    await createTable(tx, into, withoutReferences(schema))
  }
  return kept
}

async function hasRecords(tx: Transaction, { database }: Into, table: StoredTable): Promise<boolean> {
  const [answer] = await tx.query<{ has: boolean }>(hasRecordsSql(database.project_id, table))
  return answer?.has !== false
}

/** What points to others comes after them, as far as that goes in a circle. */
export function parentsFirst(tables: readonly DumpTable[], kept: readonly StoredTable[]): readonly DumpTable[] {
  const byName = new Map(tables.map((table) => [table.schema.name, table]))
  const ordered = new Set<DumpTable>()
  const begun = new Set<string>()
  const visit = (table: DumpTable) => {
    if (begun.has(table.schema.name)) return
    begun.add(table.schema.name)
    const stored = kept.find(({ schema }) => schema.name === table.schema.name)
    for (const { references } of stored?.schema.columns ?? []) {
      const parent = references && byName.get(references.table)
      if (parent) visit(parent)
    }
    ordered.add(table)
  }
  for (const table of tables) visit(table)
  return [...ordered]
}

function withoutReferences(schema: DumpTable['schema']): TableSchemaInput {
  const columns = schema.columns.map(({ references: _, ...column }) => column)
  return {
    name: schema.name,
    columns,
    ...(schema.unique ? { unique: schema.unique } : {}),
    ...(primaryKeyOf(schema).length > 0 ? {} : { primary_key: columns.length === 0, timestamps: false }),
  }
}

/** Once all records are there. One that they do not keep is left out, and said. */
export async function addReferences(
  tx: Transaction,
  into: Into,
  tables: readonly DumpTable[],
  notes: string[],
): Promise<void> {
  for (const { schema } of tables)
    for (const { name, references } of schema.columns) {
      if (!references) continue
      const table = (await loadTables(tx, into.database.id)).find((one) => one.schema.name === schema.name)
      if (!table) continue
      await tx.execute(savepointSql)
      try {
        await updateTable(tx, into, table.id, [{ type: 'setReference', table: schema.name, column: name, references }])
        await tx.execute(releaseSavepointSql)
      } catch (error) {
        if (!(error instanceof AppError) || error.code === 'CANCELLED') throw error
        await tx.execute(rollbackToSavepointSql)
        await tx.execute(releaseSavepointSql)
        notes.push(`The reference of "${schema.name}"."${name}" is not taken over: ${error.message}`)
      }
    }
}

export async function addIndexes(tx: Transaction, into: Into, { indexes }: ReadDump, notes: string[]): Promise<void> {
  for (const { table, columns } of indexes) {
    const stored = (await loadTables(tx, into.database.id)).find((one) => one.schema.name === table)
    if (!stored) continue
    await tx.execute(savepointSql)
    try {
      await createIndex(tx, into, stored.id, columns)
      await tx.execute(releaseSavepointSql)
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'CANCELLED') throw error
      await tx.execute(rollbackToSavepointSql)
      await tx.execute(releaseSavepointSql)
      notes.push(`An index of "${table}" is not taken over: ${error.message}`)
    }
  }
}
