import { type SqlQuery, sql } from '../../db/sql'

/** What an unqualified call can reach; a name that is taken more than once is shown by its first form. */
export const selectFunctionsSql = sql`select distinct on (p.proname) p.proname as name,
    pg_catalog.pg_get_function_arguments(p.oid) as takes, pg_catalog.format_type(p.prorettype, null) as gives
  from pg_catalog.pg_proc p
  where p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace and p.prokind <> 'p'
  order by p.proname, p.pronargs, p.oid`

export interface RunRow {
  readonly id: string
  readonly at: string
  readonly text: string
  readonly outcome: 'running' | 'done' | 'failed' | 'cancelled'
  readonly statements: number
  readonly row_count: string
  readonly ms: number | null
  readonly error: string | null
}

export function insertHistorySql(entry: {
  readonly projectId: string
  readonly accountId: string
  readonly text: string
  readonly statements: number
}): SqlQuery {
  return sql`insert into studio.sql_runs (project_id, account_id, text, outcome, statements)
    values (${entry.projectId}, ${entry.accountId}, ${entry.text}, 'running', ${entry.statements}) returning id`
}

export function finishHistorySql(
  id: string,
  entry: {
    readonly outcome: RunRow['outcome']
    readonly rowCount: number
    readonly ms: number
    readonly error: string | null
  },
): SqlQuery {
  return sql`update studio.sql_runs set outcome = ${entry.outcome}, row_count = ${entry.rowCount}, ms = ${entry.ms},
      error = ${entry.error}
    where project_id = (select studio.current_project()) and account_id = (select studio.current_account()) and id = ${id}`
}

/** Newest first. */
export function selectHistorySql(page: {
  readonly before: string | null
  readonly search: string
  readonly limit: number
}): SqlQuery {
  const before = page.before === null ? sql`` : sql`and r.id < ${page.before}`
  const search = page.search === '' ? sql`` : sql`and strpos(lower(r.text), lower(${page.search})) > 0`
  return sql`select r.id, r.at, r.text, r.outcome, r.statements, r.row_count, r.ms, r.error from studio.sql_runs r
    where r.project_id = (select studio.current_project()) and r.account_id = (select studio.current_account())
      ${before} ${search}
    order by r.id desc limit ${page.limit}`
}

export const clearHistorySql = sql`delete from studio.sql_runs
  where project_id = (select studio.current_project()) and account_id = (select studio.current_account())`

/** Keeps the newest. */
export function trimHistorySql(kept: number): SqlQuery {
  return sql`delete from studio.sql_runs
    where project_id = (select studio.current_project()) and account_id = (select studio.current_account())
      and id < (select min(newest.id) from (
        select r.id from studio.sql_runs r
        where r.project_id = (select studio.current_project()) and r.account_id = (select studio.current_account())
        order by r.id desc limit ${kept}) newest)`
}

export interface DraftRow {
  readonly id: string
  readonly place: number
  readonly name: string
  readonly text: string
  readonly query_id: string | null
  readonly results: unknown
  readonly edited_at: number
}

export const selectDraftsSql = sql`select d.id, d.place, d.name, d.text, d.query_id, d.results, d.edited_at
  from studio.sql_drafts d
  where d.project_id = (select studio.current_project()) and d.account_id = (select studio.current_account())
  order by d.place, d.id`

/** An older edit than the one that is there changes nothing. */
export function saveDraftSql(
  owner: { readonly projectId: string; readonly accountId: string },
  draft: Omit<DraftRow, 'results'> & { readonly results: string },
): SqlQuery {
  return sql`insert into studio.sql_drafts as d
      (project_id, account_id, id, place, name, text, query_id, results, edited_at)
    values (${owner.projectId}, ${owner.accountId}, ${draft.id}, ${draft.place}, ${draft.name}, ${draft.text},
      ${draft.query_id}, ${draft.results}::jsonb, ${draft.edited_at})
    on conflict (project_id, account_id, id) do update
      set place = excluded.place, name = excluded.name, text = excluded.text, query_id = excluded.query_id,
        results = excluded.results, edited_at = excluded.edited_at
      where d.edited_at <= excluded.edited_at`
}

export function deleteDraftSql(id: string): SqlQuery {
  return sql`delete from studio.sql_drafts
    where project_id = (select studio.current_project()) and account_id = (select studio.current_account()) and id = ${id}`
}

export interface SavedQueryRow {
  readonly id: string
  readonly folder: string
  readonly name: string
  readonly text: string
  readonly updated_at: string
}

const queryColumns = sql`q.id, q.folder, q.name, q.text, q.updated_at`
const ownQueries = sql`q.project_id = (select studio.current_project()) and q.account_id = (select studio.current_account())`

export const selectQueriesSql = sql`select ${queryColumns} from studio.saved_queries q where ${ownQueries}
  order by lower(q.folder), lower(q.name), q.id`

export function insertQuerySql(
  owner: { readonly projectId: string; readonly accountId: string },
  query: Pick<SavedQueryRow, 'folder' | 'name' | 'text'>,
): SqlQuery {
  return sql`insert into studio.saved_queries as q (project_id, account_id, folder, name, text)
    values (${owner.projectId}, ${owner.accountId}, ${query.folder}, ${query.name}, ${query.text})
    on conflict on constraint saved_queries_name do nothing returning ${queryColumns}`
}

export function updateQuerySql(
  id: string,
  query: { readonly folder: string | null; readonly name: string | null; readonly text: string | null },
): SqlQuery {
  return sql`update studio.saved_queries q set folder = coalesce(${query.folder}::text, q.folder),
      name = coalesce(${query.name}::text, q.name), text = coalesce(${query.text}::text, q.text), updated_at = now()
    where ${ownQueries} and q.id = ${id} returning ${queryColumns}`
}

export function deleteQuerySql(id: string): SqlQuery {
  return sql`delete from studio.saved_queries q where ${ownQueries} and q.id = ${id}`
}
