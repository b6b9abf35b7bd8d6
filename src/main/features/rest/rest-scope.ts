import type { Verb } from '@shared/domain/access-rule'
import { type PlannedColumn, planOf } from '../records/record-plan'
import { type ApiCaller, isVisible, type Permission, permit, type RulesByTable } from '../rules/access'
import type { StoredTable } from '../tables/stored-table'
import { noTable, notPermitted } from './rest-error'

/** What one call may reach: the tables as they are, and the caller that every statement is held to. */
export interface RestScope {
  readonly projectId: string
  readonly tables: readonly StoredTable[]
  readonly rules: RulesByTable
  readonly caller: ApiCaller
}

export function tableAt({ tables }: RestScope, name: string): StoredTable {
  const table = tables.find(({ schema }) => schema.name === name)
  if (!table) throw noTable(name)
  return table
}

/** 42501 when the caller may not do it to any record. */
export function permissionOf({ rules, caller }: RestScope, table: StoredTable, verb: Verb): Permission {
  const permission = permit(rules, table, caller, verb)
  if (permission.kind === 'denied') throw notPermitted(permission.because, caller.role === 'anonymous')
  return permission
}

/** Undefined for what is not there, and for what is hidden from the caller. */
export function visibleColumn(
  { rules, caller }: RestScope,
  table: StoredTable,
  name: string,
): PlannedColumn | undefined {
  const column = planOf(table).byName.get(name)
  return column && isVisible(rules, table, caller, column) ? column : undefined
}

export function visibleColumns({ rules, caller }: RestScope, table: StoredTable): readonly PlannedColumn[] {
  return planOf(table).columns.filter((column) => isVisible(rules, table, caller, column))
}
