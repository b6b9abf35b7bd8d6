import { AppError } from '@shared/app-error'
import type { SqlDanger, SqlStatementInfo } from '@shared/contract/sql-panel.contract'
import type { SqlLogin } from '../../db/sql-login'
import { actorOf } from '../audit/activity'
import { type PlannedStatement, planRun } from '../sql/plan-run'
import { openParser } from '../sql/postgres-parser'
import { haveLogin, toLogin } from '../sql/sql-login.service'
import { as, nodes, quoted, text } from '../sql/syntax'
import { unitsOf } from '../sql/text-offsets'
import type { StoredTable } from '../tables/stored-table'
import { loadTables } from '../tables/tables.service'
import { describe } from './analyse.service'
import { readScript, type ScriptStatement } from './read-script'
import type { PanelDeps, PanelRunInput } from './run-input'
import { postgresFunctions } from './sql-functions.service'

/** One thing that a run does. */
export type Step = {
  readonly index: number
  readonly script: ScriptStatement
  readonly info: SqlStatementInfo
} & (
  | { readonly kind: 'query'; readonly planned: readonly PlannedStatement[]; readonly isSharedOnly: boolean }
  | { readonly kind: 'begin' | 'commit' | 'rollback' }
  | { readonly kind: 'schema' }
)

export interface PanelPlan {
  readonly projectId: string
  readonly login: SqlLogin
  readonly actor: string
  readonly tables: readonly StoredTable[]
  readonly steps: readonly Step[]
}

/** Where in the text a run cannot go on. */
export class ScriptProblem extends AppError {
  readonly index: number
  readonly at: number

  constructor(index: number, at: number, cause: AppError) {
    super(cause.code, cause.message, { details: cause.details, cause })
    this.index = index
    this.at = at
  }
}

/** Reads the whole text before anything of it runs; ScriptProblem for the first statement that cannot be run. */
export async function planPanelRun(
  { db, principal }: PanelDeps,
  input: Pick<PanelRunInput, 'databaseId' | 'query' | 'values' | 'explain'>,
  signal: AbortSignal | undefined,
): Promise<PanelPlan> {
  const parser = await openParser()
  return db.withDatabase(
    principal.account.id,
    input.databaseId,
    async (tx, database) => {
      const tables = await loadTables(tx, database.id)
      const names = new Set(tables.map(({ schema }) => schema.name))
      const functions = new Set((await postgresFunctions(tx)).map(({ name }) => name))
      const steps = readScript(parser, input.query, names).map((script, index): Step => {
        const info = describe(script, functions)
        const place = { index, script, info }
        if (info.problem !== null)
          throw new ScriptProblem(index, info.problem.start, new AppError(codeOf(info), info.problem.message))
        for (const name of script.parameters)
          if (!Object.hasOwn(input.values, name))
            throw new ScriptProblem(index, script.start, new AppError('VALIDATION', `Give a value for :${name}.`))
        if (info.effect === 'transaction') return { ...place, kind: transactionStep(script, index) }
        if (info.effect === 'schema') {
          return { ...place, kind: 'schema' }
        }
        if (input.explain !== 'none' && !explainable.has(info.command))
          throw new ScriptProblem(
            index,
            script.start,
            new AppError('VALIDATION', 'Only SELECT, INSERT, UPDATE, DELETE and MERGE can be explained.'),
          )
        const planned = located(index, script, () => textsOf(script).flatMap((sent) => planRun(parser, sent, tables)))
        const isSharedOnly = !tables.some(
          ({ schema, storage }) =>
            storage.tier === 'dedicated' && planned.some(({ facts }) => facts.relations.has(schema.name)),
        )
        return { ...place, kind: 'query', planned, isSharedOnly }
      })
      const login = toLogin(await haveLogin(tx, database, 'runner'), 'runner')
      return { projectId: database.project_id, login, actor: actorOf(principal).name, tables, steps }
    },
    { signal },
  )
}

export function dangersOf(plan: PanelPlan): readonly (SqlDanger & { readonly statement: number })[] {
  return plan.steps.flatMap(({ index, info }) => info.dangers.map((danger) => ({ ...danger, statement: index })))
}

const explainable = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE'])

function codeOf({ problem }: SqlStatementInfo): 'VALIDATION' | 'FORBIDDEN' {
  return problem?.syntax === true ? 'VALIDATION' : 'FORBIDDEN'
}

function transactionStep({ read, start }: ScriptStatement, index: number): 'begin' | 'commit' | 'rollback' {
  const kind = read.kind === 'read' ? text(read.statement.body.kind) : ''
  const chained = read.kind === 'read' && read.statement.body.chain === true
  if (!chained && (kind === 'TRANS_STMT_BEGIN' || kind === 'TRANS_STMT_START')) return 'begin'
  if (!chained && kind === 'TRANS_STMT_COMMIT') return 'commit'
  if (!chained && kind === 'TRANS_STMT_ROLLBACK') return 'rollback'
  throw new ScriptProblem(
    index,
    start,
    new AppError(
      'VALIDATION',
      'BEGIN, COMMIT and ROLLBACK work here. Savepoints are not needed: a statement that fails is undone by itself.',
    ),
  )
}

/** The tables are views, which TRUNCATE does not know: each is emptied by a DELETE. */
function textsOf({ read, text: written }: ScriptStatement): readonly string[] {
  if (read.kind !== 'read' || read.statement.kind !== 'TruncateStmt') return [written]
  return nodes(read.statement.body.relations).map(
    (relation) => `delete from ${quoted(text(as('RangeVar', relation)?.relname))}`,
  )
}

function located<T>(index: number, script: ScriptStatement, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw new ScriptProblem(index, placeOf(error, script), error)
  }
}

/** From the place that the error names in the statement to one in the whole text. */
export function placeOf(error: AppError, { text: sent, start, toScript }: ScriptStatement): number {
  const { details } = error
  const position = typeof details === 'object' && details !== null && 'position' in details ? details.position : null
  return typeof position === 'number' ? toScript(unitsOf(sent, position - 1)) : start
}
