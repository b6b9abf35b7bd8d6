import { renderValue } from '@shared/domain/coerce-value'
import type { ColumnType } from '@shared/domain/column-type'
import type { JsonValue } from '@shared/json'

const plainNumbers: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double'])

/** A value as Postgres reads it in a statement. */
export function sqlLiteral(type: ColumnType, value: JsonValue | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (!type.array && type.base === 'boolean') return String(value)
  const text = renderValue(type, value)
  const isNumber = !type.array && plainNumbers.has(type.base) && /^-?[\d.]+(e[+-]?\d+)?$/i.test(text)
  return isNumber ? text : quoted(text)
}

export function sqlName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`
}

function quoted(text: string): string {
  return text.includes('\\')
    ? `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
    : `'${text.replaceAll("'", "''")}'`
}

/** Words of SQL that people do call columns and tables by. */
const reserved: ReadonlySet<string> = new Set(
  'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing primary references returning select session_user some symmetric table then to trailing true union unique user using variadic when where window with'.split(
    ' ',
  ),
)
