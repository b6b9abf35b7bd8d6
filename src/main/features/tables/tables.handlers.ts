import type { Procedures } from '../../rpc/implementer'
import type { DescribeTable } from '../assistant/describe-table.service'
import { deleteTable, restoreTable } from './bin-table.service'
import { createTable } from './create-table.service'
import { previewTable, updateTable } from './edit-table.service'
import { editSchema } from './schema-change.service'
import { getTable, listTables } from './tables.service'

/** A schema edit may rewrite every record of a table, so it gets longer than the 30 s of other statements. */
const editTimeout = 300_000

export function createTablesHandlers(
  { signedIn: { tables } }: Procedures,
  { describe }: { readonly describe: DescribeTable },
) {
  return {
    list: tables.list.handler(async ({ input, context: { db, caller }, signal }) => ({
      tables: await db.withDatabase(caller.account.id, input.databaseId, listTables, {
        signal,
        readOnly: true,
        staleness: 'bounded',
      }),
    })),
    create: tables.create.handler(async ({ input, context: { db, caller: principal }, signal }) => {
      const { databaseId } = input
      const schema =
        input.schemaJson ?? (await describe({ db, principal, databaseId, signal }, input.description ?? ''))
      return {
        table: await editSchema(() =>
          db.withDatabase(
            principal.account.id,
            databaseId,
            (tx, database) => createTable(tx, { database, principal }, schema),
            { signal, role: 'store' },
          ),
        ),
      }
    }),
    get: tables.get.handler(async ({ input, context: { db, caller }, signal }) => ({
      table: await db.withDatabase(
        caller.account.id,
        input.databaseId,
        (tx, database) => getTable(tx, database, input.tableId),
        { signal, readOnly: true },
      ),
    })),
    update: tables.update.handler(async ({ input, context: { db, caller: principal }, signal }) => ({
      table: await editSchema(() =>
        db.withDatabase(
          principal.account.id,
          input.databaseId,
          (tx, database) => updateTable(tx, { database, principal }, input.tableId, input.edits),
          { signal, role: 'store', statementTimeout: editTimeout },
        ),
      ),
    })),
    preview: tables.preview.handler(async ({ input, context: { db, caller }, signal }) => ({
      effects: await editSchema(() =>
        db.withDatabase(
          caller.account.id,
          input.databaseId,
          (tx, database) => previewTable(tx, database, input.tableId, input.edits),
          { signal, role: 'store', statementTimeout: editTimeout },
        ),
      ),
    })),
    delete: tables.delete.handler(async ({ input, context: { db, caller: principal }, signal }) => ({
      table: await editSchema(() =>
        db.withDatabase(
          principal.account.id,
          input.databaseId,
          (tx, database) => deleteTable(tx, { database, principal }, input.tableId),
          { signal, role: 'store' },
        ),
      ),
    })),
    restore: tables.restore.handler(async ({ input, context: { db, caller: principal }, signal }) => ({
      table: await editSchema(() =>
        db.withDatabase(
          principal.account.id,
          input.databaseId,
          (tx, database) => restoreTable(tx, { database, principal }, input.tableId),
          { signal, role: 'store' },
        ),
      ),
    })),
  }
}
