import { type BaseType, formatColumnType, parseColumnType } from '@shared/domain/column-type'
import { as, type Node, names, nodes } from '../sql/syntax'

export interface ReadType {
  /** One of our types. */
  readonly type: string
  /** The sentence about what is not kept of it; null when all is. */
  readonly note: string | null
  /** It numbers records by itself. */
  readonly isSerial: boolean
  /** `char(n)`: its values are filled up with blanks that mean nothing. */
  readonly isPadded: boolean
}

/** Types that a script makes: an enum has values, a domain another type. */
export type OwnTypes = ReadonlyMap<
  string,
  { readonly kind: 'enum'; readonly values: readonly string[] } | { readonly kind: 'domain'; readonly type: ReadType }
>

/**
 * A `TypeName` of the syntax tree as one of our types; what does not exist here becomes text, and says so. `hasRecords`:
 * values of it follow as Postgres writes them, so a type that only resembles it will not do.
 */
export function readType(typeName: unknown, own: OwnTypes, hasRecords = false): ReadType {
  const node: Node =
    typeof typeName === 'object' && typeName !== null ? Object.fromEntries(Object.entries(typeName)) : {}
  const name = names(node.names).at(-1) ?? 'text'
  const sizes = nodes(node.typmods).map(sizeOf)
  const dimensions = nodes(node.arrayBounds).length
  const one = readOne(name, sizes, own, hasRecords)
  if (dimensions === 0) return one
  if (dimensions > 1) {
    const type = hasRecords ? 'text' : 'jsonb'
    const written = `${name}${'[]'.repeat(dimensions)}`
    return { ...one, type, note: `Arrays have one dimension here, so ${written} is kept as ${type}.` }
  }
  return { ...one, type: one.type.endsWith('[]') ? 'jsonb' : `${one.type}[]` }
}

function readOne(name: string, sizes: readonly number[], own: OwnTypes, hasRecords: boolean): ReadType {
  const [first, second] = sizes
  const known = (type: string, note: string | null = null, isSerial = false): ReadType => ({
    type,
    note,
    isSerial,
    isPadded: false,
  })
  const made = own.get(name.toLowerCase())
  if (made?.kind === 'domain')
    return { ...made.type, note: `The domain ${name} is kept as ${made.type.type}, without its checks.` }
  if (made?.kind === 'enum')
    return known(
      'text',
      `The values of ${name} (${made.values.slice(0, 20).join(', ')}) are not enforced: it is text here.`,
    )
  const serial = serials.get(name)
  if (serial) return known(serial, null, true)
  if (name === 'numeric' || name === 'decimal') {
    if (first === undefined) return known('numeric')
    const sized = parseColumnType(`numeric(${first},${second ?? 0})`)
    return sized ? known(formatColumnType(sized)) : known('numeric', `numeric(${sizes.join(',')}) is kept as numeric.`)
  }
  if (name === 'varchar') return known(first === undefined ? 'varchar' : `varchar(${first})`)
  if (name === 'bpchar' || name === 'char')
    return {
      ...known(
        `varchar(${first ?? 1})`,
        `char(${first ?? 1}) is kept as varchar(${first ?? 1}): values are not filled up with blanks.`,
      ),
      isPadded: true,
    }
  const base = spellings.get(name)
  if (base) return known(base)
  const like = hasRecords && written.has(name) ? 'text' : lookalikes.get(name)
  if (like) return known(like, `${name} is kept as ${like}.`)
  return known('text', `There is no type ${name} here: it is kept as text.`)
}

function sizeOf(node: Node): number {
  const value = as('A_Const', node)?.ival
  const ival = typeof value === 'object' && value !== null && 'ival' in value ? value.ival : 0
  return typeof ival === 'number' ? ival : 0
}

const serials: ReadonlyMap<string, string> = new Map([
  ['serial', 'integer'],
  ['serial4', 'integer'],
  ['bigserial', 'bigint'],
  ['serial8', 'bigint'],
  ['smallserial', 'smallint'],
  ['serial2', 'smallint'],
])

const spellings: ReadonlyMap<string, BaseType> = new Map<string, BaseType>([
  ['int2', 'smallint'],
  ['smallint', 'smallint'],
  ['int4', 'integer'],
  ['int', 'integer'],
  ['integer', 'integer'],
  ['int8', 'bigint'],
  ['bigint', 'bigint'],
  ['float4', 'real'],
  ['real', 'real'],
  ['float8', 'double'],
  ['double', 'double'],
  ['text', 'text'],
  ['bool', 'boolean'],
  ['boolean', 'boolean'],
  ['date', 'date'],
  ['time', 'time'],
  ['timestamp', 'timestamp'],
  ['timestamptz', 'timestamptz'],
  ['interval', 'interval'],
  ['uuid', 'uuid'],
  ['jsonb', 'jsonb'],
  ['bytea', 'bytea'],
])

/** Whose values are written otherwise than those of the type that stands for it. */
const written: ReadonlySet<string> = new Set(['hstore', 'money', 'timetz', 'vector'])

const lookalikes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    json: 'jsonb',
    hstore: 'jsonb',
    timetz: 'time',
    money: 'numeric(19,2)',
    citext: 'text',
    xml: 'text',
    name: 'text',
    inet: 'text',
    cidr: 'text',
    macaddr: 'text',
    tsvector: 'text',
    oid: 'bigint',
    vector: 'real[]',
    datetime: 'timestamp',
    tinyint: 'smallint',
    mediumint: 'integer',
    longtext: 'text',
    mediumtext: 'text',
    blob: 'bytea',
  }),
)
