import type { DatabaseRow, Transaction } from '../../db/database'
import { deleteSet, letGo } from '../records/delete-set.service'
import { deletedSentence } from '../records/write.sql'
import type { WriteScope } from '../records/write-scope'
import { permitted } from '../rules/access'
import { referrersOf } from '../tables/stored-table'
import { answer, contentRange } from './rest-answer'
import type { RestAnswer, RestCall } from './rest-call'
import { permissionOf } from './rest-scope'
import { lockMatchesSql } from './rest-write.sql'
import { checkAffected, chosen, open, represent, representation } from './rest-writing'

/** DELETE: what the filters choose, and what goes along with it. */
export async function deleteRecords(tx: Transaction, database: DatabaseRow, call: RestCall): Promise<RestAnswer> {
  const writing = await open(tx, database, call)
  const { table, scope, write } = writing
  const permission = permissionOf(scope, table, 'delete')
  const target = chosen(writing, 'DELETE')
  const node = representation(writing)
  const rows = await tx.query<{ id: string }>(lockMatchesSql(target, permitted(permission, 'd')))
  const ids = rows.map(({ id }) => id)
  checkAffected(call, ids.length)
  const answered = await represent(writing, node, ids)
  if (ids.length > 0) await remove(tx, write, ids)
  const range = { 'content-range': contentRange(0, 0, call.prefer.count === null ? null : ids.length) }
  return answer(node ? 200 : 204, answered, call.accept, call.prefer, range)
}

async function remove(tx: Transaction, write: WriteScope, ids: readonly string[]): Promise<void> {
  const { table, all } = write
  const noted = { action: 'records.delete', sentence: deletedSentence(table.schema.name) }
  const gone = await deleteSet(tx, write, ids, noted)
  if (referrersOf(all, table.schema.name).length > 0) await letGo(tx, write, gone)
}
