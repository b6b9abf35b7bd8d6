import { AppError } from '@shared/app-error'
import type { Procedures } from '../../rpc/implementer'
import { openSchema } from '../tables/open-schema.service'
import { tableWithId } from '../tables/tables.service'
import { createIndex, dropIndex, listIndexes } from './indexes.service'
import { suggestIndexes } from './indexes-suggestions.service'
import { flushQueries } from './observed-queries'
import { describeStorage, wishStorage } from './storage.service'
import type { StorageWorker } from './storage-worker'

/** Milliseconds that a call waits for the index it asked for; of a large table it is built after the answer. */
const patience = 3_000

export function createIndexesHandlers(
  { signedIn: { indexes } }: Procedures,
  { worker }: { readonly worker: StorageWorker },
) {
  return {
    list: indexes.list.handler(async ({ input, context: { db, caller }, signal }) => {
      // Suggestions may do without the newest questions.
      await flushQueries(db).catch(() => undefined)
      return db.withDatabase(
        caller.account.id,
        input.databaseId,
        async (tx, database) => {
          const table = tableWithId((await openSchema(tx, database)).tables, input.tableId)
          const storage = await describeStorage(tx, database.project_id, table)
          const all = await listIndexes(tx, database.project_id, table)
          const { records } = storage
          const suggestions = await suggestIndexes(tx, database.project_id, table, { indexes: all, records })
          return { indexes: all, suggestions, storage }
        },
        { signal, readOnly: true },
      )
    }),
    create: indexes.create.handler(async ({ input, context: { db, caller: principal }, signal }) => {
      const { databaseId, tableId, columns } = input
      const at = { accountId: principal.account.id, databaseId }
      const { name, table } = await db.withDatabase(
        at.accountId,
        databaseId,
        (tx, database) => createIndex(tx, { database, principal }, tableId, columns),
        { signal },
      )
      const built = worker.work({ ...at, tableId: table.id })
      if (table.storage.tier === 'dedicated') await withPatience(built)
      return db.withDatabase(
        at.accountId,
        databaseId,
        async (tx, database) => {
          const now = tableWithId((await openSchema(tx, database)).tables, table.id)
          const all = await listIndexes(tx, database.project_id, now)
          const index = all.find(({ id }) => id === name)
          if (!index)
            throw new AppError(
              'VALIDATION',
              `Table "${now.schema.name}" has values too long for an index on ${columns.join(', ')}: about 2,700 bytes are the most. Nothing was changed.`,
              { details: { table: now.schema.name } },
            )
          return { index }
        },
        { signal },
      )
    }),
    drop: indexes.drop.handler(async ({ input, context: { db, caller: principal }, signal }) => {
      const { databaseId, tableId, index } = input
      await db.withDatabase(
        principal.account.id,
        databaseId,
        (tx, database) => dropIndex(tx, { database, principal }, tableId, index),
        { signal, role: 'store' },
      )
    }),
    setStorage: indexes.setStorage.handler(async ({ input, context: { db, caller: principal }, signal }) => {
      const { databaseId, tableId, tier } = input
      const storage = await db.withDatabase(
        principal.account.id,
        databaseId,
        (tx, database) => wishStorage(tx, { database, principal }, tableId, tier),
        { signal },
      )
      void worker.work({ accountId: principal.account.id, databaseId, tableId: tableId.toLowerCase() })
      return { storage }
    }),
  }
}

async function withPatience(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience)
  })
  await Promise.race([work, enough])
  clearTimeout(timer)
}
