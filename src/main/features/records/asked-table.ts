import { AppError } from '@shared/app-error'
import type { Filter } from '@shared/domain/filter'
import { showValue, textProblem } from '@shared/domain/text-problem'
import type { JsonObject } from '@shared/json'
import type { DatabaseRow, Transaction } from '../../db/database'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import { tableNamed } from '../tables/tables.service'
import { resolveTarget } from './filter-target'
import type { TableAt } from './page.sql'
import { type PlannedColumn, planOf } from './record-plan'

/** What every question about a table's records says. */
export interface Asked {
  readonly tableName: string
  readonly filters?: Filter | JsonObject | undefined
}

export async function askedTable(tx: Transaction, database: DatabaseRow, tableName: string): Promise<TableAt> {
  const { tables } = await openSchema(tx, database)
  return { projectId: database.project_id, table: tableNamed(tables, tableName) }
}

/** VALIDATION when there is no such column, FORBIDDEN when it is secret. */
export function shownColumn(table: StoredTable, name: string): PlannedColumn {
  const { column } = resolveTarget(table, name)
  if (!column) throw new Error(`No column ${name}`)
  return column
}

/** These, each once, or all that may be seen. */
export function shownColumns(table: StoredTable, names: readonly string[] | undefined): readonly PlannedColumn[] {
  if (names === undefined) return planOf(table).columns.filter(({ isSecret }) => !isSecret)
  return [...new Set(names)].map((name) => shownColumn(table, name))
}

/** VALIDATION for what no text of a record can hold. */
export function checkText(text: string): void {
  const problem = textProblem(text)
  if (problem) throw new AppError('VALIDATION', `Nothing can be found by ${showValue(text)}: it ${problem}.`)
}
