import { AppError } from '@shared/app-error'
import { type AccessRules, type Verb, type VerbRule, verbs } from '@shared/domain/access-rule'
import { typeOf } from '@shared/domain/check-table'
import type { Filter } from '@shared/domain/filter'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import type { JsonObject } from '@shared/json'
import { columnsOfFilter, keysOf, mapFilter, namesOf, renamed } from '../records/column-keys'
import { filterSql } from '../records/filter.sql'
import { resolveTarget } from '../records/filter-target'
import type { StoredTable } from '../tables/stored-table'

/** One verb as it is stored: columns by their layout keys. */
export interface StoredRule {
  readonly allow: 'none' | 'public' | 'authenticated' | 'owner'
  readonly column?: string
  readonly where?: Filter
}

export interface StoredRules {
  readonly rules: { readonly [V in Verb]: StoredRule }
  /** Layout keys of columns that only secret keys see. */
  readonly hidden: readonly string[]
}

const none: StoredRule = { allow: 'none' }

export const closed: StoredRules = { rules: { select: none, insert: none, update: none, delete: none }, hidden: [] }

export type VerbRuleInput =
  | 'none'
  | 'public'
  | 'authenticated'
  | { readonly owner: string; readonly where?: Filter | JsonObject | undefined }
  | { readonly allow: 'public' | 'authenticated'; readonly where: Filter | JsonObject }

export type RulesInput = { readonly [V in Verb]?: VerbRuleInput | undefined } & {
  readonly hidden?: readonly string[] | undefined
}

/** VALIDATION for what could never be asked of the table. */
export function writeRules(table: StoredTable, input: RulesInput): StoredRules {
  const written = verbs.map((verb) => [verb, writeRule(table, input[verb] ?? 'none')] as const)
  const hidden = (input.hidden ?? []).map((name) => {
    const { column } = resolveTarget(table, name)
    if (!column) throw new AppError('VALIDATION', `"${name}" is not a column that can be hidden.`)
    return column.key
  })
  return { rules: { ...closed.rules, ...Object.fromEntries(written) }, hidden: [...new Set(hidden)] }
}

/** With today's names. What names a column that is gone is closed: it must not open more than it said. */
export function readRules(
  table: StoredTable,
  { rules, hidden }: StoredRules,
): { readonly rules: AccessRules; readonly hidden: readonly string[] } {
  const names = namesOf(table)
  return {
    rules: {
      select: readRule(names, rules.select),
      insert: readRule(names, rules.insert),
      update: readRule(names, rules.update),
      delete: readRule(names, rules.delete),
    },
    hidden: hidden.flatMap((key) => names.get(key) ?? []),
  }
}

function writeRule(table: StoredTable, rule: VerbRuleInput): StoredRule {
  if (typeof rule === 'string') return { allow: rule }
  const where = rule.where === undefined ? {} : { where: writeWhere(table, rule.where) }
  if ('allow' in rule) return { allow: rule.allow, ...where }
  const column = table.schema.columns.find(({ name }) => name === rule.owner)
  const planned = resolveTarget(table, rule.owner).column
  const type = column && typeOf(column)
  if (!planned || !type || type.array || !['uuid', 'text', 'varchar'].includes(type.base))
    throw new AppError(
      'VALIDATION',
      `The owner column holds the id of an end user, so it is uuid or text; "${rule.owner}" is not.`,
      { details: { column: rule.owner } },
    )
  return { allow: 'owner', column: planned.key, ...where }
}

function writeWhere(table: StoredTable, input: Filter | JsonObject): Filter {
  const filter = normaliseFilter(input)
  filterSql(table, filter)
  const keys = keysOf(table)
  return mapFilter(filter, (name) => renamed(name, keys) ?? name) ?? { and: [] }
}

function readRule(names: ReadonlyMap<string, string>, { allow, column, where }: StoredRule): VerbRule {
  const filter = where && readWhere(names, where)
  if (filter === null) return 'none'
  if (allow === 'owner') {
    const owner = column === undefined ? undefined : names.get(column)
    return owner === undefined ? 'none' : { owner, ...(filter && { where: filter }) }
  }
  return allow === 'none' || filter === undefined ? allow : { allow, where: filter }
}

/** Null where a column of it is gone. */
function readWhere(names: ReadonlyMap<string, string>, where: Filter): Filter | null {
  if (columnsOfFilter(where).some((path) => renamed(path, names) === null)) return null
  return mapFilter(where, (path) => renamed(path, names)) ?? { and: [] }
}
