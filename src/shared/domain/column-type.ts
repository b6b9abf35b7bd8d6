/**
 * The column types of a logical database: Postgres' own names, with `(n)` or `(p,s)` where SQL has them and `[]` for
 * one-dimensional arrays.
 */
export const baseTypes = [
  'smallint',
  'integer',
  'bigint',
  'numeric',
  'real',
  'double',
  'text',
  'varchar',
  'boolean',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
  'uuid',
  'jsonb',
  'bytea',
] as const

export type BaseType = (typeof baseTypes)[number]

export interface ColumnType {
  readonly base: BaseType
  /** `varchar(length)`. */
  readonly length?: number
  /** `numeric(precision, scale)`. */
  readonly precision?: number
  readonly scale?: number
  readonly array: boolean
}

const typePattern = /^([a-z]+)(?:\((\d{1,5})(?:,(\d{1,4}))?\))?(\[\])?$/

/** Reads `numeric(10,2)[]`; null when it is not a type we have. */
export function parseColumnType(text: string): ColumnType | null {
  const match = typePattern.exec(text.replace(/\s+/g, ''))
  if (!match) return null
  const [, name, first, second, brackets] = match
  const base = baseTypes.find((candidate) => candidate === name)
  if (!base) return null
  const array = brackets !== undefined
  if (first === undefined) return { base, array }
  const n = Number(first)
  if (base === 'varchar' && second === undefined && n >= 1) return { base, length: n, array }
  if (base === 'numeric' && n >= 1 && n <= 1000) {
    const scale = second === undefined ? 0 : Number(second)
    return scale <= n ? { base, precision: n, scale, array } : null
  }
  return null
}

/** The one spelling of a type: `numeric(10,2)[]`. */
export function formatColumnType(type: ColumnType): string {
  const size =
    type.length !== undefined
      ? `(${type.length})`
      : type.precision !== undefined
        ? `(${type.precision},${type.scale ?? 0})`
        : ''
  return `${type.base}${size}${type.array ? '[]' : ''}`
}

/** The type's name in SQL: only `double` differs. */
export function sqlTypeName(type: ColumnType): string {
  const name = formatColumnType(type)
  return type.base === 'double' ? name.replace('double', 'double precision') : name
}
