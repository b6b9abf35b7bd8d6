import { AppError } from '@shared/app-error'
import type { SaveConflict } from '@shared/contract/record-sets.contract'
import { coerceValue } from '@shared/domain/coerce-value'
import { type JsonObject, type JsonValue, sameJson } from '@shared/json'
import type { Transaction } from '../../db/database'
import type { TableAt } from './page.sql'
import { type RecordRow, readColumn, toRecord } from './record'
import { type PlannedColumn, planOf } from './record-plan'
import { type LastWriter, selectLastWritersSql } from './save-records.sql'

export interface SavedUpdate {
  readonly id: string
  readonly revision?: number | undefined
  readonly record: JsonObject
  readonly base?: JsonObject | undefined
  /** What is written: canonical, by layout key. */
  readonly data: JsonObject
}

export interface SavedDelete {
  readonly id: string
  readonly revision?: number | undefined
}

type Found = Omit<SaveConflict, 'by' | 'at'> & { readonly key: string | null }

/**
 * CONFLICT with everything that somebody else wrote meanwhile to the same fields. `rows` are the records as they are,
 * and stay that way until the transaction ends.
 */
export async function refuseConflicts(
  tx: Transaction,
  at: TableAt,
  rows: ReadonlyMap<string, RecordRow>,
  updates: readonly SavedUpdate[],
  deletes: readonly SavedDelete[],
): Promise<void> {
  const found = [
    ...updates.flatMap((update) => updateConflicts(at, rows.get(update.id), update)),
    ...deletes.flatMap((one) => deleteConflicts(at, rows.get(one.id), one)),
  ]
  if (found.length === 0) return
  const writers = await tx.query<LastWriter>(selectLastWritersSql(at, found))
  const byPlace = new Map(writers.map((writer) => [writer.place, writer]))
  const conflicts: SaveConflict[] = found.map(({ key: _, ...conflict }, place) => {
    const writer = byPlace.get(place)
    return writer ? { ...conflict, by: writer.by, at: writer.at } : conflict
  })
  const records = new Set(conflicts.map(({ id }) => id)).size
  const who = records === 1 ? 'a record of this save' : `${records.toLocaleString('en')} of the records of this save`
  throw new AppError(
    'CONFLICT',
    `Someone else has changed ${who} meanwhile, so nothing was written. Decide which values stay.`,
    {
      details: { table: at.table.schema.name, conflicts },
    },
  )
}

function updateConflicts({ table }: TableAt, row: RecordRow | undefined, update: SavedUpdate): readonly Found[] {
  const { id, revision, record, base } = update
  if (!row)
    return [
      { id, key: null, kind: 'deleted', column: null, base: base ?? null, mine: shown(update, table), theirs: null },
    ]
  if (row.revision === revision || (revision === undefined && base === undefined)) return []
  return planOf(table).columns.flatMap((column): readonly Found[] => {
    const { key, name, isId, isSecret } = column
    // A password cannot be read, so nobody can know what it was: the last one counts.
    if (isId || isSecret || !Object.hasOwn(record, name)) return []
    const theirs = readColumn(column, row)
    const mine = update.data[key] ?? null
    if (sameJson(mine, theirs)) return []
    const before = base && Object.hasOwn(base, name) ? canonical(column, base[name] ?? null) : undefined
    if (before !== undefined && sameJson(before, theirs)) return []
    return [{ id, key, kind: 'field', column: name, base: before ?? null, mine, theirs }]
  })
}

/** A record that is gone already is as the delete wants it. */
function deleteConflicts(
  { table }: TableAt,
  row: RecordRow | undefined,
  { id, revision }: SavedDelete,
): readonly Found[] {
  if (!row || revision === undefined || row.revision === revision) return []
  return [{ id, key: null, kind: 'changed', column: null, base: null, mine: null, theirs: toRecord(table, row) }]
}

function shown({ record }: SavedUpdate, table: TableAt['table']): JsonObject {
  const secret = new Set(planOf(table).columns.flatMap(({ name, isSecret }) => (isSecret ? [name] : [])))
  return Object.fromEntries(Object.entries(record).filter(([name]) => !secret.has(name)))
}

/** A base of a type that the column no longer has stays as it was sent, and is different from anything there. */
function canonical({ type }: PlannedColumn, value: JsonValue): JsonValue {
  const coerced = coerceValue(type, value)
  return coerced.ok ? coerced.value : value
}
