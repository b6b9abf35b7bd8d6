import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '@shared/app-error'
import type { SqlResult } from '@shared/contract/sql.contract'
import type { JsonValue } from '@shared/json'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import { isConnectionLoss, isRetryable, sqlState, toAppError } from '../../db/pg-error'
import type { SqlLogin, SqlLogins, SqlSession } from '../../db/sql-login'
import type { WriteQuota } from '../api/quota.service'
import { actorOf } from '../audit/activity'
import type { StoredTable } from '../tables/stored-table'
import { selectTablesSql } from '../tables/tables.sql'
import { type PlannedStatement, planRun } from './plan-run'
import { openParser } from './postgres-parser'
import { runDdl } from './run-ddl.service'
import { runStatement } from './run-statement'
import * as texts from './sql.sql'
import { sqlError } from './sql-error'
import { haveLogin, toLogin } from './sql-login.service'
import { type RawResult, readResult, typeNamesOf } from './sql-result.service'
import { writeParam } from './sql-values'
import { type Watch, watchRun } from './watch-run'

export interface RunInput {
  readonly databaseId: string
  readonly query: string
  readonly params?: readonly JsonValue[] | undefined
  readonly limit: number
  readonly timeoutMs: number
  readonly readOnly: boolean
  readonly explain: boolean | 'plan' | 'analyze'
}

export interface RunDeps {
  readonly db: StudioDatabase
  readonly principal: Principal
  readonly signal: AbortSignal | undefined
  /** Asked before SQL that adds records; no limits when left out. */
  readonly quota?: WriteQuota | undefined
}

/** Bytes of rows that a run may answer with; the result that passes it is `truncated`. */
const mostBytes = 32 * 2 ** 20
const attempts = 5

/**
 * Runs SQL as the database's own login, in one transaction: all statements or none. A text that describes tables is one
 * version of the schema instead.
 */
export async function runSql(deps: RunDeps, input: RunInput): Promise<{ results: SqlResult[] }> {
  const { db, principal, signal } = deps
  const described = await runDdl(deps, input)
  if (described !== null) return { results: described }
  const parser = await openParser()
  const actor = actorOf(principal)
  // Chosen before the run is written down, which the replica need not have got yet.
  const replica = input.readOnly ? db.replicaSessions(principal.account.id, input.databaseId) : null
  const { statements, login, tables, isSharedOnly, projectId } = await db.withDatabase(
    principal.account.id,
    input.databaseId,
    async (tx, database) => {
      const stored = await tx.query<StoredTable>(selectTablesSql(database.id))
      const planned = planRun(parser, input.query, stored)
      checkInput(input, planned)
      const row = await haveLogin(tx, database, 'runner')
      await tx.execute(
        texts.insertRunSql({
          projectId: database.project_id,
          actorId: actor.id,
          actor: actor.name,
          sentence: `Ran ${planned.length === 1 ? 'a statement' : `${planned.length} statements`} of SQL.`,
          details: { statements: planned.length, readOnly: input.readOnly, explain: input.explain },
        }),
      )
      return {
        projectId: database.project_id,
        statements: planned,
        login: toLogin(row, 'runner'),
        tables: stored.map(({ schema }) => schema.name),
        isSharedOnly: !stored.some(
          ({ schema, storage }) =>
            storage.tier === 'dedicated' && planned.some(({ facts }) => facts.relations.has(schema.name)),
        ),
      }
    },
    { signal },
  )
  if (statements.length === 0) return { results: [] }
  if (statements.some(adds)) await deps.quota?.(principal.account.id, input.databaseId)
  const run: Run = { ...deps, sessions: db.logins, input, statements, tables, isSharedOnly, login, actor: actor.name }
  const deadline = performance.now() + input.timeoutMs
  if (replica !== null) {
    try {
      return { results: await runOnce({ ...run, sessions: replica }, deadline) }
    } catch (error) {
      if (error instanceof AppError && (error.code === 'CANCELLED' || error.code === 'TIMEOUT')) throw error
    }
  }
  for (let attempt = 1; ; attempt += 1) {
    try {
      const results = await runOnce(run, deadline)
      if (!input.readOnly) db.changed(projectId)
      return { results }
    } catch (error) {
      if (attempt === attempts || !isRetryable(error) || performance.now() > deadline) throw error
    }
    // Two that met must not meet again in step.
    await sleep(Math.random() * 10 * 2 ** attempt)
  }
}

/** What deletes is let through where a plan is full. */
export function adds({ facts, command }: PlannedStatement): boolean {
  return facts.writes && command !== 'DELETE'
}

interface Run extends RunDeps {
  readonly input: RunInput
  readonly statements: readonly PlannedStatement[]
  readonly tables: readonly string[]
  readonly isSharedOnly: boolean
  readonly login: SqlLogin
  /** Of the primary, or of a replica. */
  readonly sessions: Pick<SqlLogins, 'withSession'>
  readonly actor: string
}

function checkInput({ params, readOnly, explain }: RunInput, statements: readonly PlannedStatement[]): void {
  if (params !== undefined && params.length > 0 && statements.length !== 1)
    throw new AppError('VALIDATION', 'Parameters belong to one statement. Send the statements one by one.')
  for (const { number, facts } of statements) {
    const sent = params?.length ?? 0
    if (facts.params !== sent)
      throw new AppError(
        'VALIDATION',
        `The statement takes ${facts.params === 1 ? 'one parameter' : `${facts.params} parameters`}, and ${sent} came. Send one for each of $1, $2 and so on.`,
        { details: { statement: number } },
      )
    if (readOnly && (facts.writes || facts.locks))
      throw new AppError(
        'FORBIDDEN',
        facts.writes
          ? 'This run only reads, and the statement would write. Run it without the read-only switch.'
          : 'This run only reads, and the statement would lock records. Leave out FOR UPDATE or FOR SHARE.',
        { details: { statement: number } },
      )
    if (explain !== false && !facts.isQuery)
      throw new AppError('VALIDATION', 'Only SELECT, INSERT, UPDATE, DELETE and MERGE can be explained.', {
        details: { statement: number },
      })
  }
}

async function runOnce(run: Run, deadline: number): Promise<SqlResult[]> {
  const { sessions, login, signal, input } = run
  return sessions.withSession(login, signal, async (session) => {
    const watch = watchRun(session, signal, Math.max(1, deadline - performance.now()), input.timeoutMs)
    try {
      return await runTransaction(run, session, watch)
    } catch (error) {
      await watch.settled()
      await session.execute(texts.rollbackSql).catch(() => undefined)
      throw watch.failure() ?? stoppedByOthers(error) ?? error
    }
  })
}

async function runTransaction(run: Run, session: SqlSession, watch: Watch): Promise<SqlResult[]> {
  const { input, actor, isSharedOnly } = run
  const { readOnly, timeoutMs } = input
  await session.execute(texts.beginRunSql({ readOnly, timeoutMs, actor, isSharedOnly }))
  const raw: RawResult[] = []
  let bytes = 0
  for (const statement of run.statements) {
    const startedAt = performance.now()
    const rows = await runStatement({
      session,
      planned: statement,
      prefix: input.explain === false ? '' : input.explain === 'analyze' ? 'explain (analyze) ' : 'explain ',
      params: (input.params ?? []).map(writeParam),
      limit: input.limit,
      byteLimit: Math.max(0, mostBytes - bytes),
      failure: (error, toQuery) =>
        sqlError(error, { number: statement.number, query: input.query, toQuery }, run.tables),
    })
    raw.push({
      ...rows,
      command: input.explain === false ? statement.command : null,
      ms: Math.round((performance.now() - startedAt) * 1000) / 1000,
    })
    bytes += rows.bytes
  }
  const typeNames = await typeNamesOf(
    session,
    raw.flatMap(({ columns }) => columns ?? []),
  )
  // A cancel that comes now comes too late: it must not hit the commit, nor say that nothing was kept.
  await watch.settled()
  const stopped = watch.failure()
  if (stopped !== null) throw stopped
  await session.execute(input.explain === 'analyze' ? texts.rollbackSql : texts.commitSql).catch((error: unknown) => {
    if (!isConnectionLoss(error)) throw toAppError(error)
    throw new AppError(
      'UNAVAILABLE',
      'The connection to the database was lost while saving. See whether the change is there before you repeat it.',
      { cause: error },
    )
  })
  return raw.map((rows, index) => {
    const command = input.explain === false ? run.statements[index]?.command : null
    return { ...readResult(rows, typeNames), ...(command ? { command } : {}) }
  })
}

/** Cancelled or ended by the studio's clock, or by a schema edit that had waited long enough. */
export function stoppedByOthers(error: unknown): AppError | null {
  const state = sqlState(error)
  if (state === '57014' || state === '57P01')
    return new AppError(
      'CONFLICT',
      'The SQL was stopped because a change of the schema or the studio could not wait for it. Run it again.',
      { cause: error },
    )
  return null
}
