import { AppError } from '@shared/app-error'
import { labelColumn } from '@shared/domain/label-column'
import { normaliseFilter } from '@shared/domain/normalise-filter'
import type { JsonValue } from '@shared/json'
import type { DatabaseRow, Transaction } from '../../db/database'
import { openSchema } from '../tables/open-schema.service'
import { tableNamed } from '../tables/tables.service'
import { type Asked, askedTable, checkText, shownColumn } from './asked-table'
import { type ChoiceRow, choicesSql, completionLimit, type ValueRow, valuesSql } from './completion.sql'

interface Searched {
  readonly column: string
  readonly search?: string | undefined
  readonly limit: number
}

export async function completeValues(
  tx: Transaction,
  database: DatabaseRow,
  { search = '', limit, ...asked }: Asked & Searched,
): Promise<{ values: { value: JsonValue; count: number }[]; partial: boolean }> {
  checkText(search)
  const at = await askedTable(tx, database, asked.tableName)
  const column = shownColumn(at.table, asked.column)
  const rows = await tx.query<ValueRow>(valuesSql(at, normaliseFilter(asked.filters), column, { search, limit }))
  return {
    values: rows.map(({ value, count }) => ({ value, count })),
    partial: (rows[0]?.looked ?? 0) > completionLimit,
  }
}

export interface Choices {
  readonly table: string
  readonly key: string
  readonly label: string | null
  readonly choices: ChoiceRow[]
  readonly more: boolean
}

/** Of the table that the column points to. VALIDATION when it points nowhere. */
export async function listChoices(
  tx: Transaction,
  database: DatabaseRow,
  { tableName, column: name, search = '', limit }: Searched & { readonly tableName: string },
): Promise<Choices> {
  checkText(search)
  const { tables } = await openSchema(tx, database)
  const { references } = shownColumn(tableNamed(tables, tableName), name).column
  if (!references)
    throw new AppError('VALIDATION', `Column "${name}" of table "${tableName}" is no reference.`, {
      details: { table: tableName, column: name },
    })
  const table = tableNamed(tables, references.table)
  const key = shownColumn(table, references.column)
  const known = labelColumn(table.schema)
  const label = known && known.name !== key.name ? shownColumn(table, known.name) : null
  const at = { projectId: database.project_id, table }
  const rows = await tx.query<ChoiceRow>(choicesSql(at, key, label, { search, limit: limit + 1 }))
  return {
    table: table.schema.name,
    key: key.name,
    label: label?.name ?? null,
    choices: rows.slice(0, limit),
    more: rows.length > limit,
  }
}
