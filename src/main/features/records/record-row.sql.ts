import type { JsonObject, JsonValue } from '@shared/json'
import { identifier, inlined, join, type SqlQuery, sql } from '../../db/sql'
import { jsonColumn, recordId, recordRevision, storedColumn } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import type { RecordRow } from './record'
import { type PlannedColumn, planOf } from './record-plan'

/** A select list, and how its rows are read. */
export interface Projection {
  readonly list: SqlQuery
  /** The names in the list. */
  readonly names: readonly string[]
  readonly read: (raw: RawRow) => RecordRow
}

/** Of the row `d`, whole. */
export function wholeRecord(table: StoredTable): Projection {
  const known = whole.get(table) ?? projectRecord(table, 'd')
  whole.set(table, known)
  return known
}

const whole = new WeakMap<StoredTable, Projection>()

export type RawRow = Readonly<Record<string, unknown>>

/**
 * The records in the row called `row`: whole, or only some columns. Of the shared tier the whole document is taken as it
 * is. Dedicated columns travel as what they are and become canonical here: to build a document in Postgres takes four
 * times as long.
 */
export function projectRecord(table: StoredTable, row: string, only?: readonly PlannedColumn[]): Projection {
  const identity = [sql`${recordId(table, row)} as _id`, sql`${recordRevision(table, row)} as _revision`]
  if (table.storage.tier === 'shared' && only === undefined)
    return {
      list: join([...identity, sql`${identifier(row)}.data as data`], ', '),
      names: ['_id', '_revision', 'data'],
      read: (raw) => ({ ...identityOf(raw), data: raw.data as JsonObject }),
    }
  const columns = (only ?? planOf(table).stored).filter(({ isId }) => !isId)
  const isDedicated = table.storage.tier === 'dedicated'
  const values = columns.map((column) => {
    const value =
      isDedicated && !column.type.array
        ? storedColumn(table, column.column, row)
        : inlined(jsonColumn(table, column.column, row))
    return sql`${value} as ${identifier(column.key)}`
  })
  return {
    list: join([...identity, ...values], ', '),
    names: ['_id', '_revision', ...columns.map(({ key }) => key)],
    read: (raw) => {
      const data: { [key: string]: JsonValue } = {}
      for (const column of columns) data[column.key] = canonical(column, raw[column.key])
      return { ...identityOf(raw), data }
    },
  }
}

function identityOf(raw: RawRow): { readonly id: string; readonly revision: number } {
  return { id: String(raw._id), revision: Number(raw._revision) }
}

/** What `pg-types.ts` makes of a value of the type, in the canonical form. */
function canonical({ type }: PlannedColumn, value: unknown): JsonValue {
  if (value === null || value === undefined) return null
  // NaN and the infinities are no JSON numbers.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`
  if (type.base === 'time' && !type.array && typeof value === 'string') return microseconds(value)
  return value as JsonValue
}

function microseconds(time: string): string {
  const [whole = '', fraction = ''] = time.split('.')
  return `${whole}.${fraction.padEnd(6, '0')}`
}
