import { assertNever } from '@shared/assert-never'
import type { DatabaseRow, StudioDatabase, Transaction } from '../../db/database'
import type { Asker } from '../../db/one-trip'
import { checkVersion } from '../api/api-projects.service'
import { type QuickProject, quickCall } from './quick-call'
import type { RestAnswer, RestCall } from './rest-call'
import { deleteRecords } from './rest-delete.service'
import { insertRecords, putRecord } from './rest-insert.service'
import { readRecords } from './rest-read.service'
import { updateRecords } from './rest-update.service'

/** Carries the answer of a call out of a transaction that is not to be kept. */
class RolledBack extends Error {
  readonly answer: RestAnswer
  constructor(answer: RestAnswer) {
    super('rolled back')
    this.answer = answer
  }
}

/** One call of a table, in one transaction: all of it happens, or nothing. */
export async function callTable(
  db: StudioDatabase,
  project: QuickProject,
  call: RestCall,
  asker: Asker,
): Promise<RestAnswer> {
  const quick = await quickCall(db, project, call, asker)
  if (quick !== null) return quick
  const { accountId, databaseId } = project
  const isRead = call.method === 'GET' || call.method === 'HEAD'
  const work = async (tx: Transaction, database: DatabaseRow): Promise<RestAnswer> => {
    checkVersion(tx, project)
    const answer = await runCall(tx, database, call)
    if (call.prefer.isRolledBack && !isRead) throw new RolledBack(answer)
    return answer
  }
  try {
    return await db.withDatabase(accountId, databaseId, work, {
      signal: asker.signal,
      readOnly: isRead,
      holdSchema: true,
    })
  } catch (error) {
    if (error instanceof RolledBack) return error.answer
    throw error
  }
}

/** In the transaction of the caller. */
export function runCall(tx: Transaction, database: DatabaseRow, call: RestCall): Promise<RestAnswer> {
  switch (call.method) {
    case 'GET':
    case 'HEAD':
      return readRecords(tx, database, call)
    case 'POST':
      return insertRecords(tx, database, call)
    case 'PUT':
      return putRecord(tx, database, call)
    case 'PATCH':
      return updateRecords(tx, database, call)
    case 'DELETE':
      return deleteRecords(tx, database, call)
    default:
      return assertNever(call.method)
  }
}
