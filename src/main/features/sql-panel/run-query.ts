import { performance } from 'node:perf_hooks'
import { AppError } from '@shared/app-error'
import type { SqlEvent } from '@shared/contract/sql-panel.contract'
import { toAppError } from '../../db/pg-error'
import type { SqlColumn, SqlSession } from '../../db/sql-login'
import { runStatement } from '../sql/run-statement'
import { sqlError } from '../sql/sql-error'
import { writeParam } from '../sql/sql-values'
import { columnTypes } from './column-types.service'
import { type Editability, editabilityOf } from './editing'
import { type PanelRun, type QueryStep, StepFailure, since } from './panel-run'
import { withTableNames } from './plan-names'
import { mostBytes } from './result-spool'
import { receiveResult } from './result-writer'

/** Runs one statement in the session's transaction, and tells its columns, its rows and how it ended. */
export async function runQuery(run: PanelRun, session: SqlSession, query: QueryStep): Promise<void> {
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
  { db, principal, plan, input }: PanelRun,
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
