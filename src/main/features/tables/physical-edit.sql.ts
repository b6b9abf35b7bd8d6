import { renderValue } from '@shared/domain/coerce-value'
import type { ColumnType } from '@shared/domain/column-type'
import type { JsonValue } from '@shared/json'
import { identifier, inlined, join, type SqlQuery, sql } from '../../db/sql'
import { typeSql } from './column.sql'
import { dataOf } from './physical-table.sql'

/** What the rows that exist get in a new column. */
export type Filling =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'value'; readonly value: JsonValue }
  | { readonly kind: 'uuid' }

export interface NewColumn {
  readonly key: string
  readonly type: ColumnType
  readonly required: boolean
  readonly filling: Filling
}

/**
 * A constant is kept beside the table and costs no rewrite; uuids differ from row to row, so they rewrite it. The
 * default stays for this one statement: what new records get is said by the views and the service.
 */
export function addColumnSql(relation: string, { key, type, required, filling }: NewColumn): readonly SqlQuery[] {
  const column = identifier(key)
  const filled = fillingSql(type, filling)
  const added = sql`alter table ${dataOf(relation)} add column ${column} ${typeSql(type)} ${
    filled ? sql`default ${filled}` : sql``
  } ${required ? sql`not null` : sql``}`
  return filled
    ? [inlined(added), sql`alter table ${dataOf(relation)} alter column ${column} drop default`]
    : [inlined(added)]
}

function fillingSql(type: ColumnType, filling: Filling): SqlQuery | null {
  if (filling.kind === 'uuid') return sql`gen_random_uuid()`
  if (filling.kind === 'nothing' || filling.value === null) return null
  return sql`${renderValue(type, filling.value)}::${typeSql(type)}`
}

/** Views that read the column go on doing so. */
export function renameColumnSql(relation: string, from: string, to: string): SqlQuery {
  return sql`alter table ${dataOf(relation)} rename column ${identifier(from)} to ${identifier(to)}`
}

export function setRequiredSql(relation: string, key: string, required: boolean): SqlQuery {
  const rule = required ? sql`set not null` : sql`drop not null`
  return sql`alter table ${dataOf(relation)} alter column ${identifier(key)} ${rule}`
}

/** Their indexes go with them. */
export function dropColumnsSql(relation: string, keys: readonly string[]): SqlQuery {
  const drops = keys.map((key) => sql`drop column ${identifier(key)}`)
  return sql`alter table ${dataOf(relation)} ${join(drops, ', ')}`
}
