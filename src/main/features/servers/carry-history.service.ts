import type { SqlQuery } from '../../db/sql'
import { clearArrivingHistorySql } from '../backups/arriving.sql'
import type { StoredTable } from '../tables/stored-table'
import {
  type CarriedTo,
  type Carrying,
  insertAuditSql,
  insertHistorySql,
  insertVersionsSql,
  type KeptRow,
  selectAuditSql,
  selectHistorySql,
  selectVersionsSql,
} from './carry-history.sql'
import type { DatabaseAt } from './carry-over.service'

export interface Past {
  readonly projectId: string
  readonly tables: readonly StoredTable[]
}

/**
 * What happened to a project: who did what, each change of a record up to `until`, and the versions of its schema, in
 * place of what was written down while the copy was filled. Records have the same ids on both servers.
 */
export async function carryHistory(
  from: DatabaseAt & Past,
  to: DatabaseAt & Past,
  { until, signal }: { readonly until: string; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const pairs = from.tables.flatMap((before) => {
    const after = to.tables.find(({ schema }) => schema.name === before.schema.name)
    return after ? [{ before, after }] : []
  })
  const carrying: Carrying = {
    projectId: to.projectId,
    tables: pairs.map(({ before, after }) => ({ from: before.id, to: after.id, keys: keysBetween(before, after) })),
    owner: { from: from.principal.account.id, to: to.principal.account.id },
  }
  const read = (query: SqlQuery) =>
    from.db.withDatabase(from.principal.account.id, from.databaseId, (tx) => tx.query<KeptRow>(query), {
      signal,
      readOnly: true,
    })
  const write = (query: SqlQuery) =>
    to.db.withDatabase(to.principal.account.id, to.databaseId, (tx) => tx.execute(query), { signal })

  /** All rows, some at a time, by a key that rises. */
  async function carry(
    first: string,
    select: (after: string) => SqlQuery,
    insert: (rows: readonly string[]) => SqlQuery,
  ): Promise<void> {
    for (let after = first; ; ) {
      const rows = await read(select(after))
      const last = rows.at(-1)
      if (!last) return
      await write(insert(rows.map(({ row }) => row)))
      after = last.key
    }
  }

  await write(clearArrivingHistorySql(to.projectId))
  await carry(
    '-1',
    (after) => selectVersionsSql(from.projectId, after),
    (rows) => insertVersionsSql(carrying, to.databaseId, rows),
  )
  await carry(
    '0',
    (after) => selectAuditSql(from.projectId, after),
    (rows) => insertAuditSql(carrying, rows),
  )
  await carry(
    '0',
    (after) => selectHistorySql(from.projectId, after, until),
    (rows) => insertHistorySql(carrying, rows),
  )
}

/** Null where documents have the same keys on both. */
function keysBetween({ layout: before }: StoredTable, { layout: after }: StoredTable): CarriedTo['keys'] {
  const pairs = Object.entries(before.columns).flatMap(([name, { key }]) => {
    const place = after.columns[name]
    return place ? [[key, place.key] as const] : []
  })
  return before.retired.length === 0 && pairs.every(([here, there]) => here === there)
    ? null
    : Object.fromEntries(pairs)
}
