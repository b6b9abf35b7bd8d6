import type { StudioDatabase } from '../../db/database'
import type { SqlColumn } from '../../db/sql-login'
import { typeNamesSql } from '../sql/sql.sql'
import { knownTypeName } from '../sql/sql-values'

/** A logical database has no types of its own: the names are those of the server, whatever the database. */
const asked = new Map<string, string>()

/** Postgres' own names of the columns' types; it is asked only for those that nobody has asked for yet. */
export async function columnTypes(
  db: StudioDatabase,
  accountId: string,
  databaseId: string,
  columns: readonly SqlColumn[],
): Promise<readonly string[]> {
  const unknown = columns.filter((column) => nameOf(column) === null)
  if (unknown.length > 0) {
    const rows = await db.withDatabase(
      accountId,
      databaseId,
      (tx) => tx.query<{ name: string }>(typeNamesSql(unknown)),
      { readOnly: true },
    )
    for (const [index, column] of unknown.entries()) asked.set(keyOf(column), rows[index]?.name ?? 'unknown')
  }
  return columns.map((column) => nameOf(column) ?? 'unknown')
}

function nameOf(column: SqlColumn): string | null {
  return knownTypeName(column.typeId, column.typeModifier) ?? asked.get(keyOf(column)) ?? null
}

function keyOf({ typeId, typeModifier }: SqlColumn): string {
  return `${typeId} ${typeModifier}`
}
