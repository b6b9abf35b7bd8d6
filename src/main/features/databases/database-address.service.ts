import type { StudioDatabase } from '../../db/database'
import { databaseAddressSql } from './database-address.sql'

/** Where an app's calls go: the database, its project, and the account in whose name the studio works there. */
export interface DatabaseAddress {
  readonly accountId: string
  readonly projectId: string
  readonly databaseId: string
  /** The project's name in addresses, `/p/<ref>`. */
  readonly ref: string
}

/** Null when there is none, or its project is in the bin. Asked before there is a tenant, so it tells nothing else. */
export async function findDatabase(
  db: StudioDatabase,
  wanted: { readonly ref: string } | { readonly databaseId: string },
): Promise<DatabaseAddress | null> {
  const [row] = await db.withoutTenant((tx) => tx.query<AddressRow>(databaseAddressSql(wanted)), { readOnly: true })
  if (!row) return null
  return { accountId: row.account_id, projectId: row.project_id, databaseId: row.database_id, ref: row.ref }
}

interface AddressRow {
  readonly account_id: string
  readonly project_id: string
  readonly database_id: string
  readonly ref: string
}
