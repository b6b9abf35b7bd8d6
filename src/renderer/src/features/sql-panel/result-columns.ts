import type { BaseType, ColumnType } from '@shared/domain/column-type'

/** Postgres' own names of the types that cells have a form for; whatever else there is is shown as text. */
const bases: Readonly<Record<string, BaseType>> = {
  smallint: 'smallint',
  integer: 'integer',
  bigint: 'bigint',
  oid: 'bigint',
  numeric: 'numeric',
  real: 'real',
  'double precision': 'double',
  boolean: 'boolean',
  date: 'date',
  'time without time zone': 'time',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  interval: 'interval',
  uuid: 'uuid',
  json: 'jsonb',
  jsonb: 'jsonb',
  bytea: 'bytea',
  'character varying': 'varchar',
}

/** `numeric(10,2)`, `timestamp(3) with time zone`, `text[]`. */
export function resultType(name: string): ColumnType {
  const array = name.endsWith('[]')
  const bare = name
    .replace(/\[\]$/, '')
    .replace(/\(\d+(,\d+)?\)/, '')
    .replace(/\s+/g, ' ')
    .trim()
  return { base: bases[bare] ?? 'text', array }
}

const shortNames: Readonly<Record<string, string>> = {
  'timestamp with time zone': 'timestamptz',
  'timestamp without time zone': 'timestamp',
  'time without time zone': 'time',
  'double precision': 'double',
  'character varying': 'varchar',
}

/** As it is said in a header. */
export function shortType(name: string): string {
  return Object.entries(shortNames).reduce((text, [long, short]) => text.replace(long, short), name)
}

export function isNumeric({ base, array }: ColumnType): boolean {
  return !array && ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double'].includes(base)
}

export function isTime({ base, array }: ColumnType): boolean {
  return !array && ['date', 'timestamp', 'timestamptz'].includes(base)
}
