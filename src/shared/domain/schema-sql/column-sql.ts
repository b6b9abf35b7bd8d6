import { typeOf } from '../check-table'
import { renderValue } from '../coerce-value'
import { columnDefault } from '../column-default'
import { type BaseType, sqlTypeName } from '../column-type'
import type { ColumnReference, ColumnSchema } from '../table-schema'
import { sqlName, sqlText } from './sql-names'

/** `email text default '' not null`, without its rules between values. */
export function columnSql(column: ColumnSchema): string {
  const fallback = defaultSql(column)
  const parts = [sqlName(column.name), typeSqlOf(column)]
  if (fallback !== null) parts.push(`default ${fallback}`)
  if (column.required === true && column.primary_key !== true) parts.push('not null')
  return parts.join(' ')
}

export function typeSqlOf(column: ColumnSchema): string {
  return sqlTypeName(typeOf(column))
}

/** What follows `default`; null when there is none. */
export function defaultSql(column: ColumnSchema): string | null {
  const fallback = columnDefault(column)
  if (fallback.kind === 'now') return 'now()'
  if (fallback.kind === 'uuid') return 'gen_random_uuid()'
  if (fallback.kind !== 'value' || fallback.value === null) return null
  const type = typeOf(column)
  const text = renderValue(type, fallback.value)
  const isBare = !type.array && (type.base === 'boolean' || (numbers.has(type.base) && /^\d+(\.\d+)?$/.test(text)))
  return isBare ? text : sqlText(text)
}

/** `references users (id) on delete cascade` */
export function referenceSql({ table, column, on_delete }: ColumnReference): string {
  const action = on_delete === 'cascade' ? ' on delete cascade' : on_delete === 'set_null' ? ' on delete set null' : ''
  return `references ${sqlName(table)} (${sqlName(column)})${action}`
}

/** How a value of `from` becomes one of `to`, for `alter column ... type ... using`. */
export function castSql(from: ColumnSchema, to: ColumnSchema, unfit: 'refuse' | 'null'): string {
  const [old, next] = [typeOf(from), typeOf(to)]
  const name = sqlName(from.name)
  const type = sqlTypeName(next)
  if (next.base === 'jsonb' && !next.array && !texts.has(old.base)) return `to_jsonb(${name})`
  const isDirect =
    old.array === next.array &&
    (old.base === next.base ||
      families.some((family) => family.has(old.base) && family.has(next.base)) ||
      (!old.array && (texts.has(old.base) || texts.has(next.base))))
  if (unfit === 'null' && !texts.has(next.base))
    return `case when pg_input_is_valid(${name}::text, ${sqlText(type)}) then ${name}::text::${type} end`
  return isDirect ? `${name}::${type}` : `${name}::text::${type}`
}

const numbers: ReadonlySet<BaseType> = new Set(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double'])
const texts: ReadonlySet<BaseType> = new Set(['text', 'varchar'])
const families: readonly ReadonlySet<BaseType>[] = [numbers, texts, new Set(['date', 'timestamp', 'timestamptz'])]
