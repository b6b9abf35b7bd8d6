import type { CanvasLayout } from '@shared/contract/schema.contract'
import { type SqlQuery, sql } from '../../db/sql'

export interface LayoutRow {
  readonly layout: CanvasLayout
  readonly revision: number
}

export function selectLayoutSql(projectId: string, databaseId: string): SqlQuery {
  return sql`select l.layout, l.revision from studio.canvas_layouts l
    where l.project_id = ${projectId} and l.database_id = ${databaseId}`
}

/** Writes over the one with this revision, or the first when it is 0; no row when there is another. */
export function saveLayoutSql(projectId: string, databaseId: string, { layout, revision }: LayoutRow): SqlQuery {
  const written = JSON.stringify(layout)
  if (revision === 0)
    return sql`insert into studio.canvas_layouts (project_id, database_id, revision, layout)
      values (${projectId}, ${databaseId}, 1, ${written}::jsonb)
      on conflict (project_id, database_id) do nothing returning revision`
  return sql`update studio.canvas_layouts l set layout = ${written}::jsonb, revision = l.revision + 1, updated_at = now()
    where l.project_id = ${projectId} and l.database_id = ${databaseId} and l.revision = ${revision} returning l.revision`
}
