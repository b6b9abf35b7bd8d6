import { performance } from 'node:perf_hooks'
import { AppError } from '@shared/app-error'
import type { SqlEvent } from '@shared/contract/sql-panel.contract'
import { isConnectionLoss, toAppError } from '../../db/pg-error'
import type { SqlColumn, SqlSession } from '../../db/sql-login'
import { applyDdl } from '../ddl/apply-ddl.service'
import { adds, stoppedByOthers } from '../sql/run-sql.service'
import { runStatement } from '../sql/run-statement'
import * as texts from '../sql/sql.sql'
import { sqlError } from '../sql/sql-error'
import { writeParam } from '../sql/sql-values'
import { watchRun } from '../sql/watch-run'
import { columnTypes } from './column-types.service'
import { type Editability, editabilityOf } from './editing'
import { dangersOf, type PanelPlan, planPanelRun, ScriptProblem, type Step } from './panel-plan.service'
import { withTableNames } from './plan-names'
import { mostBytes } from './result-spool'
import { receiveResult } from './result-writer'
import { beginHistory, finishHistory, type Outcome } from './run-history.service'
import type { PanelDeps, PanelRunInput } from './run-input'

interface Run extends PanelDeps {
  readonly input: PanelRunInput
  plan: PanelPlan
  readonly signal: AbortSignal
  readonly deadline: number
  readonly emit: (event: SqlEvent) => void
  /** Rows that came or were written so far. */
  rowCount: number
}

/** Runs the text and tells what happens; resolves when all is told. CONFLICT where a danger was not confirmed. */
export async function runPanel(
  deps: PanelDeps,
  input: PanelRunInput,
  signal: AbortSignal,
  emit: (event: SqlEvent) => void,
): Promise<void> {
  const plan = await planPanelRun(deps, input, signal).catch(async (error: unknown) => {
    if (!(error instanceof ScriptProblem)) throw error
    const history = await beginHistory(deps, input, error.index + 1)
    await finishHistory(deps, input, history, { outcome: 'failed', error: error.message, rowCount: 0, ms: 0 })
    emit(failed(error, error.index, error.at))
    return null
  })
  if (plan === null) return
  const dangers = dangersOf(plan)
  if (dangers.length > 0 && !input.confirmed && input.explain !== 'plan')
    throw new AppError('CONFLICT', 'This asks first: say that it is meant.', { details: { dangers } })
  if (plan.steps.some((step) => step.kind === 'query' && step.planned.some(adds)))
    await deps.quota?.(deps.principal.account.id, input.databaseId)
  const history = await beginHistory(deps, input, plan.steps.length)
  const startedAt = performance.now()
  const run: Run = { ...deps, input, plan, signal, deadline: startedAt + input.timeoutMs, emit, rowCount: 0 }
  let outcome: Outcome = { outcome: 'done', error: null }
  try {
    await runSteps(run)
  } catch (error) {
    const shown = error instanceof StepFailure ? error : new StepFailure(null, null, toAppError(error))
    outcome = { outcome: shown.failure.code === 'CANCELLED' ? 'cancelled' : 'failed', error: shown.failure.message }
    emit(failed(shown.failure, shown.index, shown.at))
  } finally {
    await finishHistory(deps, input, history, {
      ...outcome,
      rowCount: run.rowCount,
      ms: Math.round(performance.now() - startedAt),
    })
  }
}

class StepFailure extends Error {
  constructor(
    readonly index: number | null,
    readonly at: number | null,
    readonly failure: AppError,
  ) {
    super(failure.message)
  }
}

/**
 * Statements between BEGIN and COMMIT are of the open transaction; all others that stand together are one transaction of
 * their own.
 */
async function runSteps(run: Run): Promise<void> {
  let kept = run.input.transactionId
  for (let at = 0; at < run.plan.steps.length; ) {
    const { steps } = run.plan
    const step = steps[at]
    if (step === undefined) break
    if (step.kind === 'query') {
      let end = at
      while (steps[end]?.kind === 'query') end += 1
      const queries = steps.slice(at, end).flatMap((each) => (each.kind === 'query' ? [each] : []))
      await (kept === null ? runAlone(run, queries) : runKept(run, kept, queries))
      at = end
      continue
    }
    kept = await runControl(run, step, kept)
    at += 1
  }
}

type QueryStep = Extract<Step, { readonly kind: 'query' }>

async function runControl(run: Run, step: Exclude<Step, QueryStep>, kept: string | null): Promise<string | null> {
  const { emit, plan, transactions, principal, input, db } = run
  const { start, end } = step.script
  const startedAt = performance.now()
  const { command } = step.info
  emit({ type: 'statement', index: step.index, start, end, command })
  const owner = { accountId: principal.account.id, databaseId: input.databaseId }
  const done = (note: string | null) =>
    emit({ type: 'finished', index: step.index, command, rowCount: 0, truncated: false, ms: since(startedAt), note })
  try {
    if (step.kind === 'schema') {
      if (kept !== null)
        throw new AppError(
          'VALIDATION',
          'A change of the schema is kept at once, so it cannot be part of a transaction. Commit or roll back first.',
        )
      const notes = await applyDdl(run, input.databaseId, step.script.text, { signal: run.signal })
      done(notes.length === 0 ? null : notes.join(' '))
      // What follows is read against the tables that there are now.
      run.plan = await planPanelRun(run, input, run.signal)
      return kept
    }
    if (step.kind === 'begin') {
      if (kept !== null) {
        done('A transaction is open already.')
        return kept
      }
      const begun = await transactions.begin(db.logins, plan.login, owner, plan.actor)
      const { id, expiresAt } = begun.facts()
      emit({ type: 'transaction', open: { id, expiresAt } })
      done('The transaction is open.')
      return id
    }
    if (kept === null) {
      done('No transaction is open, so there is nothing to end.')
      return null
    }
    await transactions.end(owner, kept, step.kind)
    if (step.kind === 'commit') db.changed(plan.projectId)
    emit({ type: 'transaction', open: null })
    done(step.kind === 'commit' ? 'Everything in the transaction is kept.' : 'Nothing of the transaction was kept.')
    return null
  } catch (error) {
    throw new StepFailure(step.index, start, toAppError(error))
  }
}

/** One transaction of their own: all of them, or none. */
async function runAlone(run: Run, queries: readonly QueryStep[]): Promise<void> {
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
async function runKept(run: Run, id: string, queries: readonly QueryStep[]): Promise<void> {
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

async function runInTransaction(run: Run, session: SqlSession, query: QueryStep): Promise<void> {
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

async function runQuery(run: Run, session: SqlSession, query: QueryStep): Promise<void> {
  const { input, plan, emit, spool, principal } = run
  const { index, script, info } = query
  const startedAt = performance.now()
  emit({ type: 'statement', index, start: script.start, end: script.end, command: info.command })
  const received = receiveResult(
    spool,
    { accountId: principal.account.id, databaseId: input.databaseId },
    {
      index,
      emit,
      describe: (columns, resultId) => describeColumns(run, query, columns, resultId),
      read: input.explain === 'none' ? undefined : (value) => withTableNames(value, plan.tables),
    },
  )
  const params = script.parameters.map((name, number) => writeParam(input.values[name] ?? null, number))
  let written = 0
  let truncated = false
  let tag = ''
  for (const planned of query.planned) {
    try {
      const result = await runStatement({
        session,
        planned,
        prefix: prefixes[input.explain],
        params,
        limit: input.rowLimit,
        byteLimit: mostBytes,
        receive: (piece) => received.receive(piece),
        failure: (error, toQuery) => {
          const toScript = (position: number) => {
            const unit = toQuery(position)
            return unit === null ? null : script.toScript(unit)
          }
          const shown = sqlError(
            error,
            { number: index + 1, query: input.query, toQuery: toScript },
            plan.tables.map(({ schema }) => schema.name),
          )
          return new StepFailure(index, positionOf(error, toScript), shown)
        },
      })
      await received.end(result.columns)
      written += Number(/(\d+)$/.exec(result.tag)?.[1] ?? received.rowCount)
      truncated = result.truncated
      tag = result.tag
    } catch (error) {
      await received.end(null)
      throw error instanceof StepFailure ? error : new StepFailure(index, null, toAppError(error))
    }
  }
  run.rowCount += written
  const command = input.explain === 'none' ? info.command || tag : 'EXPLAIN'
  emit({
    type: 'finished',
    index,
    command,
    rowCount: input.explain === 'none' ? written : received.rowCount,
    truncated,
    ms: since(startedAt),
    note: null,
  })
}

const prefixes = {
  none: '',
  plan: 'explain (format json) ',
  analyze: 'explain (analyze, buffers, format json) ',
} as const

async function describeColumns(
  { db, principal, plan, input }: Run,
  { index, script }: QueryStep,
  columns: readonly SqlColumn[],
  resultId: string,
): Promise<SqlEvent> {
  // Over another connection: in the session's own, a question would end the result that is being read.
  const types = await columnTypes(db, principal.account.id, input.databaseId, columns)
  const { read } = script
  const editability: Editability =
    read.kind === 'read' && input.explain === 'none'
      ? editabilityOf(read.statement, plan.tables)
      : { editing: null, notEditable: 'A plan cannot be edited.' }
  const fits = editability.editing === null || editability.editing.columns.length === columns.length
  return {
    type: 'columns',
    index,
    resultId,
    columns: columns.map(({ name }, at) => ({ name, type: types[at] ?? 'unknown' })),
    ...(fits ? editability : { editing: null, notEditable: 'The columns of the result are not those of the table.' }),
  }
}

function positionOf(error: unknown, toScript: (position: number) => number | null): number | null {
  const cause = error instanceof AppError && error.cause !== undefined ? error.cause : error
  if (typeof cause !== 'object' || cause === null || !('position' in cause)) return null
  const position = Number(cause.position)
  return Number.isNaN(position) ? null : toScript(position)
}

function failed(error: AppError, index: number | null, at: number | null): SqlEvent {
  const { code, message, details } = error
  const hint = typeof details === 'object' && details !== null && 'hint' in details ? String(details.hint) : null
  return { type: 'failed', index, code, message, at, hint, details: details ?? null }
}

function lostWhileSaving(error: unknown): never {
  if (!isConnectionLoss(error)) throw toAppError(error)
  throw new AppError(
    'UNAVAILABLE',
    'The connection to the database was lost while saving. See whether the change is there before you repeat it.',
    { cause: error },
  )
}

function since(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 1000) / 1000
}
