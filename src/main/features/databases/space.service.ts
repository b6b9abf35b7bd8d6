import type { DatabaseRow, Transaction } from '../../db/database'
import { openSchema } from '../tables/open-schema.service'
import { documentBytesSql, relationBytesSql } from './databases.sql'

/** What each table takes, the largest first. */
export async function readSpace(tx: Transaction, database: DatabaseRow) {
  const { tables } = await openSchema(tx, database)
  const relations = tables.flatMap(({ storage }) => (storage.tier === 'dedicated' ? [storage.relation] : []))
  const rows = [
    ...(await tx.query<{ place: string; bytes: number }>(documentBytesSql(database.project_id))),
    ...(await tx.query<{ place: string; bytes: number }>(relationBytesSql(relations))),
  ]
  const bytes = new Map(rows.map((row) => [row.place, row.bytes]))
  return {
    tables: tables
      .map(({ id, schema, storage }) => ({
        table_name: schema.name,
        bytes: bytes.get(storage.tier === 'dedicated' ? storage.relation : id) ?? 0,
      }))
      .sort((a, b) => b.bytes - a.bytes),
  }
}
