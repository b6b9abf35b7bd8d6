import type { BaseType, ColumnType } from '@shared/domain/column-type'
import { type SqlQuery, sql } from '../../db/sql'
import { canonicalJson } from '../tables/column.sql'

/** A value of the column's SQL type as people read it and look for it. */
export function valueText(type: ColumnType, value: SqlQuery): SqlQuery {
  if (!type.array)
    switch (type.base) {
      case 'text':
      case 'varchar':
        return value
      case 'smallint':
      case 'integer':
      case 'bigint':
      case 'numeric':
      case 'boolean':
      case 'uuid':
      case 'jsonb':
        return sql`${value}::text`
    }
  return sql`(${canonicalJson(type, value)} #>> '{}')`
}

/** The characters that the text of a type's values is made of; types that are not here have any. */
const alphabets: { readonly [base in BaseType]?: RegExp } = {
  smallint: /^[-0-9]*$/,
  integer: /^[-0-9]*$/,
  bigint: /^[-0-9]*$/,
  numeric: /^[-.0-9infinityna]*$/i,
  boolean: /^[truefals]*$/i,
  uuid: /^[-0-9a-f]*$/i,
  date: /^[-0-9]*$/,
  time: /^[:.0-9]*$/,
  timestamp: /^[-:.0-9t]*$/i,
  timestamptz: /^[-:.0-9tz]*$/i,
}

/**
 * Whether the text is in it, whatever its case. Where it cannot be, no value is made a text: a word among 200,000 records
 * of eight columns is found in 0.2 s and not in 1 s.
 */
export function holdsText(type: ColumnType, value: SqlQuery, text: string): SqlQuery {
  if (!type.array && alphabets[type.base]?.test(text) === false) return sql`false`
  return sql`position(lower(${text}::text) in lower(${valueText(type, value)})) > 0`
}

export function beginsWithText(type: ColumnType, value: SqlQuery, text: string): SqlQuery {
  return sql`coalesce(starts_with(lower(${valueText(type, value)}), lower(${text}::text)), false)`
}

const shownLength = 200

/** A value to look at: canonical, and what is long is cut. */
export function shownValueSql(type: ColumnType, value: SqlQuery): SqlQuery {
  const isText = !type.array && (type.base === 'text' || type.base === 'varchar')
  if (isText) return sql`to_jsonb(left(${value}, ${shownLength}))`
  const whole = canonicalJson(type, value)
  if (!type.array && type.base !== 'jsonb' && type.base !== 'bytea') return whole
  const text = sql`(${whole})::text`
  return sql`case when length(${text}) > 2000 then to_jsonb(left(${text}, ${shownLength})) else ${whole} end`
}
