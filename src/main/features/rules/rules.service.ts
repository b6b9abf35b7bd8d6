import type { TableRules } from '@shared/contract/rules.contract'
import { verbs } from '@shared/domain/access-rule'
import type { DatabaseRow, Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import { renewApiSql } from '../keys/keys.sql'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import { tableWithId, type Writer } from '../tables/tables.service'
import { type RulesByTable, rulesOf } from './access'
import { putRulesSql, type RulesRow, selectRulesSql } from './rules.sql'
import { type RulesInput, writeRules } from './stored-rules'

export async function loadRules(tx: Transaction, { project_id }: DatabaseRow): Promise<RulesByTable> {
  const rows = await tx.query<RulesRow>(selectRulesSql(project_id))
  return new Map(rows.map(({ table_id, rules, hidden }) => [table_id, { rules, hidden }]))
}

export async function getRules(tx: Transaction, database: DatabaseRow, tableId: string): Promise<TableRules> {
  const { tables } = await openSchema(tx, database)
  return toRules(await loadRules(tx, database), tableWithId(tables, tableId))
}

export async function listRules(
  tx: Transaction,
  database: DatabaseRow,
): Promise<(TableRules & { readonly table_id: string; readonly table_name: string })[]> {
  const { tables } = await openSchema(tx, database)
  const byTable = await loadRules(tx, database)
  return tables.map((table) => ({
    table_id: table.id,
    table_name: table.schema.name,
    ...toRules(byTable, table),
  }))
}

/** What is left out is closed. */
export async function setRules(
  tx: Transaction,
  { database, principal }: Writer,
  tableId: string,
  input: RulesInput,
): Promise<TableRules> {
  const { tables } = await openSchema(tx, database)
  const table = tableWithId(tables, tableId)
  const stored = writeRules(table, input)
  await tx.execute(putRulesSql(database.project_id, table.id, stored))
  const open = verbs.filter((verb) => stored.rules[verb].allow !== 'none')
  await recordActivity(tx, {
    projectId: database.project_id,
    principal,
    action: 'table.rules',
    sentence: `Set the access rules of ${table.schema.name}: ${open.length === 0 ? 'closed' : `open to ${open.join(', ')}`}.`,
    tableId: table.id,
    kind: 'tables',
  })
  await tx.execute(renewApiSql(database.project_id))
  return toRules(new Map([[table.id, stored]]), table)
}

function toRules(byTable: RulesByTable, table: StoredTable): TableRules {
  const { rules, hidden } = rulesOf(byTable, table)
  return { rules: { ...rules }, ...(hidden.length > 0 ? { hidden: [...hidden] } : {}) }
}
