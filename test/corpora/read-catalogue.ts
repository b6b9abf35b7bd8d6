import type { ColumnReference, ColumnSchema, OnDelete, TableSchema } from '@shared/domain/table-schema'
import type { Client } from 'pg'

export interface ReadTable {
  /** As Postgres has it. */
  readonly plainName: string
  readonly schema: TableSchema
  readonly plainColumns: readonly string[]
}

export interface ReadCatalogue {
  /** A table comes after those it references, except where they point to each other. */
  readonly tables: readonly ReadTable[]
  /** References that close a circle between tables, to be made when all tables are there. */
  readonly later: readonly { readonly table: string; readonly column: string; readonly references: ColumnReference }[]
  /** Rules that a logical table cannot hold, in words. */
  readonly left: readonly string[]
}

/** The tables of one schema as logical tables: names in lower case, types and rules as ours. */
export async function readCatalogue(client: Client, schemaName: string): Promise<ReadCatalogue> {
  const { rows: columns }: { rows: ColumnFacts[] } = await client.query(columnsText, [schemaName])
  const { rows: constraints }: { rows: ConstraintFacts[] } = await client.query(constraintsText, [schemaName])
  const left: string[] = []
  const unread = [...new Set(columns.map(({ table }) => table))].map((plainName): ReadTable => {
    const own = columns.filter(({ table }) => table === plainName)
    const rules = constraints.filter(({ table }) => table === plainName)
    const key = rules.find(({ kind }) => kind === 'p')?.columns ?? []
    const unique = rules.filter(({ kind, columns: set }) => kind === 'u' && set.length > 1)
    return {
      plainName,
      plainColumns: own.map(({ name }) => name),
      schema: {
        name: lower(plainName),
        columns: own.map((column) => columnOf(column, key, rules, left)),
        ...(unique.length > 0 ? { unique: unique.map((rule) => rule.columns.map(lower)) } : {}),
      },
    }
  })
  for (const { kind, table, columns: named, definition } of constraints)
    if (kind === 'c' || (kind === 'f' && named.length > 1)) left.push(`${table}: ${definition}`)
  return { ...inOrder(unread), left }
}

interface ColumnFacts {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly fallback: string | null
}

interface ConstraintFacts {
  readonly table: string
  readonly kind: 'p' | 'u' | 'f' | 'c'
  readonly columns: readonly string[]
  readonly target: string | null
  readonly targetColumns: readonly string[] | null
  readonly onDelete: 'a' | 'r' | 'c' | 'n' | 'd'
  readonly definition: string
}

const columnsText = `
  select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
    pg_get_expr(d.adbin, d.adrelid) as fallback
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = $1::text::regnamespace and c.relkind in ('r', 'p') order by c.relname, a.attnum`

const constraintsText = `
  select c.relname as table, k.contype as kind, pg_get_constraintdef(k.oid) as definition, k.confdeltype as "onDelete",
    (select json_agg(a.attname order by n) from unnest(k.conkey) with ordinality u (num, n)
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num) as columns,
    t.relname as target,
    (select json_agg(a.attname order by n) from unnest(k.confkey) with ordinality u (num, n)
      join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num) as "targetColumns"
  from pg_constraint k join pg_class c on c.oid = k.conrelid left join pg_class t on t.oid = k.confrelid
  where c.relnamespace = $1::text::regnamespace and k.contype in ('p', 'u', 'f', 'c') order by c.relname, k.conname`

function columnOf(
  column: ColumnFacts,
  key: readonly string[],
  rules: readonly ConstraintFacts[],
  left: string[],
): ColumnSchema {
  const isKey = key.includes(column.name)
  const alone = (kind: string) => rules.find((rule) => rule.kind === kind && rule.columns.join() === column.name)
  const reference = alone('f')
  const fallback = defaultOf(column, left)
  return {
    name: lower(column.name),
    type: typeOf(column.type),
    ...(isKey ? { primary_key: true } : {}),
    ...(alone('u') ? { unique: true } : {}),
    ...(column.required && !isKey ? { required: true } : {}),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(reference ? { references: referenceOf(reference) } : {}),
  }
}

function referenceOf({ target, targetColumns, onDelete }: ConstraintFacts): ColumnReference {
  const actions: Readonly<Record<string, OnDelete>> = { c: 'cascade', n: 'set_null' }
  return {
    table: lower(target ?? ''),
    column: lower(targetColumns?.[0] ?? ''),
    on_delete: actions[onDelete] ?? 'restrict',
  }
}

/** A name that fits our rule; mixed case is the only thing that real names break it with. */
export function lower(name: string): string {
  const fit = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, '_')
    .slice(0, 63)
  return /^[a-z]/.test(fit) ? fit : `c_${fit}`.slice(0, 63)
}

function typeOf(plain: string): string {
  const array = plain.endsWith('[]')
  const [, word = '', size = ''] =
    /^([a-z ]+?)(\([\d,]+\))?( without time zone| with time zone)?(?:\[\])?$/.exec(plain) ?? []
  const zoned = plain.includes('with time zone')
  const names: Readonly<Record<string, string>> = {
    'character varying': 'varchar',
    character: 'varchar',
    'double precision': 'double',
    json: 'jsonb',
    timestamp: zoned ? 'timestamptz' : 'timestamp',
  }
  const base = names[word] ?? word
  // varchar without a length is text.
  const name = base === 'varchar' && size === '' ? 'text' : base
  return `${name}${['varchar', 'numeric'].includes(name) ? size : ''}${array ? '[]' : ''}`
}

function defaultOf({ table, name, fallback }: ColumnFacts, left: string[]): string | undefined {
  if (fallback === null) return undefined
  const [, literal] = /^'((?:[^']|'')*)'::[\w ]+$/.exec(fallback) ?? []
  if (literal !== undefined) return literal.replaceAll("''", "'")
  if (/^(now\(\)|CURRENT_TIMESTAMP|CURRENT_DATE)$/.test(fallback)) return 'now()'
  if (/^(-?[\d.]+|true|false|gen_random_uuid\(\))$/.test(fallback)) return fallback
  left.push(`${table}.${name}: default ${fallback}`)
  return undefined
}

/** The tables in the order of their references; what closes a circle is taken out of them. */
function inOrder(tables: readonly ReadTable[]): Pick<ReadCatalogue, 'tables' | 'later'> {
  const done: ReadTable[] = []
  const later: ReadCatalogue['later'][number][] = []
  const waiting = new Map(tables.map((table) => [table.schema.name, table]))
  const misses = ({ schema }: ReadTable) =>
    schema.columns.filter(({ references: to }) => to && to.table !== schema.name && waiting.has(to.table))
  while (waiting.size > 0) {
    const next = [...waiting.values()].find((table) => misses(table).length === 0) ?? [...waiting.values()][0]
    if (!next) break
    const open = misses(next)
    for (const { name: column, references } of open)
      if (references) later.push({ table: next.schema.name, column, references })
    const columns = next.schema.columns.map((column) => {
      if (!open.includes(column)) return column
      const { references: _, ...rest } = column
      return rest
    })
    done.push({ ...next, schema: { ...next.schema, columns } })
    waiting.delete(next.schema.name)
  }
  return { tables: done, later }
}
