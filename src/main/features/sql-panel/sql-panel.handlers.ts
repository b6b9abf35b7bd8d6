import { AppError } from '@shared/app-error'
import type { SqlEvent } from '@shared/contract/sql-panel.contract'
import type { Principal } from '../../context'
import type { DatabaseRow, StudioDatabase, Transaction } from '../../db/database'
import type { Procedures } from '../../rpc/implementer'
import type { WriteQuota } from '../api/quota.service'
import { actorOf } from '../audit/activity'
import { haveLogin, toLogin } from '../sql/sql-login.service'
import { analyse } from './analyse.service'
import * as drafts from './drafts.service'
import { previewDangers } from './preview.service'
import { cutRows } from './result-writer'
import { listHistory } from './run-history.service'
import { runPanel } from './run-panel.service'
import { postgresFunctions } from './sql-functions.service'
import type { SqlPanel } from './sql-panel'
import { clearHistorySql, deleteQuerySql } from './sql-panel.sql'
import { toldEvents } from './told-events'

interface Call {
  readonly db: StudioDatabase
  readonly caller: Principal
}

export function createSqlPanelHandlers(
  { signedIn: { sqlPanel } }: Procedures,
  { panel, quota }: { readonly panel: SqlPanel; readonly quota?: WriteQuota | undefined },
) {
  const { spool, exports, transactions } = panel

  const within = <T>(
    { db, caller }: Call,
    databaseId: string,
    signal: AbortSignal | undefined,
    work: (tx: Transaction, database: DatabaseRow) => Promise<T>,
    readOnly = false,
  ) => db.withDatabase(caller.account.id, databaseId, work, { signal, readOnly })

  /** Files and sessions are not behind row-level security: that the database is theirs is asked first. */
  async function ownerOf(call: Call, databaseId: string, signal: AbortSignal | undefined) {
    const id = await within(call, databaseId, signal, async (_, database) => database.id, true)
    return { accountId: call.caller.account.id, databaseId: id }
  }

  return {
    analyse: sqlPanel.analyse.handler(async ({ input, context, signal }) => ({
      statements: await within(
        context,
        input.databaseId,
        signal,
        (tx, database) => analyse(tx, database, input.query),
        true,
      ),
    })),
    preview: sqlPanel.preview.handler(async ({ input, context: { db, caller }, signal }) => ({
      dangers: [
        ...(await previewDangers(
          { db, spool, transactions, principal: caller },
          input,
          signal ?? new AbortController().signal,
        )),
      ],
    })),
    run: sqlPanel.run.handler(async ({ input, context, signal }) => {
      const { databaseId } = await ownerOf(context, input.databaseId, signal)
      const { db, caller } = context
      return toldEvents<SqlEvent>(signal, (stop, emit) =>
        runPanel({ db, spool, transactions, principal: caller, quota }, { ...input, databaseId }, stop, emit),
      )
    }),
    page: sqlPanel.page.handler(async ({ input, context, signal }) => {
      const owner = await ownerOf(context, input.databaseId, signal)
      const { rows, rowCount } = await spool.page(owner, input.resultId, input.offset, input.limit)
      return { ...cutRows(rows), rowCount }
    }),
    cell: sqlPanel.cell.handler(async ({ input, context, signal }) => {
      const owner = await ownerOf(context, input.databaseId, signal)
      const { rows } = await spool.page(owner, input.resultId, input.row, 1)
      const value = rows[0]?.[input.column]
      if (value === undefined) throw new AppError('NOT_FOUND', 'There is no such cell in this result.')
      return { value }
    }),
    forget: sqlPanel.forget.handler(async ({ input, context, signal }) => {
      await spool.remove(await ownerOf(context, input.databaseId, signal), input.resultIds)
    }),
    export: sqlPanel.export.handler(async ({ input, context, signal }) => {
      const owner = await ownerOf(context, input.databaseId, signal)
      // Whose result it is, is said by the call itself and not by the stream that it opens.
      await spool.page(owner, input.resultId, 0, 1)
      type Event =
        | { readonly type: 'progress'; readonly rows: number; readonly of: number }
        | { readonly type: 'ready'; readonly exportId: string; readonly bytes: number; readonly note: string | null }
      return toldEvents<Event>(signal, async (stop, emit) => {
        let toldAt = 0
        const ready = await exports.make(owner, input.resultId, input.format, {
          signal: stop,
          onRows(rows, of) {
            if (Date.now() - toldAt < 100) return
            toldAt = Date.now()
            emit({ type: 'progress', rows, of })
          },
        })
        emit({ type: 'ready', ...ready })
      })
    }),
    readExport: sqlPanel.readExport.handler(async ({ input, context, signal }) =>
      exports.read(await ownerOf(context, input.databaseId, signal), input.exportId, input.offset),
    ),
    functions: sqlPanel.functions.handler(async ({ input, context, signal }) => ({
      functions: [...(await within(context, input.databaseId, signal, postgresFunctions, true))],
    })),

    begin: sqlPanel.begin.handler(async ({ input, context, signal }) => {
      const { db, caller } = context
      const [owner, login] = await within(context, input.databaseId, signal, async (tx, database) => [
        { accountId: caller.account.id, databaseId: database.id },
        toLogin(await haveLogin(tx, database, 'runner'), 'runner'),
      ])
      const kept = await transactions.begin(db.logins, login, owner, actorOf(caller).name)
      return { transaction: kept.facts() }
    }),
    commit: sqlPanel.commit.handler(async ({ input, context, signal }) => {
      const project = await within(
        context,
        input.databaseId,
        signal,
        async (_, { id, project_id }) => ({ id, project_id }),
        true,
      )
      const owner = { accountId: context.caller.account.id, databaseId: project.id }
      await transactions.end(owner, input.transactionId, 'commit')
      context.db.changed(project.project_id)
    }),
    rollback: sqlPanel.rollback.handler(async ({ input, context, signal }) => {
      await transactions.end(await ownerOf(context, input.databaseId, signal), input.transactionId, 'rollback')
    }),
    transactions: sqlPanel.transactions.handler(async ({ input, context, signal }) => ({
      transactions: [...transactions.of(await ownerOf(context, input.databaseId, signal))],
    })),

    history: sqlPanel.history.handler(({ input, context, signal }) =>
      within(context, input.databaseId, signal, (tx) => listHistory(tx, input), true),
    ),
    clearHistory: sqlPanel.clearHistory.handler(async ({ input, context, signal }) => {
      await within(context, input.databaseId, signal, (tx) => tx.execute(clearHistorySql))
    }),
    drafts: sqlPanel.drafts.handler(async ({ input, context, signal }) => ({
      drafts: await within(context, input.databaseId, signal, drafts.listDrafts, true),
    })),
    saveDraft: sqlPanel.saveDraft.handler(async ({ input, context, signal }) => {
      await within(context, input.databaseId, signal, (tx, database) =>
        drafts.saveDraft(tx, database, context.caller, input.draft),
      )
    }),
    deleteDraft: sqlPanel.deleteDraft.handler(async ({ input, context, signal }) => {
      await within(context, input.databaseId, signal, (tx) => drafts.deleteDraft(tx, input.draftId))
    }),
    savedQueries: sqlPanel.savedQueries.handler(async ({ input, context, signal }) => ({
      queries: await within(context, input.databaseId, signal, drafts.listQueries, true),
    })),
    createQuery: sqlPanel.createQuery.handler(async ({ input, context, signal }) => ({
      query: await within(context, input.databaseId, signal, (tx, database) =>
        drafts.createQuery(tx, database, context.caller, input),
      ),
    })),
    updateQuery: sqlPanel.updateQuery.handler(async ({ input, context, signal }) => ({
      query: await within(context, input.databaseId, signal, (tx) => drafts.updateQuery(tx, input.queryId, input)),
    })),
    deleteQuery: sqlPanel.deleteQuery.handler(async ({ input, context, signal }) => {
      await within(context, input.databaseId, signal, async (tx) => {
        if ((await tx.execute(deleteQuerySql(input.queryId))) === 0)
          throw new AppError('NOT_FOUND', 'There is no such saved query. It may have been deleted.')
      })
    }),
  }
}
