import { type SqlQuery, sql } from '../../db/sql'

export function databaseAddressSql(wanted: { readonly ref: string } | { readonly databaseId: string }): SqlQuery {
  const { ref, id } = 'ref' in wanted ? { ref: wanted.ref, id: null } : { ref: null, id: wanted.databaseId }
  return sql`select account_id, project_id, database_id, ref from studio.database_address(${ref}::text, ${id}::uuid)`
}
