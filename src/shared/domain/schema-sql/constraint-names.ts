import { uniqueSetKey } from '../check-table'
import type { DatabaseSchema } from '../schema-edit'
import { primaryKeyOf, type TableSchema } from '../table-schema'

export interface NamedConstraint {
  readonly table: string
  readonly kind: 'key' | 'unique' | 'reference'
  readonly columns: readonly string[]
  readonly name: string
  /** Postgres gives the same one where none is written. */
  readonly isUsual: boolean
}

/**
 * What the constraints of a schema are called in plain Postgres. The names follow from the schema alone, so that any
 * statement can name a constraint that any other has made: as Postgres chooses them itself, but with a mark where that
 * would be too long or where two would be called the same.
 */
export function constraintsOf(schema: DatabaseSchema): readonly NamedConstraint[] {
  const all = schema.tables.flatMap(plainConstraints)
  const taken = new Map<string, number>(schema.tables.map(({ name }) => [name, 1]))
  // Keys and unique rules are relations beside the tables; and of two references Postgres would number one.
  for (const { base } of all) taken.set(base, (taken.get(base) ?? 0) + 1)
  return all.map(({ base, ...constraint }) => {
    const isUsual = base.length <= longestName && taken.get(base) === 1
    return { ...constraint, name: isUsual ? base : marked(base, constraint), isUsual }
  })
}

/** What is unique beside the key; that the key is so too is no rule of its own, and Postgres leaves it out. */
export function uniqueSetsOf(table: TableSchema): readonly (readonly string[])[] {
  const key = uniqueSetKey(primaryKeyOf(table).map(({ name }) => name))
  const single = table.columns.filter(({ unique }) => unique === true).map(({ name }) => [name])
  return [...single, ...(table.unique ?? [])].filter((names) => uniqueSetKey(names) !== key)
}

export function constraintKey({ kind, columns }: Pick<NamedConstraint, 'kind' | 'columns'>): string {
  return kind === 'unique' ? `${kind}:${uniqueSetKey(columns)}` : `${kind}:${columns.join(',')}`
}

type Unnamed = Omit<NamedConstraint, 'name' | 'isUsual'> & { readonly base: string }

function plainConstraints(table: TableSchema): readonly Unnamed[] {
  const key = primaryKeyOf(table).map(({ name }) => name)
  const of = (kind: NamedConstraint['kind'], columns: readonly string[]): Unnamed => ({
    table: table.name,
    kind,
    columns,
    base: kind === 'key' ? `${table.name}_pkey` : `${table.name}_${columns.join('_')}_${endings[kind]}`,
  })
  return [
    ...(key.length > 0 ? [of('key', key)] : []),
    ...uniqueSetsOf(table).map((names) => of('unique', names)),
    ...table.columns.filter(({ references }) => references).map(({ name }) => of('reference', [name])),
  ]
}

const endings = { unique: 'key', reference: 'fkey' } as const
const longestName = 63

function marked(base: string, { table, kind, columns }: Omit<NamedConstraint, 'name' | 'isUsual'>): string {
  const mark = hash(`${table}/${kind}/${columns.join('/')}`)
  return `${base.slice(0, longestName - mark.length - 1)}_${mark}`
}

/** FNV-1a, 32 bits: enough to tell apart what is called the same within one schema. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    value ^= text.charCodeAt(index)
    value = Math.imul(value, 0x01000193) >>> 0
  }
  return value.toString(16).padStart(8, '0')
}
