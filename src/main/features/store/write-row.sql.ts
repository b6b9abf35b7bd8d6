import { typeOf } from '@shared/domain/check-table'
import { isSecretColumn } from '@shared/domain/secret-column'
import { type ColumnSchema, primaryKeyOf } from '@shared/domain/table-schema'
import { identifier, join, type SqlQuery, sql } from '../../db/sql'
import {
  buildDocument,
  canonicalJson,
  documentOf,
  isRecordId,
  keyText,
  ownRecords,
  recordId,
  recordRevision,
  recordsOf,
  storedValue,
} from '../tables/column.sql'
import type { KeyRule } from '../tables/key-rule'
import { placeOf } from '../tables/layout'
import type { StoredTable } from '../tables/stored-table'
import type { Place } from './view.sql'

/** What a view's function is made for; its parts below speak of the row as `new` and `old`, and of the stored one as `d`. */
export interface Context {
  readonly place: Place
  readonly tables: readonly StoredTable[]
  readonly table: StoredTable
  readonly rules: readonly KeyRule[]
}

export const nothing = sql``

export function lines(parts: readonly SqlQuery[]): SqlQuery {
  return join(parts, ' ')
}

export function field(row: 'new' | 'old', column: ColumnSchema): SqlQuery {
  return row === 'new' ? sql`new.${identifier(column.name)}` : sql`old.${identifier(column.name)}`
}

export function ownIdColumn(table: StoredTable): ColumnSchema | undefined {
  return table.schema.columns.find((column) => isRecordId(table, column))
}

/** Columns that the storage has; a uuid id is the record's own. */
export function storedColumns(table: StoredTable): readonly ColumnSchema[] {
  return table.schema.columns.filter((column) => !isRecordId(table, column))
}

/** The relation of a dedicated table, as studio_store names it. */
export function relation(table: StoredTable): SqlQuery {
  return table.storage.tier === 'dedicated'
    ? sql`studio_data.${identifier(table.storage.relation)}`
    : sql`studio.project_data`
}

/** The rows whose columns equal those of `new` or `old`. */
export function matches(table: StoredTable, columns: readonly ColumnSchema[], row: 'new' | 'old'): SqlQuery {
  return join(
    columns.map((column) => sql`${storedValue(table, column, 'd')} = ${field(row, column)}`),
    ' and ',
  )
}

export function filled(rule: KeyRule, row: 'new' | 'old'): SqlQuery {
  return join(
    rule.columns.map((column) => sql`${field(row, column)} is not null`),
    ' and ',
  )
}

export function keyValue(rule: KeyRule, row: 'new' | 'old'): SqlQuery {
  return ruleValue(rule.columns.map((column) => keyText(typeOf(column), field(row, column))))
}

/** `project_keys.value` of the texts of a rule's columns. */
export function ruleValue(texts: readonly SqlQuery[]): SqlQuery {
  const [first = sql`null`, ...more] = texts
  return more.length === 0
    ? sql`studio.key_value(${first})`
    : sql`studio.key_value(jsonb_build_array(${join(texts, ', ')})::text)`
}

export function differ(columns: readonly ColumnSchema[]): SqlQuery {
  return join(
    columns.map((column) => sql`${field('new', column)} is distinct from ${field('old', column)}`),
    ' or ',
  )
}

/**
 * The stored record behind `old`, locked: by its id, its key, or, without one, any that is equal to it in every column.
 * `v_changed`: it is no longer what the statement saw; `v_own`: because this very statement has changed it.
 */
export function find(context: Context, lock: SqlQuery): SqlQuery {
  const { place, table, rules } = context
  const shown = table.schema.columns.filter(({ name }) => !isSecretColumn(table.schema.name, name))
  const current = join(
    shown.map((column) => storedValue(table, column, 'd')),
    ', ',
  )
  const seen = join(
    shown.map((column) => field('old', column)),
    ', ',
  )
  const id = ownIdColumn(table)
  const primary = rules.find(({ isPrimary }) => isPrimary)
  const isKeyless = primaryKeyOf(table.schema).length === 0
  const which = id
    ? sql`${recordId(table, 'd')} = ${field('old', id)}`
    : primary && table.storage.tier === 'shared'
      ? sql`d.id = (select k.record_id from studio.project_keys k where k.project_id = ${place.projectId}
          and k.table_id = ${table.id} and k.rule = ${primary.rule} and k.value = ${keyValue(primary, 'old')})`
      : primary
        ? matches(table, primary.columns, 'old')
        : sql`row(${current}) is not distinct from row(${seen})`
  return sql`select ${recordId(table, 'd')}, ${recordRevision(table, 'd')}, ${documentOf(table, 'd')},
        row(${current}) is distinct from row(${seen}), d.xmin = pg_current_xact_id()::xid
      into v_id, v_revision, v_before, v_changed, v_own
      from ${recordsOf(table, 'd', 'store')}
      where ${ownRecords(place.projectId, table, 'd')} and ${which}
      ${isKeyless ? sql`limit 1` : nothing} ${lock};
    if not found then return null; end if;`
}

export function document(table: StoredTable): SqlQuery {
  const members = storedColumns(table).map((column) => {
    const { key } = placeOf(table.layout, column.name)
    const json = sql`coalesce(${canonicalJson(typeOf(column), field('new', column))}, 'null'::jsonb)`
    const isSecret = isSecretColumn(table.schema.name, column.name)
    return [key, isSecret ? sql`coalesce(to_jsonb(${field('new', column)}), v_before -> ${key}::text)` : json] as const
  })
  return buildDocument(members)
}

export function hideSecret(table: StoredTable): SqlQuery {
  const secret = table.schema.columns.find(({ name }) => isSecretColumn(table.schema.name, name))
  return secret ? sql`${field('new', secret)} := null;` : nothing
}

export function log(
  { place, table }: Context,
  op: string,
  revision: SqlQuery,
  before: SqlQuery,
  after: SqlQuery,
): SqlQuery {
  return sql`perform studio.log_change(${place.projectId}, ${table.id}, ${table.schema.name}, v_id, ${op}, ${revision}, ${before}, ${after});`
}
