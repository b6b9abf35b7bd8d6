import type { Procedures } from '../../rpc/implementer'
import { listHistory } from './history.service'
import { previewMoment, restoreMoment } from './moment.service'
import { restoreRecord } from './restore.service'
import { readRetention, writeRetention } from './retention.service'
import { undoOperation } from './undo.service'

/** An undo may write a table's every record, so it gets longer than the 30 s of other statements. */
const undoTimeout = 300_000

export function createChangesHandlers({ signedIn: { changes } }: Procedures) {
  return {
    history: changes.history.handler(({ input: { params, query }, context: { db, caller }, signal }) =>
      db.withDatabase(
        caller.account.id,
        params.databaseId,
        (tx, database) =>
          listHistory(tx, database, { tableName: query.table, recordId: params.recordId, cursor: query.cursor }),
        { signal, readOnly: true, staleness: 'bounded' },
      ),
    ),
    restore: changes.restore.handler(
      async ({ input: { params, query, body }, context: { db, caller: principal }, signal }) => ({
        record: await db.withDatabase(
          principal.account.id,
          params.databaseId,
          (tx, database) =>
            restoreRecord(
              tx,
              { database, principal },
              { tableName: query.table, recordId: params.recordId, change: body.change },
            ),
          { signal },
        ),
      }),
    ),
    undo: changes.undo.handler(
      ({ input: { databaseId, operation, force }, context: { db, caller: principal }, signal }) =>
        db.withDatabase(
          principal.account.id,
          databaseId,
          (tx, database) => undoOperation(tx, { database, principal }, { operation, force: force === true }),
          { signal, statementTimeout: undoTimeout },
        ),
    ),
    previewMoment: changes.previewMoment.handler(
      ({ input: { databaseId, ...asked }, context: { db, caller: principal }, signal }) =>
        db.withDatabase(
          principal.account.id,
          databaseId,
          (tx, database) => previewMoment(tx, { database, principal }, asked),
          { signal, readOnly: true, statementTimeout: undoTimeout },
        ),
    ),
    restoreMoment: changes.restoreMoment.handler(
      ({ input: { databaseId, ...asked }, context: { db, caller: principal }, signal }) =>
        db.withDatabase(
          principal.account.id,
          databaseId,
          (tx, database) => restoreMoment(tx, { database, principal }, asked),
          { signal, statementTimeout: undoTimeout },
        ),
    ),
    retention: changes.retention.handler(({ input: { databaseId }, context: { db, caller }, signal }) =>
      db.withDatabase(caller.account.id, databaseId, readRetention, { signal, readOnly: true }),
    ),
    setRetention: changes.setRetention.handler(
      ({ input: { databaseId, days }, context: { db, caller: principal }, signal }) =>
        db.withDatabase(
          principal.account.id,
          databaseId,
          (tx, database) => writeRetention(tx, { database, principal }, days),
          { signal },
        ),
    ),
  }
}
