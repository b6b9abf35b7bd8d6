import { assertNever } from '@shared/assert-never'
import type { AccessRules, KeyScope, Verb } from '@shared/domain/access-rule'
import { typeOf } from '@shared/domain/check-table'
import type { Filter } from '@shared/domain/filter'
import { type SqlQuery, sql } from '../../db/sql'
import { filterSql } from '../records/filter.sql'
import { type PlannedColumn, planOf } from '../records/record-plan'
import { typedColumn, typedValue } from '../tables/column.sql'
import type { StoredTable } from '../tables/stored-table'
import { closed, readRules, type StoredRules } from './stored-rules'

/**
 * The one place where it is decided what an API caller may do. REST, live changes, exports and the tester all ask here,
 * and put the answer into every statement they make: there is no other way from an API key to a record.
 */

export interface ApiCaller {
  readonly role: 'anonymous' | 'user' | 'secret'
  /** The end user's record; null unless the role is `user`. */
  readonly userId: string | null
  /** What the key is limited to, tables by id and null for all; null: nothing beyond the rules. */
  readonly scopes: readonly { readonly table: string | null; readonly verbs: KeyScope['verbs'] }[] | null
}

export type Permission =
  | { readonly kind: 'denied'; readonly because: string }
  | { readonly kind: 'all' }
  | {
      readonly kind: 'some'
      readonly where: (row: string) => SqlQuery
      /** The column that must hold the caller's id; null where only a condition narrows it. */
      readonly owner: PlannedColumn | null
    }

/** Rules by table id; a table that is not there is closed. */
export type RulesByTable = ReadonlyMap<string, StoredRules>

const all: Permission = { kind: 'all' }

export function permit(byTable: RulesByTable, table: StoredTable, caller: ApiCaller, verb: Verb): Permission {
  if (!isInScope(table, caller, verb)) return denied(`This key may not ${verb} records of "${table.schema.name}".`)
  if (caller.role === 'secret') return all
  const rule = rulesOf(byTable, table).rules[verb]
  if (rule === 'none') return denied(`The rule of "${table.schema.name}" lets nobody ${verb}.`)
  if (rule === 'public') return all
  const { userId } = caller
  const needsUser = rule === 'authenticated' || 'owner' in rule || rule.allow === 'authenticated'
  if (needsUser && userId === null) return denied(`The rule of "${table.schema.name}" asks for a sign-in to ${verb}.`)
  if (rule === 'authenticated') return all
  if (!('owner' in rule)) return some(table, null, null, rule.where)
  return some(table, planOf(table).byName.get(rule.owner) ?? null, userId, rule.where)
}

function some(
  table: StoredTable,
  owner: PlannedColumn | null,
  userId: string | null,
  filter: Filter | undefined,
): Permission {
  return {
    kind: 'some',
    owner,
    where(row) {
      const own = owner === null ? null : ownSql(table, owner, userId ?? '', row)
      const matching = filter === undefined ? null : sql`coalesce(${filterSql(table, filter, row)}, false)`
      if (own === null) return matching ?? sql`false`
      return matching === null ? own : sql`(${own} and ${matching})`
    },
  }
}

/** The condition of a permission; nothing at all may be seen of what is denied. */
export function permitted(permission: Permission, row: string): SqlQuery {
  switch (permission.kind) {
    case 'all':
      return sql`true`
    case 'some':
      return permission.where(row)
    case 'denied':
      return sql`false`
    default:
      return assertNever(permission)
  }
}

/** Whether the column exists for the caller. Password hashes exist for nobody. */
export function isVisible(
  byTable: RulesByTable,
  table: StoredTable,
  caller: ApiCaller,
  column: PlannedColumn,
): boolean {
  if (column.isSecret) return false
  if (caller.role === 'secret') return true
  return !rulesOf(byTable, table).hidden.includes(column.name)
}

export function rulesOf(
  byTable: RulesByTable,
  table: StoredTable,
): { readonly rules: AccessRules; readonly hidden: readonly string[] } {
  const stored = byTable.get(table.id) ?? closed
  const known = read.get(stored)
  if (known && known.table === table) return known.rules
  const rules = readRules(table, stored)
  if (stored !== closed) read.set(stored, { table, rules })
  return rules
}

const read = new WeakMap<StoredRules, { readonly table: StoredTable; readonly rules: ReturnType<typeof readRules> }>()

function isInScope(table: StoredTable, { scopes }: ApiCaller, verb: Verb): boolean {
  if (scopes === null) return true
  return scopes.some((scope) => (scope.table === null || scope.table === table.id) && scope.verbs.includes(verb))
}

function ownSql(table: StoredTable, owner: PlannedColumn, userId: string, row: string): SqlQuery {
  const type = typeOf(owner.column)
  return sql`${typedColumn(table, owner.column, row)} = ${typedValue(table, { base: type.base, array: false }, userId)}`
}

function denied(because: string): Permission {
  return { kind: 'denied', because }
}
