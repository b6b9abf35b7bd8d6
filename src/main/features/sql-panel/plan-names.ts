import type { JsonValue } from '@shared/json'
import type { StoredTable } from '../tables/stored-table'

/**
 * Postgres names in a plan what it really reads: the relation that all small tables share, or a table's own with columns
 * by their keys. Adds `Table` and `Columns` (those that its conditions look at) to each step that reads one, writes the
 * names of the columns into its conditions, and leaves out those by which a project finds its own rows.
 */
export function withTableNames(plan: JsonValue, tables: readonly StoredTable[]): JsonValue {
  if (Array.isArray(plan)) return plan.map((each) => withTableNames(each, tables))
  if (typeof plan !== 'object' || plan === null) return plan
  const entries = Object.entries(plan)
  const table = tableOf(new Map(entries), tables)
  const named = entries.flatMap(([name, value]): readonly [string, JsonValue][] => {
    if (table === null || !conditions.has(name) || typeof value !== 'string')
      return [[name, withTableNames(value, tables)]]
    const asked = withoutTenant(value)
    return asked === '' ? [] : [[name, withColumnNames(asked, table)]]
  })
  if (table === null) return Object.fromEntries(named)
  const looked = named.flatMap(([name, value]) => (conditions.has(name) ? [String(value)] : [])).join(' ')
  const columns = table.schema.columns.map(({ name }) => name).filter((name) => hasWord(looked, name))
  return { ...Object.fromEntries(named), Table: table.schema.name, Columns: columns }
}

const conditions = new Set(['Filter', 'Index Cond', 'Recheck Cond', 'Join Filter', 'Hash Cond', 'Merge Cond'])

function tableOf(node: ReadonlyMap<string, JsonValue>, tables: readonly StoredTable[]): StoredTable | null {
  const relation = node.get('Relation Name')
  if (typeof relation !== 'string') return null
  if (relation !== 'project_data')
    return tables.find(({ storage }) => storage.tier === 'dedicated' && storage.relation === relation) ?? null
  const text = [...node].flatMap(([name, value]) => (conditions.has(name) ? [String(value)] : [])).join(' ')
  return tables.find(({ id }) => text.includes(id)) ?? null
}

/** `((project_id = '...'::uuid) AND (table_id = '...'::uuid) AND (a = b))` is `(a = b)`. */
function withoutTenant(condition: string): string {
  const left = condition.replace(/\((?:\w+\.)?(?:project_id|table_id) = '[0-9a-f-]{36}'::uuid\)(?: AND )?/g, '')
  if (left === condition) return condition
  const inner = left.replace(/ AND \)$/, ')')
  return isWrapped(inner) && (inner === '()' || isWrapped(inner.slice(1, -1))) ? inner.slice(1, -1) : inner
}

/** Whether the first bracket is closed by the last. */
function isWrapped(text: string): boolean {
  if (!text.startsWith('(') || !text.endsWith(')')) return false
  let depth = 0
  for (const [at, sign] of [...text].entries()) {
    if (sign === '(') depth += 1
    if (sign === ')') depth -= 1
    if (depth === 0 && at < text.length - 1) return false
  }
  return true
}

function withColumnNames(condition: string, { layout, schema }: StoredTable): string {
  return schema.columns.reduce((text, { name }) => {
    const key = layout.columns[name]?.key
    if (key === undefined) return text
    const escaped = key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    return text
      .replace(new RegExp(`\\(?\\w*\\.?data ->> '${escaped}'::text\\)?`, 'g'), name)
      .replace(new RegExp(`(?<![\\w"'])"?${escaped}"?(?![\\w"'])`, 'g'), name)
  }, condition)
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w"'])${word}(?![\\w"'])`).test(text)
}
