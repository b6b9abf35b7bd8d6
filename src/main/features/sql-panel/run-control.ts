import { performance } from 'node:perf_hooks'
import { AppError } from '@shared/app-error'
import { toAppError } from '../../db/pg-error'
import { applyDdl } from '../ddl/apply-ddl.service'
import { planPanelRun, type Step } from './panel-plan.service'
import { type PanelRun, type QueryStep, StepFailure, since } from './panel-run'

/** A change of the schema, or the beginning or end of a transaction. Answers the transaction that is open then. */
export async function runControl(
  run: PanelRun,
  step: Exclude<Step, QueryStep>,
  kept: string | null,
): Promise<string | null> {
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
