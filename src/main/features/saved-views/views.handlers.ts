import type { Procedures } from '../../rpc/implementer'
import { createView, deleteView, listViews, updateView } from './views.service'

export function createViewsHandlers({ signedIn: { views } }: Procedures) {
  return {
    list: views.list.handler(async ({ input, context: { db, caller }, signal }) => ({
      views: await db.withDatabase(
        caller.account.id,
        input.databaseId,
        (tx, database) => listViews(tx, database, input.tableId),
        { signal, readOnly: true, holdSchema: true, staleness: 'bounded' },
      ),
    })),
    create: views.create.handler(async ({ input, context: { db, caller: principal }, signal }) => ({
      view: await db.withDatabase(
        principal.account.id,
        input.databaseId,
        (tx, database) => createView(tx, { database, principal }, input),
        { signal, holdSchema: true },
      ),
    })),
    update: views.update.handler(async ({ input, context: { db, caller: principal }, signal }) => ({
      view: await db.withDatabase(
        principal.account.id,
        input.databaseId,
        (tx, database) => updateView(tx, { database, principal }, input),
        { signal, holdSchema: true },
      ),
    })),
    delete: views.delete.handler(async ({ input, context: { db, caller: principal }, signal }) => {
      await db.withDatabase(
        principal.account.id,
        input.databaseId,
        (tx, database) => deleteView(tx, { database, principal }, input),
        { signal, holdSchema: true },
      )
    }),
  }
}
