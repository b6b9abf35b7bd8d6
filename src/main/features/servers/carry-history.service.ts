import type { JsonValue } from '@shared/json'
import type { SqlQuery } from '../../db/sql'
import { type PlannedColumn, planOf } from '../records/record-plan'
import type { StoredTable } from '../tables/stored-table'
import { selectByKeysSql } from '../transfers/batch-import.sql'
import { clearArrivingHistorySql } from './arriving.sql'
import {
  type CarriedTo,
  type Carrying,
  type HistoryLine,
  insertAuditSql,
  insertHistorySql,
  insertVersionsSql,
  selectAuditSql,
  selectHistorySql,
  selectVersionsSql,
} from './carry-history.sql'
import type { DatabaseAt } from './carry-over.service'
import { selectKeysOfSql } from './record-keys.sql'

export interface Past {
  readonly projectId: string
  readonly tables: readonly StoredTable[]
}

/**
 * What happened to a project: who did what, each change of a record up to `until`, and the versions of its schema, in
 * place of what was written down while the copy was filled. Records whose ids are made on each server are told by their
 * primary keys. Answers the tables whose records have neither, so that their changes stay behind.
 */
export async function carryHistory(
  from: DatabaseAt & Past,
  to: DatabaseAt & Past,
  { until, signal }: { readonly until: string; readonly signal: AbortSignal | undefined },
): Promise<readonly string[]> {
  const pairs = from.tables.flatMap((before) => {
    const after = to.tables.find(({ schema }) => schema.name === before.schema.name)
    return after ? [{ before, after, key: planKey(before) }] : []
  })
  const carrying: Carrying = {
    projectId: to.projectId,
    tables: pairs.map(({ before, after }) => ({ from: before.id, to: after.id, keys: keysBetween(before, after) })),
    owner: { from: from.principal.account.id, to: to.principal.account.id },
  }
  const keyless = new Set(pairs.filter(({ key }) => key === null).map(({ before }) => before.id))
  const read = <T extends { readonly key: string }>(query: SqlQuery) =>
    from.db.withDatabase(from.principal.account.id, from.databaseId, (tx) => tx.query<T>(query), {
      signal,
      readOnly: true,
    })
  const write = (query: SqlQuery) =>
    to.db.withDatabase(to.principal.account.id, to.databaseId, (tx) => tx.execute(query), { signal })

  /** All rows, some at a time, by a key that rises. */
  async function carry<T extends { readonly key: string; readonly row: string }>(
    first: string,
    select: (after: string) => SqlQuery,
    insert: (rows: readonly T[]) => Promise<unknown>,
  ): Promise<void> {
    for (let after = first; ; ) {
      const rows = await read<T>(select(after))
      const last = rows.at(-1)
      if (!last) return
      await insert(rows)
      after = last.key
    }
  }

  /** The ids that records have there, where those are others. */
  async function recordsThere(lines: readonly HistoryLine[]) {
    const found: { from: string; to: string }[] = []
    for (const { before, after, key } of pairs) {
      if (key === null || key === 'same') continue
      const ids = [...new Set(lines.flatMap((line) => (line.table_id === before.id ? (line.record_id ?? []) : [])))]
      if (ids.length === 0) continue
      const here = await from.db.withDatabase(
        from.principal.account.id,
        from.databaseId,
        (tx) => tx.query<{ id: string; key: JsonValue }>(selectKeysOfSql(from.projectId, before, key, ids)),
        { signal, readOnly: true },
      )
      const keys = JSON.stringify(here.map((one) => one.key))
      const there = await to.db.withDatabase(
        to.principal.account.id,
        to.databaseId,
        (tx) => tx.query<{ place: number; id: string }>(selectByKeysSql(to.projectId, after, planKeyOf(after), keys)),
        { signal, readOnly: true },
      )
      for (const { place, id } of there) {
        const one = here[place]
        if (one) found.push({ from: one.id, to: id })
      }
    }
    return found
  }

  await write(clearArrivingHistorySql(to.projectId))
  await carry(
    '-1',
    (after) => selectVersionsSql(from.projectId, after),
    (rows) =>
      write(
        insertVersionsSql(
          carrying,
          to.databaseId,
          rows.map(({ row }) => row),
        ),
      ),
  )
  await carry(
    '0',
    (after) => selectAuditSql(from.projectId, after),
    (rows) =>
      write(
        insertAuditSql(
          carrying,
          rows.map(({ row }) => row),
        ),
      ),
  )
  const left = new Set<string>()
  await carry<HistoryLine>(
    '0',
    (after) => selectHistorySql(from.projectId, after, until),
    async (lines) => {
      const stays = ({ table_id, record_id }: HistoryLine) => record_id !== null && keyless.has(table_id)
      for (const line of lines) if (stays(line)) left.add(line.table_id)
      const going = lines.filter((line) => !stays(line))
      await write(
        insertHistorySql(
          carrying,
          going.map(({ row }) => row),
          await recordsThere(going),
        ),
      )
    },
  )
  return from.tables.flatMap(({ id, schema }) => (left.has(id) ? [schema.name] : []))
}

/** What tells a record on both servers: its own id, its primary key, or nothing. */
function planKey(table: StoredTable): 'same' | readonly PlannedColumn[] | null {
  if (planOf(table).id !== undefined) return 'same'
  const key = planKeyOf(table)
  return key.length === 0 ? null : key
}

function planKeyOf(table: StoredTable): readonly PlannedColumn[] {
  return planOf(table).columns.filter(({ column }) => column.primary_key === true)
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
