import type { SqlRun } from '@shared/contract/sql-panel.contract'
import type { Transaction } from '../../db/database'
import { actorOf } from '../audit/activity'
import { readLogCursor, writeLogCursor } from '../audit/log-cursor'
import { insertRunSql } from '../sql/sql.sql'
import type { PanelDeps, PanelRunInput } from './run-input'
import { finishHistorySql, insertHistorySql, type RunRow, selectHistorySql, trimHistorySql } from './sql-panel.sql'

export interface Outcome {
  readonly outcome: 'done' | 'failed' | 'cancelled'
  readonly error: string | null
}

/** Runs that are kept for each person and project. */
const mostRuns = 5_000
const pageOfRuns = 50

/** Written down before it runs: what cuts a run off leaves that it was begun. */
export async function beginHistory(
  { db, principal }: Pick<PanelDeps, 'db' | 'principal'>,
  { databaseId, query, explain }: Pick<PanelRunInput, 'databaseId' | 'query' | 'explain'>,
  statements: number,
): Promise<string> {
  return db.withDatabase(principal.account.id, databaseId, async (tx, { project_id: projectId }) => {
    const entry = { projectId, accountId: principal.account.id, text: query.replaceAll('\0', ''), statements }
    const [row] = await tx.query<{ id: string }>(insertHistorySql(entry))
    await tx.execute(
      insertRunSql({
        projectId,
        actorId: actorOf(principal).id,
        actor: actorOf(principal).name,
        sentence: `Ran ${statements === 1 ? 'a statement' : `${statements} statements`} of SQL.`,
        details: { statements, explain },
      }),
    )
    return row?.id ?? '0'
  })
}

export async function finishHistory(
  { db, principal }: Pick<PanelDeps, 'db' | 'principal'>,
  { databaseId }: Pick<PanelRunInput, 'databaseId'>,
  id: string,
  entry: Outcome & { readonly rowCount: number; readonly ms: number },
): Promise<void> {
  await db.withDatabase(principal.account.id, databaseId, async (tx) => {
    await tx.execute(finishHistorySql(id, entry))
    if (Number(id) % 100 === 0) await tx.execute(trimHistorySql(mostRuns))
  })
}

export async function listHistory(
  tx: Transaction,
  { cursor, search = '' }: { readonly cursor?: string | undefined; readonly search?: string | undefined },
): Promise<{ runs: SqlRun[]; nextCursor: string | null }> {
  const rows = await tx.query<RunRow>(
    selectHistorySql({ before: readLogCursor(cursor), search: search.replaceAll('\0', ''), limit: pageOfRuns + 1 }),
  )
  const runs = rows
    .slice(0, pageOfRuns)
    .map(({ row_count, ...run }): SqlRun => ({ ...run, rowCount: Number(row_count) }))
  const last = runs.at(-1)
  return { runs, nextCursor: rows.length > pageOfRuns && last ? writeLogCursor(last.id) : null }
}
