import { AppError } from '@shared/app-error'
import type { SavedQuery, SqlDraft } from '@shared/contract/sql-panel.contract'
import { jsonProblem, showValue, textProblem } from '@shared/domain/text-problem'
import { isJson } from '@shared/json'
import type { Principal } from '../../context'
import type { DatabaseRow, Transaction } from '../../db/database'
import { violatedConstraint } from '../../db/pg-error'
import {
  type DraftRow,
  deleteDraftSql,
  insertQuerySql,
  type SavedQueryRow,
  saveDraftSql,
  selectDraftsSql,
  selectQueriesSql,
  updateQuerySql,
} from './sql-panel.sql'

/** Tabs of one person in one project, and saved queries. */
export const mostDrafts = 200
const mostQueries = 2_000

export async function listDrafts(tx: Transaction): Promise<SqlDraft[]> {
  const rows = await tx.query<DraftRow>(selectDraftsSql)
  return rows.map(({ query_id: queryId, edited_at: editedAt, results, ...draft }) => ({
    ...draft,
    queryId,
    editedAt,
    results: isJson(results) ? results : null,
  }))
}

export async function saveDraft(
  tx: Transaction,
  database: DatabaseRow,
  { account }: Principal,
  draft: SqlDraft,
): Promise<void> {
  const problem = textProblem(draft.text) ?? textProblem(draft.name) ?? jsonProblem(draft.results)
  if (problem) throw new AppError('VALIDATION', `The draft ${problem}. Take it out.`)
  const known = await tx.query<DraftRow>(selectDraftsSql)
  if (known.length >= mostDrafts && !known.some(({ id }) => id === draft.id.toLowerCase()))
    throw new AppError('CONFLICT', `At most ${mostDrafts} tabs can be open. Close one that you do not need.`)
  const { queryId, editedAt, results, ...rest } = draft
  await tx.execute(
    saveDraftSql(
      { projectId: database.project_id, accountId: account.id },
      { ...rest, query_id: queryId, edited_at: editedAt, results: JSON.stringify(results) },
    ),
  )
}

export async function deleteDraft(tx: Transaction, id: string): Promise<void> {
  await tx.execute(deleteDraftSql(id))
}

export async function listQueries(tx: Transaction): Promise<SavedQuery[]> {
  return [...(await tx.query<SavedQueryRow>(selectQueriesSql))]
}

export async function createQuery(
  tx: Transaction,
  database: DatabaseRow,
  { account }: Principal,
  query: Pick<SavedQuery, 'folder' | 'name' | 'text'>,
): Promise<SavedQuery> {
  refuseBroken(query.text)
  if ((await tx.query(selectQueriesSql)).length >= mostQueries)
    throw new AppError('CONFLICT', `At most ${mostQueries} queries can be saved. Delete one that you do not need.`)
  const owner = { projectId: database.project_id, accountId: account.id }
  const [row] = await tx.query<SavedQueryRow>(insertQuerySql(owner, { ...query, folder: tidied(query.folder) }))
  if (!row) throw taken(query.name)
  return row
}

export async function updateQuery(
  tx: Transaction,
  id: string,
  query: {
    readonly folder?: string | undefined
    readonly name?: string | undefined
    readonly text?: string | undefined
  },
): Promise<SavedQuery> {
  if (query.text !== undefined) refuseBroken(query.text)
  const { name = null, text = null } = query
  const folder = query.folder === undefined ? null : tidied(query.folder)
  const [row] = await tx.query<SavedQueryRow>(updateQuerySql(id, { folder, name, text })).catch((error: unknown) => {
    throw violatedConstraint(error) === 'saved_queries_name' ? taken(query.name ?? '') : error
  })
  if (!row) throw new AppError('NOT_FOUND', 'There is no such saved query. It may have been deleted.')
  return row
}

/** `a / b/` is `a/b`. */
function tidied(folder: string): string {
  return folder
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('/')
}

function refuseBroken(text: string): void {
  const problem = textProblem(text)
  if (problem) throw new AppError('VALIDATION', `The query ${problem}. Take it out.`)
}

function taken(name: string): AppError {
  return new AppError(
    'CONFLICT',
    `There is a saved query ${name === '' ? 'of that name' : showValue(name)} in this folder already. Choose another name.`,
  )
}
