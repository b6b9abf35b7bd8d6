import type { Transaction } from '../../db/database'
import { createIndexSql, dropIndexSql, physicalIndexesOf } from './physical-table.sql'
import type { StoredTable } from './stored-table'

/** Gives a dedicated relation the indexes of its rules and references as they are now; nothing in the shared tier. */
export async function syncPhysicalIndexes(tx: Transaction, before: StoredTable, after: StoredTable): Promise<void> {
  const { storage } = after
  if (storage.tier !== 'dedicated') return
  const { relation } = storage
  const wanted = physicalIndexesOf(after, relation)
  const names = new Set(wanted.map(({ name }) => name))
  for (const { name } of physicalIndexesOf(before, relation)) if (!names.has(name)) await tx.execute(dropIndexSql(name))
  for (const index of wanted) await tx.execute(createIndexSql(relation, index, storage))
}
