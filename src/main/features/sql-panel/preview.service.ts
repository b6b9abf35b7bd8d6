import { AppError } from '@shared/app-error'
import type { SqlDanger } from '@shared/contract/sql-panel.contract'
import type { SqlSession } from '../../db/sql-login'
import { runStatement } from '../sql/run-statement'
import * as texts from '../sql/sql.sql'
import { writeParam } from '../sql/sql-values'
import { isNode } from '../sql/syntax'
import { watchRun } from '../sql/watch-run'
import { dangersOf, type PanelPlan, planPanelRun, ScriptProblem, type Step } from './panel-plan.service'
import { countAllSql } from './preview.sql'
import type { PanelDeps, PanelRunInput } from './run-input'

export type CountedDanger = SqlDanger & { readonly statement: number; readonly records: number | null }

type PreviewInput = Pick<PanelRunInput, 'databaseId' | 'query' | 'values' | 'timeoutMs' | 'transactionId'>

/** Milliseconds that somebody waits for a number before the question is asked without it. */
const longestCount = 10_000

/**
 * How many records each dangerous statement would change. The statements before it count, so all of them are run and
 * taken back; where nothing before it writes, the records of its table are counted.
 */
export async function previewDangers(
  deps: PanelDeps,
  input: PreviewInput,
  signal: AbortSignal,
): Promise<readonly CountedDanger[]> {
  const plan = await planPanelRun(deps, { ...input, explain: 'none' }, signal).catch((error: unknown) => {
    if (error instanceof ScriptProblem) return null
    throw error
  })
  if (plan === null) return []
  const dangers = dangersOf(plan)
  if (dangers.length === 0) return []
  const counts = new Map<SqlDanger, number | null>()
  const count = async (session: SqlSession) => {
    for (const step of plan.steps) {
      const own = dangers.filter(({ statement }) => statement === step.index)
      for (const danger of own) {
        const isAll = danger.table !== null && plan.tables.some(({ schema }) => schema.name === danger.table)
        const isKnown = step.kind === 'schema' || !isCounted(step, danger, own.length) || isWhole(step)
        if (isAll && (isKnown || danger.kind === 'truncate')) counts.set(danger, await countAll(session, danger.table))
      }
      const isLast = dangers.every(({ statement }) => statement <= step.index)
      const isOpen = own.some((danger) => !counts.has(danger))
      if (isLast && !isOpen) return
      if (step.kind !== 'query') continue
      const written = await dryRun(session, step, input)
      if (own.length === 1 && own[0] && isOpen) counts.set(own[0], written)
      if (isLast) return
    }
  }
  await withRolledBack(deps, plan, input, signal, count).catch((error: unknown) => {
    // Asked without the number; what is wrong with the statement, running it will say.
    if (error instanceof AppError && error.code === 'CANCELLED' && signal.aborted) throw error
  })
  return dangers.map((danger) => ({ ...danger, records: counts.get(danger) ?? null }))
}

/**
 * Running the statement tells how many records the danger would change. What stands in a WITH, or beside another danger,
 * is not in that number; but it is of every record, and sees the table as it is before the statement.
 */
function isCounted({ script: { read } }: Step, { table }: SqlDanger, dangers: number): boolean {
  if (read.kind !== 'read' || dangers !== 1) return false
  const { kind, body } = read.statement
  const isChange = kind === 'UpdateStmt' || kind === 'DeleteStmt' || kind === 'MergeStmt'
  return isChange && isNode(body.relation) && body.relation.relname === table
}

/** The statement is one UPDATE or DELETE of one table, without a condition. */
function isWhole({ info, script }: Step): boolean {
  const { read } = script
  if (read.kind !== 'read' || info.writes.length !== 1 || info.reads.length > 0) return false
  const { kind, body } = read.statement
  const isChange = kind === 'DeleteStmt' || kind === 'UpdateStmt'
  return isChange && body.withClause === undefined && body.whereClause === undefined
}

async function countAll(session: SqlSession, table: string | null): Promise<number | null> {
  const [row] = await session.query<{ count: string }>(countAllSql(table ?? ''))
  return row === undefined ? null : Number(row.count)
}

/** Records that the statement writes, which is taken back with everything else. */
async function dryRun(
  session: SqlSession,
  step: Extract<Step, { readonly kind: 'query' }>,
  { values }: PreviewInput,
): Promise<number> {
  let written = 0
  for (const planned of step.planned) {
    const { tag } = await runStatement({
      session,
      planned,
      prefix: '',
      params: step.script.parameters.map((name, number) => writeParam(values[name] ?? null, number)),
      limit: 1,
      byteLimit: 1_000_000,
      failure: (error) => error,
    })
    written += Number(/(\d+)$/.exec(tag)?.[1] ?? 0)
  }
  return written
}

async function withRolledBack(
  deps: PanelDeps,
  { login, actor }: PanelPlan,
  { databaseId, transactionId, timeoutMs }: PreviewInput,
  signal: AbortSignal,
  work: (session: SqlSession) => Promise<void>,
): Promise<void> {
  const milliseconds = Math.min(timeoutMs, longestCount)
  const watched = async (session: SqlSession, undo: typeof texts.rollbackSql) => {
    const watch = watchRun(session, signal, milliseconds, milliseconds)
    try {
      await work(session)
    } finally {
      await watch.settled()
      await session.execute(undo).catch(() => undefined)
    }
  }
  if (transactionId !== null)
    return deps.transactions.use({ accountId: deps.principal.account.id, databaseId }, transactionId, async (kept) => {
      await kept.session.execute(texts.beginStatementSql(false))
      await watched(kept.session, texts.undoStatementSql)
    })
  return deps.db.logins.withSession(login, signal, async (session) => {
    await session.execute(texts.beginRunSql({ readOnly: false, timeoutMs: milliseconds, actor, isSharedOnly: false }))
    await watched(session, texts.rollbackSql)
  })
}
