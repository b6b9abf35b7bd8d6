import type { JsonValue } from '@shared/json'
import type { StoredTable } from '../tables/stored-table'

/**
 * Postgres names in a plan what it really reads: the relation that all small tables share, or a table's own with columns
 * by their keys. Adds `Table` and `Columns` (those that its conditions look at) to each step that reads one, and writes
 * the names of the columns into its conditions.
 */
export function withTableNames(plan: JsonValue, tables: readonly StoredTable[]): JsonValue {
  if (Array.isArray(plan)) return plan.map((each) => withTableNames(each, tables))
  if (typeof plan !== 'object' || plan === null) return plan
  const entries = Object.entries(plan)
  const table = tableOf(new Map(entries), tables)
  const named = entries.map(([name, value]): [string, JsonValue] => [
    name,
    table !== null && conditions.has(name) && typeof value === 'string'
      ? withColumnNames(value, table)
      : withTableNames(value, tables),
  ])
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
