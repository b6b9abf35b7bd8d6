import type { Transaction } from '../../db/database'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import { tableNamed, type Writer } from '../tables/tables.service'
import type { Operation } from './change-log.sql'
import { uuidV7 } from './uuid-v7'

/** A table that is about to be written, and what the rules between records need. */
export interface WriteScope {
  readonly projectId: string
  readonly all: readonly StoredTable[]
  readonly table: StoredTable
  /** The transaction's time. */
  readonly now: string
  readonly operation: Operation
}

/** Holds the schema, and begins an operation; `operation` is its id where the caller has one. */
export async function openTable(
  tx: Transaction,
  writer: Writer,
  tableName: string,
  operation: string = uuidV7(),
): Promise<WriteScope> {
  const { now, tables } = await openSchema(tx, writer.database)
  return {
    projectId: writer.database.project_id,
    all: tables,
    table: tableNamed(tables, tableName),
    now,
    operation: { id: operation, principal: writer.principal },
  }
}
