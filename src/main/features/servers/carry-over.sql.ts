import { identifier, type SqlQuery, sql } from '../../db/sql'

/** What is taken over row by row, and the column that tells the rows of a project apart. */
export const carriedTables = {
  api_keys: 'id',
  end_users: 'user_id',
  end_user_sessions: 'id',
  saved_queries: 'id',
} as const
export type CarriedTable = keyof typeof carriedTables

/** Rows of one trip. */
const batch = 2_000

export interface CarriedRow {
  readonly key: string
  /** JSON as text: a number of people's metadata may have more digits than JavaScript's. */
  readonly row: string
}

export function selectCarriedSql(table: CarriedTable, projectId: string, after: string | null): SqlQuery {
  const key = sql`t.${identifier(carriedTables[table])}`
  return sql`select ${key}::text as key, to_jsonb(t)::text as row from studio.${identifier(table)} t
    where t.project_id = ${projectId} and (${after}::uuid is null or ${key} > ${after}::uuid)
    order by ${key} limit ${batch}`
}

/** With other owners. Both studios have the same tables: a server that is opened is brought up to date first. */
export function insertCarriedSql(
  table: CarriedTable,
  rows: readonly string[],
  owners: { readonly project_id: string; readonly account_id: string },
): SqlQuery {
  return sql`insert into studio.${identifier(table)}
    select carried.* from unnest(${rows}::text[]) r,
      lateral jsonb_populate_record(null::studio.${identifier(table)}, r::jsonb || ${JSON.stringify(owners)}::jsonb) carried`
}

export function setRefSql(databaseId: string, ref: string): SqlQuery {
  return sql`update studio.project_databases d set ref = ${ref} where d.id = ${databaseId}`
}
