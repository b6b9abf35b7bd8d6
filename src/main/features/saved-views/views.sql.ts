import { type SqlQuery, sql } from '../../db/sql'
import type { ViewDefinition } from './view-definition'

export interface ViewRow {
  readonly id: string
  readonly name: string
  readonly definition: ViewDefinition
  readonly created_at: string
  readonly updated_at: string
}

export interface ViewsAt {
  readonly projectId: string
  readonly tableId: string
}

const columns = sql`v.id, v.name, v.definition, v.created_at, v.updated_at`

export function selectViewsSql({ projectId, tableId }: ViewsAt): SqlQuery {
  return sql`select ${columns} from studio.saved_views v
    where v.project_id = ${projectId} and v.table_id = ${tableId} order by lower(v.name), v.name`
}

/** Locks it. */
export function selectViewSql({ projectId, tableId }: ViewsAt, id: string): SqlQuery {
  return sql`select ${columns} from studio.saved_views v
    where v.project_id = ${projectId} and v.table_id = ${tableId} and v.id = ${id} for update`
}

/** Nothing when the name is taken. */
export function insertViewSql(
  { projectId, tableId }: ViewsAt,
  { name, definition }: Pick<ViewRow, 'name' | 'definition'>,
): SqlQuery {
  return sql`insert into studio.saved_views as v (project_id, table_id, name, definition)
    values (${projectId}, ${tableId}, ${name}, ${JSON.stringify(definition)}::jsonb)
    on conflict on constraint saved_views_name do nothing returning ${columns}`
}

export function updateViewSql(
  { projectId }: ViewsAt,
  { id, name, definition }: Pick<ViewRow, 'id' | 'name' | 'definition'>,
): SqlQuery {
  return sql`update studio.saved_views v
    set name = ${name}, definition = ${JSON.stringify(definition)}::jsonb, updated_at = now()
    where v.project_id = ${projectId} and v.id = ${id} returning ${columns}`
}

export function deleteViewSql({ projectId, tableId }: ViewsAt, id: string): SqlQuery {
  return sql`delete from studio.saved_views v
    where v.project_id = ${projectId} and v.table_id = ${tableId} and v.id = ${id} returning ${columns}`
}
