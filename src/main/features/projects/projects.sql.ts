import { type SqlQuery, sql } from '../../db/sql'

export interface ProjectRow {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly created_at: string
  readonly database_id: string | null
  readonly deleted_at: string | null
  readonly days_left: number | null
}

/** Whole days a project stays in the bin. The bin is emptied by the same number. */
const daysKept = 30

const columns = sql`p.id, p.name, p.description, p.created_at, d.id as database_id, p.deleted_at,
  case when p.deleted_at is not null then greatest(0,
    ${daysKept}::integer - floor(extract(epoch from clock_timestamp() - p.deleted_at) / 86400))::integer
  end as days_left`

export function listProjectsSql(inBin: boolean): SqlQuery {
  return sql`select ${columns}
    from studio.projects p left join studio.project_databases d on d.project_id = p.id
    where (p.deleted_at is not null) = ${inBin} and p.arriving_from is null
    order by coalesce(p.deleted_at, p.created_at) desc, p.id`
}

export function projectSql(id: string): SqlQuery {
  return sql`select ${columns}
    from studio.projects p left join studio.project_databases d on d.project_id = p.id
    where p.id = ${id}`
}

export function insertProjectSql(project: {
  readonly accountId: string
  readonly name: string
  readonly description: string | null
}): SqlQuery {
  return sql`insert into studio.projects (user_id, name, description)
    values (${project.accountId}, ${project.name}, ${project.description})
    returning id`
}

export function updateProjectSql(
  id: string,
  change: { readonly name: string; readonly description: string | null },
): SqlQuery {
  return sql`update studio.projects set name = ${change.name}, description = ${change.description} where id = ${id}`
}

export function binProjectSql(id: string): SqlQuery {
  return sql`update studio.projects set deleted_at = clock_timestamp() where id = ${id} and deleted_at is null`
}

export function restoreProjectSql(id: string): SqlQuery {
  return sql`update studio.projects set deleted_at = null where id = ${id} and deleted_at is not null`
}

/**
 * Goes on in the project, in a transaction that has the account's context only: for the log of a project that is just
 * made, or in the bin. A project of somebody else gives no access, since the policies ask whose it is.
 */
export function enterProjectSql(id: string): SqlQuery {
  return sql`select set_config('studio.project_id', ${id}, true)`
}

export function emptyBinSql(): SqlQuery {
  return sql`select projects::integer, tables::integer from studio.empty_bin(make_interval(days => ${daysKept}::integer))`
}
