import { namePattern } from '@shared/domain/table-schema'

/** `ShippingAddress`, `shipping address` and `ShippingADDRESS` are all shipping_address; null when no letter is left. */
export function snakeCase(name: string, prefix: string): string | null {
  const words = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll('æ', 'ae')
    .replaceAll('ø', 'o')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  if (!/[a-z]/.test(words)) return null
  const named = (/^\d/.test(words) ? `${prefix}_${words}` : words).slice(0, 63).replace(/_+$/, '')
  return namePattern.test(named) ? named : null
}

/** A table whose name is a word of SQL gets its plural; a column a word beside it. */
export function tableNameOf(raw: string): string | null {
  // `public.orders`, `"orders"`
  const name = snakeCase(raw.replace(/^["'`]?public["'`]?\./i, ''), 'table')
  if (name === null || !reserved.has(name)) return name
  const plural = pluralOf(name)
  return reserved.has(plural) ? `${name}_records` : plural
}

export function columnNameOf(raw: string): string | null {
  const name = snakeCase(raw, 'column')
  if (name === null || !reserved.has(name)) return name
  return (better.get(name) ?? `${name}_value`).slice(0, 63)
}

const better = new Map(
  Object.entries({
    order: 'position',
    desc: 'description',
    group: 'group_name',
    user: 'user_name',
    table: 'table_name',
    column: 'column_name',
    from: 'starts_at',
    to: 'ends_at',
    end: 'ends_at',
    when: 'happens_at',
    check: 'is_checked',
    unique: 'is_unique',
    primary: 'is_primary',
    default: 'is_default',
    current_date: 'date',
  }),
)

/** Words that Postgres takes for itself (appendix C of its manual), and that would have to be quoted in every query. */
const reserved = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column
  concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from
  full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime
  localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right
  select session_user similar some symmetric system_user table tablesample then to trailing true union unique user using
  variadic verbose when where window with`.split(/\s+/),
)

export function isReserved(name: string): boolean {
  return reserved.has(name)
}

/** Of the last word. Plain English, and good enough to find a table by the name of one of its records. */
export function pluralOf(name: string): string {
  const odd = irregular.get(name)
  if (odd !== undefined) return odd
  if (unchanging.test(name)) return name
  if (/[^aeiou]y$/.test(name)) return name.replace(/y$/, 'ies')
  if (/(s|x|z|ch|sh)$/.test(name)) return `${name}es`
  return `${name}s`
}

const irregular = new Map(
  Object.entries({
    person: 'people',
    child: 'children',
    man: 'men',
    woman: 'women',
    mouse: 'mice',
    index: 'indices',
  }),
)
const unchanging =
  /(^|_)(news|series|species|staff|equipment|information|data|media|inventory|feedback|history|content|stock)$/

/** The one of `names` that is this name, or its plural, or whose plural it is. */
export function sameName(name: string, names: readonly string[]): string | undefined {
  return (
    names.find((each) => each === name) ??
    names.find((each) => each === pluralOf(name)) ??
    names.find((each) => pluralOf(each) === name)
  )
}
