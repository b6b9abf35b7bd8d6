import type { DatabaseRow, HeldSchema, Transaction } from '../../db/database'
import type { StoredTable } from './stored-table'
import { loadTables } from './tables.service'
import { lockSchemaSql } from './tables.sql'

export interface OpenSchema {
  /** The transaction's time. */
  readonly now: string
  /** All tables that are not in the bin; the very same objects until the schema changes. */
  readonly tables: readonly StoredTable[]
}

/**
 * Holds the schema as it is until the transaction ends, and answers what it is. One round trip, or none where the
 * transaction was opened with `holdSchema`: the catalogue is read only when its version is another than that in memory.
 */
export async function openSchema(tx: Transaction, database: DatabaseRow): Promise<OpenSchema> {
  const held = tx.held?.databaseId === database.id ? tx.held : await holdSchema(tx, database.id)
  const tables = readSchema(database.id, held.version) ?? (await loadTables(tx, database.id))
  keepSchema(database.id, held.version, tables)
  return { now: held.now, tables }
}

/** What is in memory of this version, or of any. */
export function readSchema(databaseId: string, version: string | null): readonly StoredTable[] | null {
  const known = read.get(databaseId)
  return known && (version === null || known.version === version) ? known.tables : null
}

/**
 * An edit keeps what it has made under its own version: when it is rolled back, nobody will ever hold that one.
 */
export function keepSchema(databaseId: string, version: string, tables: readonly StoredTable[]): void {
  read.delete(databaseId)
  read.set(databaseId, { version, tables })
  const [oldest] = read.keys()
  if (read.size > mostSchemas && oldest !== undefined) read.delete(oldest)
}

async function holdSchema(tx: Transaction, databaseId: string): Promise<Omit<HeldSchema, 'databaseId'>> {
  const [held] = await tx.query<HeldSchema>(lockSchemaSql(databaseId, 'shared'))
  if (!held) throw new Error('The schema was not held')
  return held
}

/** Schemas in memory, the one used longest ago first. A table of ten columns takes about 3 kB. */
const read = new Map<string, { readonly version: string; readonly tables: readonly StoredTable[] }>()
const mostSchemas = 500
