import { type BaseType, formatColumnType, parseColumnType } from '../column-type'

/** A type as people write it in DBML, as one of ours; null when it is none. */
export function dbmlType(written: string): string | null {
  const text = written.toLowerCase().replace(/\s+/g, ' ').trim()
  const array = /^(.*)\[\]$/.exec(text)
  if (array) {
    const inner = dbmlType(array[1] ?? '')
    return inner === null ? null : `${inner}[]`
  }
  const direct = parseColumnType(text)
  if (direct) return formatColumnType(direct)
  const [, word = '', size = ''] = /^([a-z_0-9 ]+?)\s*(\([\d, ]+\))?$/.exec(text) ?? []
  const base = spellings.get(word)
  if (!base) return null
  const sized = parseColumnType(`${base}${size}`)
  return sized ? formatColumnType(sized) : base
}

const spellings: ReadonlyMap<string, BaseType> = new Map<string, BaseType>([
  ['int', 'integer'],
  ['int2', 'smallint'],
  ['int4', 'integer'],
  ['int8', 'bigint'],
  ['tinyint', 'smallint'],
  ['serial', 'integer'],
  ['bigserial', 'bigint'],
  ['decimal', 'numeric'],
  ['money', 'numeric'],
  ['float', 'double'],
  ['float4', 'real'],
  ['float8', 'double'],
  ['double precision', 'double'],
  ['string', 'text'],
  ['longtext', 'text'],
  ['mediumtext', 'text'],
  ['citext', 'text'],
  ['char', 'varchar'],
  ['character', 'varchar'],
  ['character varying', 'varchar'],
  ['nvarchar', 'varchar'],
  ['bool', 'boolean'],
  ['bit', 'boolean'],
  ['datetime', 'timestamp'],
  ['timestamp with time zone', 'timestamptz'],
  ['timestamp without time zone', 'timestamp'],
  ['json', 'jsonb'],
  ['guid', 'uuid'],
  ['uniqueidentifier', 'uuid'],
  ['blob', 'bytea'],
  ['binary', 'bytea'],
])
