import { AppError } from '@shared/app-error'
import { type SavedView, viewLimit } from '@shared/contract/views.contract'
import { showValue } from '@shared/domain/text-problem'
import type { DatabaseRow, Transaction } from '../../db/database'
import { violatedConstraint } from '../../db/pg-error'
import { recordActivity } from '../audit/record-activity'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import { tableWithId, type Writer } from '../tables/tables.service'
import { type DefinitionInput, readDefinition, type ViewDefinition, writeDefinition } from './view-definition'
import {
  deleteViewSql,
  insertViewSql,
  selectViewSql,
  selectViewsSql,
  updateViewSql,
  type ViewRow,
  type ViewsAt,
} from './views.sql'

const nothing: ViewDefinition = { filter: null, sort: [], columns: [] }

export async function listViews(tx: Transaction, database: DatabaseRow, tableId: string): Promise<SavedView[]> {
  const { at, table } = await openViews(tx, database, tableId)
  const rows = await tx.query<ViewRow>(selectViewsSql(at))
  return rows.map((row) => toView(table, row))
}

export async function createView(
  tx: Transaction,
  writer: Writer,
  { tableId, name, ...input }: DefinitionInput & { readonly tableId: string; readonly name: string },
): Promise<SavedView> {
  const { at, table } = await openViews(tx, writer.database, tableId)
  const known = await tx.query<ViewRow>(selectViewsSql(at))
  if (known.length >= viewLimit)
    throw new AppError('CONFLICT', `A table has at most ${viewLimit} views. Delete one that nobody uses.`)
  const definition = writeDefinition(table, input, nothing)
  const [row] = await tx.query<ViewRow>(insertViewSql(at, { name, definition }))
  if (!row) throw taken(name)
  await note(tx, writer, table, 'table.saveView', `Saved the view ${showValue(name)} of ${table.schema.name}.`)
  return toView(table, row)
}

export async function updateView(
  tx: Transaction,
  writer: Writer,
  input: DefinitionInput & {
    readonly tableId: string
    readonly viewId: string
    readonly name?: string | undefined
  },
): Promise<SavedView> {
  const { at, table } = await openViews(tx, writer.database, input.tableId)
  const [known] = await tx.query<ViewRow>(selectViewSql(at, input.viewId))
  if (!known) throw noView()
  const { id, name = known.name } = { id: known.id, name: input.name }
  const definition = writeDefinition(table, input, known.definition)
  const [row] = await tx.query<ViewRow>(updateViewSql(at, { id, name, definition })).catch((error: unknown) => {
    throw violatedConstraint(error) === 'saved_views_name' ? taken(name) : error
  })
  if (!row) throw noView()
  await note(tx, writer, table, 'table.saveView', `Saved the view ${showValue(name)} of ${table.schema.name}.`)
  return toView(table, row)
}

export async function deleteView(
  tx: Transaction,
  writer: Writer,
  { tableId, viewId }: { readonly tableId: string; readonly viewId: string },
): Promise<void> {
  const { at, table } = await openViews(tx, writer.database, tableId)
  const [row] = await tx.query<ViewRow>(deleteViewSql(at, viewId))
  if (!row) throw noView()
  await note(tx, writer, table, 'table.deleteView', `Deleted the view ${showValue(row.name)} of ${table.schema.name}.`)
}

async function openViews(
  tx: Transaction,
  database: DatabaseRow,
  tableId: string,
): Promise<{ readonly at: ViewsAt; readonly table: StoredTable }> {
  const { tables } = await openSchema(tx, database)
  const table = tableWithId(tables, tableId)
  return { at: { projectId: database.project_id, tableId: table.id }, table }
}

function toView(table: StoredTable, { id, name, definition, created_at, updated_at }: ViewRow): SavedView {
  return { id, name, ...readDefinition(table, definition), created_at, updated_at }
}

async function note(
  tx: Transaction,
  { database, principal }: Writer,
  table: StoredTable,
  action: string,
  sentence: string,
): Promise<void> {
  const { project_id: projectId } = database
  await recordActivity(tx, { projectId, principal, action, sentence, tableId: table.id, kind: 'tables' })
}

function taken(name: string): AppError {
  return new AppError('CONFLICT', `This table has a view ${showValue(name)} already. Choose another name.`, {
    details: { name },
  })
}

function noView(): AppError {
  return new AppError('NOT_FOUND', 'There is no such view of this table. It may have been deleted.')
}
