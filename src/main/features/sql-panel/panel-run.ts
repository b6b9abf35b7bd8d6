import { performance } from 'node:perf_hooks'
import type { AppError } from '@shared/app-error'
import type { SqlEvent } from '@shared/contract/sql-panel.contract'
import type { PanelPlan, Step } from './panel-plan.service'
import type { PanelDeps, PanelRunInput } from './run-input'

/** A run on its way. */
export interface PanelRun extends PanelDeps {
  readonly input: PanelRunInput
  plan: PanelPlan
  readonly signal: AbortSignal
  readonly deadline: number
  readonly emit: (event: SqlEvent) => void
  /** Rows that came or were written so far. */
  rowCount: number
}

export type QueryStep = Extract<Step, { readonly kind: 'query' }>

/** Ends the run. `index`: of the statement that failed; `at`: its place in the whole text. */
export class StepFailure extends Error {
  constructor(
    readonly index: number | null,
    readonly at: number | null,
    readonly failure: AppError,
  ) {
    super(failure.message)
  }
}

/** Milliseconds, to the microsecond. */
export function since(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 1000) / 1000
}
