import { performance } from 'node:perf_hooks'
import { AppError } from '@shared/app-error'
import type { SqlEvent } from '@shared/contract/sql-panel.contract'
import { toAppError } from '../../db/pg-error'
import { adds } from '../sql/run-sql.service'
import { dangersOf, planPanelRun, ScriptProblem } from './panel-plan.service'
import { type PanelRun, StepFailure } from './panel-run'
import { runControl } from './run-control'
import { beginHistory, finishHistory, type Outcome } from './run-history.service'
import type { PanelDeps, PanelRunInput } from './run-input'
import { runAlone, runKept } from './run-queries'

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
  const run: PanelRun = { ...deps, input, plan, signal, deadline: startedAt + input.timeoutMs, emit, rowCount: 0 }
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

/**
 * Statements between BEGIN and COMMIT are of the open transaction; all others that stand together are one transaction of
 * their own.
 */
async function runSteps(run: PanelRun): Promise<void> {
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

function failed(error: AppError, index: number | null, at: number | null): SqlEvent {
  const { code, message, details } = error
  const hint = typeof details === 'object' && details !== null && 'hint' in details ? String(details.hint) : null
  return { type: 'failed', index, code, message, at, hint, details: details ?? null }
}
