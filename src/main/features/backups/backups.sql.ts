import type { Backup, BackupPlan } from '@shared/contract/backups.contract'
import { type SqlQuery, sql } from '../../db/sql'

const columns = sql`b.id, b.created_at, b.kind, b.bytes::float8 as bytes, b.records::float8 as records, b.tables, b.proven_at, b.problem`

export function selectBackupsSql(projectId: string): SqlQuery {
  return sql`select ${columns} from studio.backups b where b.project_id = ${projectId} order by b.created_at desc, b.id`
}

export function selectBackupSql(projectId: string, id: string): SqlQuery {
  return sql`select ${columns} from studio.backups b where b.project_id = ${projectId} and b.id = ${id}`
}

export function insertBackupSql(
  projectId: string,
  {
    id,
    kind,
    bytes,
    records,
    tables,
    problem,
    proven,
  }: Pick<Backup, 'id' | 'kind' | 'bytes' | 'records' | 'tables' | 'problem'> & { readonly proven: boolean },
): SqlQuery {
  return sql`insert into studio.backups as b (project_id, id, kind, bytes, records, tables, proven_at, problem)
    values (${projectId}, ${id}, ${kind}, ${bytes}, ${records}, ${tables}, case when ${proven}::boolean then clock_timestamp() end, ${problem})
    returning ${columns}`
}

export function deleteBackupSql(projectId: string, id: string): SqlQuery {
  return sql`delete from studio.backups b where b.project_id = ${projectId} and b.id = ${id}`
}

export function selectPlanSql(databaseId: string): SqlQuery {
  return sql`select d.backup_every as every, d.backup_keep as keep from studio.project_databases d where d.id = ${databaseId}`
}

export function setPlanSql(databaseId: string, { every, keep }: BackupPlan): SqlQuery {
  return sql`update studio.project_databases d set backup_every = ${every}, backup_keep = ${keep} where d.id = ${databaseId}`
}

export const dueBackupsSql = sql`select account_id, database_id from studio.due_backups()`

/** For good, and only what is the account's own. */
export function removeProjectSql(projectId: string): SqlQuery {
  return sql`select studio.remove_project(${projectId}::uuid)`
}

export function noteRestoredSql(projectId: string, from: string): SqlQuery {
  return sql`update studio.projects p set restored_from = ${from} where p.id = ${projectId}`
}

/** The project that this one was restored from, while it is there. As the account. */
export function restoredFromSql(projectId: string): SqlQuery {
  return sql`select f.id, f.name from studio.projects p join studio.projects f on f.id = p.restored_from
    where p.id = ${projectId} and f.deleted_at is null`
}

/** See the migration 000018. */
export function takePlaceSql(projectId: string): SqlQuery {
  return sql`select studio.take_place(${projectId}::uuid) as done`
}
