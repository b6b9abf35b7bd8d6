import type { JsonObject } from '@shared/json'
import type { Procedures } from '../../rpc/implementer'
import { deleteRecord, deleteRecords } from './delete-records.service'
import { hashPasswords } from './hash-passwords.service'
import { getRecord, queryRecords } from './records.service'
import { createRecords, replaceRecord, updateRecord } from './write-records.service'

export interface RecordsHandlersDeps {
  readonly bcryptCost: number
}

export function createRecordsHandlers({ signedIn: { records } }: Procedures, { bcryptCost }: RecordsHandlersDeps) {
  const hashed = async (tableName: string, record: JsonObject) =>
    (await hashPasswords(tableName, [record], bcryptCost))[0] ?? record

  return {
    create: records.create.handler(async ({ input, context: { db, caller: principal }, signal }) => {
      const sent = input.records ?? (input.record ? [input.record] : [])
      const inputs = await hashPasswords(input.tableName, sent, bcryptCost)
      const created = await db.withDatabase(
        principal.account.id,
        input.databaseId,
        (tx, database) => createRecords(tx, { database, principal }, input.tableName, inputs),
        { signal },
      )
      const [record] = created
      return input.records || !record ? { records: created } : { record }
    }),
    query: records.query.handler(({ input, context: { db, caller }, signal }) =>
      db.withDatabase(caller.account.id, input.databaseId, (tx, database) => queryRecords(tx, database, input), {
        signal,
        readOnly: true,
      }),
    ),
    get: records.get.handler(async ({ input: { params, query }, context: { db, caller }, signal }) => ({
      record: await db.withDatabase(
        caller.account.id,
        params.databaseId,
        (tx, database) => getRecord(tx, database, query.table, params.recordId),
        { signal, readOnly: true },
      ),
    })),
    replace: records.replace.handler(
      async ({ input: { params, query, body }, context: { db, caller: principal }, signal }) => {
        const write = {
          ...body,
          tableName: query.table,
          id: params.recordId,
          record: await hashed(query.table, body.record),
        }
        const record = await db.withDatabase(
          principal.account.id,
          params.databaseId,
          (tx, database) => replaceRecord(tx, { database, principal }, write),
          { signal },
        )
        return { record }
      },
    ),
    update: records.update.handler(
      async ({ input: { params, query, body }, context: { db, caller: principal }, signal }) => {
        const write = {
          ...body,
          tableName: query.table,
          id: params.recordId,
          record: await hashed(query.table, body.record),
        }
        const record = await db.withDatabase(
          principal.account.id,
          params.databaseId,
          (tx, database) => updateRecord(tx, { database, principal }, write),
          { signal },
        )
        return { record }
      },
    ),
    delete: records.delete.handler(async ({ input: { params, query }, context: { db, caller: principal }, signal }) => {
      await db.withDatabase(
        principal.account.id,
        params.databaseId,
        (tx, database) => deleteRecord(tx, { database, principal }, query.table, params.recordId),
        { signal },
      )
    }),
    deleteMany: records.deleteMany.handler(async ({ input, context: { db, caller: principal }, signal }) => ({
      deleted: await db.withDatabase(
        principal.account.id,
        input.databaseId,
        (tx, database) => deleteRecords(tx, { database, principal }, input),
        { signal },
      ),
    })),
  }
}
