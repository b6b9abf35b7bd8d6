import { AppError } from '@shared/app-error'
import { name } from '@shared/contract/fields'
import { verbRuleInput } from '@shared/contract/rules.contract'
import { type AccessRules, type Verb, type VerbRule, verbs } from '@shared/domain/access-rule'
import type { Condition, Filter } from '@shared/domain/filter'
import type { TableSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { z } from 'zod'
import type { DatabaseRow, Transaction } from '../../db/database'
import { listRules, setRules } from '../rules/rules.service'
import { loadTables, type Writer } from '../tables/tables.service'
import { qualified, quoteName, quoteText } from './plain-ddl'

/** Who may do what to a table's records: as policies of plain Postgres, and as the studio reads them again. */
export interface PlainRules {
  readonly rules: AccessRules
  readonly hidden?: readonly string[] | undefined
}

/** Of tables that are open to somebody, by the table's id. */
export async function readRules(tx: Transaction, database: DatabaseRow): Promise<ReadonlyMap<string, PlainRules>> {
  const all = await listRules(tx, database)
  return new Map(
    all
      .filter(({ rules, hidden }) => verbs.some((verb) => rules[verb] !== 'none') || (hidden ?? []).length > 0)
      .map(({ table_id, rules, hidden }) => [table_id, { rules, ...(hidden ? { hidden } : {}) }]),
  )
}

/** Closed by default, as here: a table without policies shows its records to its owner only. */
export function policyTexts(table: TableSchema, plain: PlainRules | undefined): readonly string[] {
  const at = qualified(table.name)
  return [
    `ALTER TABLE ${at} ENABLE ROW LEVEL SECURITY;\n`,
    ...verbs.flatMap((verb) => {
      const rule = plain?.rules[verb] ?? 'none'
      if (rule === 'none') return []
      const test = testText(rule)
      return [`CREATE POLICY ${quoteName(`may_${verb}`)} ON ${at} FOR ${verb.toUpperCase()} ${clauses[verb](test)};\n`]
    }),
  ]
}

const clauses: Readonly<Record<Verb, (test: string) => string>> = {
  select: (test) => `USING (${test})`,
  insert: (test) => `WITH CHECK (${test})`,
  update: (test) => `USING (${test}) WITH CHECK (${test})`,
  delete: (test) => `USING (${test})`,
}

/** The application says who asks: `set app.user_id = '<id>'`. */
const person = `nullif(current_setting('app.user_id', true), '')`

function testText(rule: Exclude<VerbRule, 'none'>): string {
  if (rule === 'public') return 'true'
  if (rule === 'authenticated') return `${person} IS NOT NULL`
  const who = 'owner' in rule ? `${quoteName(rule.owner)}::text = ${person}` : testText(rule.allow)
  return rule.where === undefined ? who : `${who} AND ${filterText(rule.where)}`
}

function filterText(filter: Filter): string {
  if ('and' in filter) return filter.and.length === 0 ? 'true' : `(${filter.and.map(filterText).join(' AND ')})`
  if ('or' in filter) return filter.or.length === 0 ? 'false' : `(${filter.or.map(filterText).join(' OR ')})`
  if ('not' in filter) return `(NOT ${filterText(filter.not)})`
  return conditionText(filter)
}

const signs: Readonly<Partial<Record<Condition['op'], string>>> = {
  eq: '=',
  neq: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  like: 'LIKE',
  ilike: 'ILIKE',
}

/** What plain SQL has no short word for is closed rather than open. */
function conditionText({ column, op, value }: Condition): string {
  if (column.includes('.')) return 'false'
  const left = quoteName(column)
  const sign = signs[op]
  if (sign !== undefined) return value === null ? 'false' : `(${left} ${sign} ${literal(value)})`
  if (op === 'is') return value === null ? `(${left} IS NULL)` : `(${left} = ${literal(value)})`
  if (op === 'in' && Array.isArray(value))
    return value.length === 0 ? 'false' : `(${left} IN (${value.map(literal).join(', ')}))`
  if (op === 'starts_with' && typeof value === 'string') return `(starts_with(${left}, ${literal(value)}))`
  return 'false'
}

function literal(value: JsonValue): string {
  return quoteText(typeof value === 'string' ? value : JSON.stringify(value))
}

const written = z.object({
  select: verbRuleInput,
  insert: verbRuleInput,
  update: verbRuleInput,
  delete: verbRuleInput,
})
const stored = z.object({ rules: written, hidden: z.array(name).optional() })

/** Rules of a file of the studio; what no longer fits is said. */
export async function applyRules(
  tx: Transaction,
  writer: Writer,
  all: readonly { readonly table: string; readonly rules: unknown }[],
): Promise<readonly string[]> {
  const tables = await loadTables(tx, writer.database.id)
  const notes: string[] = []
  for (const { table: tableName, rules } of all) {
    const table = tables.find(({ schema }) => schema.name === tableName)
    const parsed = stored.safeParse(rules)
    if (!table || !parsed.success) {
      notes.push(`The access rules of "${tableName}" are not taken over: the table stays closed.`)
      continue
    }
    try {
      await setRules(tx, writer, table.id, { ...parsed.data.rules, hidden: parsed.data.hidden })
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'VALIDATION') throw error
      notes.push(`The access rules of "${tableName}" are not taken over: ${error.message}`)
    }
  }
  return notes
}
