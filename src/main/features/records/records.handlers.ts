import type { JsonObject } from '@shared/json'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import type { Procedures } from '../../rpc/implementer'
import type { StatisticsKeeper } from '../store/statistics.service'
import { countBeside, countRecords } from './count-records.service'
import { deleteRecord, deleteRecords } from './delete-records.service'
import { hashPasswords } from './hash-passwords.service'
import { getRecord, queryRecords } from './records.service'
import { digestOf, saveRecords } from './save-records.service'
import { updateRecords } from './update-records.service'
import { createRecords, replaceRecord, updateRecord } from './write-records.service'

export interface RecordsHandlersDeps {
  readonly bcryptCost: number
  readonly statistics: Pick<StatisticsKeeper, 'noteRecords'>
}

interface Called {
  readonly db: StudioDatabase
  readonly caller: Principal
}

interface RecordWrite {
  readonly params: { readonly databaseId: string; readonly recordId: string }
  readonly query: { readonly table: string }
  readonly body: { readonly record: JsonObject; readonly revision?: number | undefined }
}

export function createRecordsHandlers(
  { signedIn: { records } }: Procedures,
  { bcryptCost, statistics }: RecordsHandlersDeps,
) {
  async function write(
    put: typeof updateRecord,
    { params, query, body }: RecordWrite,
    { db, caller: principal }: Called,
    signal: AbortSignal | undefined,
  ) {
    const [record = body.record] = await hashPasswords(query.table, [body.record], bcryptCost)
    const change = { ...body, record, tableName: query.table, id: params.recordId }
    return {
      record: await db.withDatabase(
        principal.account.id,
        params.databaseId,
        (tx, database) => put(tx, { database, principal }, change),
        { signal, holdSchema: true },
      ),
    }
  }

  return {
    create: records.create.handler(async ({ input, context: { db, caller: principal }, signal }) => {
      const sent = input.records ?? (input.record ? [input.record] : [])
      const inputs = await hashPasswords(input.tableName, sent, bcryptCost)
      const created = await db.withDatabase(
        principal.account.id,
        input.databaseId,
        (tx, database) => createRecords(tx, { database, principal }, input.tableName, inputs),
        { signal, holdSchema: true },
      )
      statistics.noteRecords(created.length)
      const [record] = created
      return input.records || !record ? { records: created } : { record }
    }),
    query: records.query.handler(async ({ input, context: { db, caller }, signal }) => {
      const options = { signal, readOnly: true, holdSchema: true, staleness: 'bounded' } as const
      const { id } = caller.account
      const rows = { ...input, count: 'none' as const }
      const [page, count] = await Promise.all([
        db.withDatabase(id, input.databaseId, (tx, database) => queryRecords(tx, database, rows), options),
        countBeside(db, id, input.databaseId, input, options),
      ])
      return { ...page, ...count }
    }),
    get: records.get.handler(async ({ input: { params, query }, context: { db, caller }, signal }) => ({
      record: await db.withDatabase(
        caller.account.id,
        params.databaseId,
        (tx, database) => getRecord(tx, database, query.table, params.recordId),
        { signal, readOnly: true, holdSchema: true },
      ),
    })),
    replace: records.replace.handler(({ input, context, signal }) => write(replaceRecord, input, context, signal)),
    update: records.update.handler(({ input, context, signal }) => write(updateRecord, input, context, signal)),
    delete: records.delete.handler(async ({ input: { params, query }, context: { db, caller: principal }, signal }) => {
      await db.withDatabase(
        principal.account.id,
        params.databaseId,
        (tx, database) => deleteRecord(tx, { database, principal }, query.table, params.recordId),
        { signal, holdSchema: true },
      )
    }),
    saveMany: records.saveMany.handler(async ({ input, context: { db, caller: principal }, signal }) => {
      const { databaseId, tableName, key, create = [], update = [], delete: gone = [] } = input
      const sent = [...create, ...update].map(({ record }) => record)
      const hashed = await hashPasswords(tableName, sent, bcryptCost)
      const batch = {
        tableName,
        key,
        create: hashed.slice(0, create.length),
        update: update.map((one, index) => ({ ...one, record: hashed[create.length + index] ?? one.record })),
        delete: gone,
        digest: digestOf({ tableName, create, update, gone }),
      }
      const saved = await db.withDatabase(
        principal.account.id,
        databaseId,
        (tx, database) => saveRecords(tx, { database, principal }, batch),
        { signal, holdSchema: true },
      )
      if (!saved.repeated) statistics.noteRecords(saved.created.length)
      return saved
    }),
    updateMany: records.updateMany.handler(async ({ input, context: { db, caller: principal }, signal }) => {
      const [record = input.record] = await hashPasswords(input.tableName, [input.record], bcryptCost)
      return db.withDatabase(
        principal.account.id,
        input.databaseId,
        (tx, database) => updateRecords(tx, { database, principal }, { ...input, record }),
        { signal, holdSchema: true },
      )
    }),
    count: records.count.handler(({ input, context: { db, caller }, signal }) =>
      countRecords(db, caller.account.id, input, { signal, readOnly: true, holdSchema: true, staleness: 'bounded' }),
    ),
    deleteMany: records.deleteMany.handler(({ input, context: { db, caller: principal }, signal }) =>
      db.withDatabase(
        principal.account.id,
        input.databaseId,
        (tx, database) => deleteRecords(tx, { database, principal }, input),
        { signal, holdSchema: true },
      ),
    ),
  }
}
