import { performance } from 'node:perf_hooks'
import { AppError } from '@shared/app-error'
import { isConnectionLoss, toAppError } from '../../db/pg-error'
import type { SqlSession } from '../../db/sql-login'
import { stoppedByOthers } from '../sql/run-sql.service'
import * as texts from '../sql/sql.sql'
import { watchRun } from '../sql/watch-run'
import { type PanelRun, type QueryStep, StepFailure } from './panel-run'
import { runQuery } from './run-query'

/** One transaction of their own: all of them, or none. */
export async function runAlone(run: PanelRun, queries: readonly QueryStep[]): Promise<void> {
  const { plan, input, db, signal } = run
  await db.logins.withSession(plan.login, signal, async (session) => {
    const watch = watchRun(session, signal, Math.max(1, run.deadline - performance.now()), input.timeoutMs)
    try {
      await session.execute(
        texts.beginRunSql({
          readOnly: false,
          timeoutMs: input.timeoutMs,
          actor: plan.actor,
          isSharedOnly: queries.every(({ isSharedOnly }) => isSharedOnly),
        }),
      )
      for (const query of queries) await runQuery(run, session, query)
      // A cancel that comes now comes too late: it must not hit the commit, nor say that nothing was kept.
      await watch.settled()
      const stopped = watch.failure()
      if (stopped !== null) throw stopped
      await session.execute(input.explain === 'analyze' ? texts.rollbackSql : texts.commitSql).catch(lostWhileSaving)
      if (queries.some(({ info }) => info.effect === 'write')) db.changed(plan.projectId)
    } catch (error) {
      await watch.settled()
      await session.execute(texts.rollbackSql).catch(() => undefined)
      throw told(error, watch.failure())
    }
  })
}

/** Part of a transaction that stays open: what fails is undone by itself. */
export async function runKept(run: PanelRun, id: string, queries: readonly QueryStep[]): Promise<void> {
  const { transactions, principal, input, emit } = run
  const owner = { accountId: principal.account.id, databaseId: input.databaseId }
  try {
    await transactions.use(owner, id, async ({ session }) => {
      for (const query of queries) await runInTransaction(run, session, query)
    })
  } finally {
    const open = transactions.of(owner).find((each) => each.id === id)
    emit({ type: 'transaction', open: open ? { id, expiresAt: open.expiresAt } : null })
  }
}

async function runInTransaction(run: PanelRun, session: SqlSession, query: QueryStep): Promise<void> {
  const { input, signal } = run
  const watch = watchRun(session, signal, Math.max(1, run.deadline - performance.now()), input.timeoutMs)
  try {
    await session.execute(texts.beginStatementSql(query.isSharedOnly))
    await runQuery(run, session, query)
    await watch.settled()
    const stopped = watch.failure()
    if (stopped !== null) throw stopped
    await session.execute(input.explain === 'analyze' ? texts.undoStatementSql : texts.endStatementSql)
  } catch (error) {
    await watch.settled()
    await session.execute(texts.undoStatementSql).catch(() => undefined)
    throw told(error, watch.failure())
  }
}

function told(error: unknown, stopped: AppError | null): unknown {
  if (stopped === null && !(error instanceof StepFailure)) return stoppedByOthers(error) ?? error
  if (stopped === null) return stoppedByOthers(error instanceof StepFailure ? error.failure : error) ?? error
  return error instanceof StepFailure ? new StepFailure(error.index, null, stopped) : stopped
}

function lostWhileSaving(error: unknown): never {
  if (!isConnectionLoss(error)) throw toAppError(error)
  throw new AppError(
    'UNAVAILABLE',
    'The connection to the database was lost while saving. See whether the change is there before you repeat it.',
    { cause: error },
  )
}
