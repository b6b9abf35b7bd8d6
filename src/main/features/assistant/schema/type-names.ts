import { baseTypes, formatColumnType, parseColumnType } from '@shared/domain/column-type'

export interface ReadType {
  /** One of our types. */
  readonly type: string
  /** It numbered records by itself, which no type here does. */
  readonly isSerial: boolean
  /** There is no such type; text stands in. */
  readonly isUnknown: boolean
}

/** A type as any database, ORM or language writes it, as one of ours. */
export function readType(written: string): ReadType {
  const raw = written.slice(0, 200)
  const text = raw
    .toLowerCase()
    .replace(/["'`]/g, (quote) => (/^enum/i.test(raw.trim()) ? quote : ''))
    .replace(/\s+/g, ' ')
    .trim()
  const list =
    /^(?:array|list|set)\s*[<(]\s*(.+?)\s*[>)]$/.exec(text) ??
    /^(.+?)\s*\[\s*\d*\s*\]$/.exec(text) ??
    /^(.+) array$/.exec(text)
  if (list?.[1] !== undefined) {
    const inner = readType(list[1])
    return inner.type.endsWith('[]') ? inner : { ...inner, type: `${inner.type}[]`, isSerial: false }
  }
  const direct = parseColumnType(text)
  if (direct !== null) return known(formatColumnType(direct))
  const [, word = '', first, second] =
    /^([a-z0-9_ ]+?)\s*(?:\(\s*(\d+|max)\s*(?:,\s*(\d+)\s*)?\))?(?: (?:with|without) time zone)?(?: unsigned| signed)?$/.exec(
      text,
    ) ?? []
  const name = word.replace(/ (unsigned|signed)$/, '')
  if (/^(small|big)?serial[248]?$|^(auto_?increment|identity|autonumber)$/.test(name))
    return {
      type: /^big|8$/.test(name) ? 'bigint' : /^small|2$/.test(name) ? 'smallint' : 'integer',
      isSerial: true,
      isUnknown: false,
    }
  if (/^(timestamp|datetime)/.test(name)) return known(/without time zone$/.test(text) ? 'timestamp' : 'timestamptz')
  if (/^time( |tz|$)/.test(name)) return known('time')
  if (/^(varchar|character varying|char|character|nvarchar|nchar|varchar2|bpchar)$/.test(name)) {
    const length = Number(first)
    return known(length >= 1 && length <= 99_999 ? `varchar(${length})` : 'text')
  }
  if (/^(numeric|decimal|dec|number|money|currency|price|bigdecimal|smallmoney)$/.test(name)) {
    if (first === undefined || first === 'max')
      return known(/^(money|currency|price|smallmoney)$/.test(name) ? 'numeric(12,2)' : 'numeric')
    const sized = `numeric(${first},${second ?? 0})`
    return known(parseColumnType(sized) === null ? 'numeric' : sized)
  }
  if (name === 'tinyint' && first === '1') return known('boolean')
  if (/^enum/.test(text) || /^set ?\(/.test(text)) return known('text')
  const meant = spellings.get(name)
  if (meant !== undefined) return known(meant)
  const base = baseTypes.find((each) => each === name)
  return base === undefined ? { type: 'text', isSerial: false, isUnknown: true } : known(base)
}

function known(type: string): ReadType {
  return { type, isSerial: false, isUnknown: false }
}

const spelling: Readonly<Record<string, string>> = {
  smallint: 'int2 tinyint short year',
  integer: 'int int4 mediumint int32 i32',
  bigint: 'int8 long int64 i64 bigserial8',
  real: 'float4 single',
  double: 'float float8 double precision float64 f64',
  text: 'string str longtext mediumtext tinytext clob ntext citext email url uri phone password name slug markdown html color enum inet cidr macaddr xml image file',
  boolean: 'bool bit logical',
  timestamptz: 'instant moment',
  uuid: 'guid uniqueidentifier id uuidv4 uuidv7 objectid ulid',
  jsonb: 'json object map dict record hstore',
  bytea: 'blob binary varbinary bytes longblob mediumblob tinyblob raw',
  interval: 'duration',
}

/** `double precision` is two words; all others are one. */
const spellings: ReadonlyMap<string, string> = new Map([
  ...Object.entries(spelling).flatMap(([type, words]) => words.split(' ').map((word) => [word, type] as const)),
  ['double precision', 'double'] as const,
])
