import { AppError } from '@shared/app-error'
import { findColumn } from '@shared/domain/apply-edit'
import { isUniqueColumn, typeOf } from '@shared/domain/check-table'
import { columnDefault, nowAs } from '@shared/domain/column-default'
import { wideningOf } from '@shared/domain/convert-value'
import { type ColumnSchema, primaryKeyOf, type TableSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import type { Transaction } from '../../db/database'
import { fillUuidsSql } from './column-values.sql'
import type { Effect, TableEdit } from './edit-effect'
import { referringColumn, uniqueColumns } from './edit-effects.service'
import { keyRulesOf } from './key-rule'
import { deleteKeysSql, insertKeysSql } from './keys.sql'
import { type Layout, placeOf, withColumn, withoutColumn, withoutMissing, withRenamedColumn } from './layout'
import { addColumnSql, type Filling, renameColumnSql, setRequiredSql } from './physical-edit.sql'
import { retypeColumn } from './retype-column.service'
import { referrersOf, type StoredTable } from './stored-table'
import { tableNamed, tableWithId } from './tables.service'

export interface EditState {
  readonly projectId: string
  readonly now: string
  readonly tables: readonly StoredTable[]
  /** What the views read, by the names that the columns of a dedicated relation have now. */
  readonly viewed: readonly StoredTable[]
  /** Columns of dedicated relations that go as soon as no view reads them, by the table's id. */
  readonly leaving: ReadonlyMap<string, readonly string[]>
}

/** The tables as the edit leaves them in the catalogue. */
export function editedTables(
  { tables, now }: Pick<EditState, 'tables' | 'now'>,
  edit: TableEdit,
  schemas: readonly TableSchema[],
): readonly StoredTable[] {
  const table = tableNamed(tables, edit.table)
  const layout = nextLayout(table, edit, now)
  return tables.map((old, index) => {
    const schema = schemas[index] ?? old.schema
    const isSame = JSON.stringify(schema) === JSON.stringify(old.schema)
    if (old === table) return { ...old, schema, layout }
    return isSame ? old : { ...old, schema }
  })
}

/** Does the edit to the records, and answers the state after it. The catalogue is written at the end, by the caller. */
export async function writeEdit(
  tx: Transaction,
  state: EditState,
  edit: TableEdit,
  schemas: readonly TableSchema[],
): Promise<EditState> {
  const table = tableNamed(state.tables, edit.table)
  const tables = editedTables(state, edit, schemas)
  const edited = tableWithId(tables, table.id)
  const next = { ...state, tables }
  const isDedicated = table.storage.tier === 'dedicated'
  const written = isDedicated
    ? await writePhysical(tx, next, edit, table, edited)
    : await writeShared(tx, next, edit, table, edited)
  if (edit.type === 'changeType') await checkRetyped(tx, written, edited, edit.column)
  if (!isDedicated) await writeKeys(tx, state.projectId, table, edited, edit)
  return written
}

async function writeShared(
  tx: Transaction,
  state: EditState,
  edit: TableEdit,
  table: StoredTable,
  edited: StoredTable,
): Promise<EditState> {
  const { projectId } = state
  if (edit.type === 'addColumn' && columnDefault(edit.column).kind === 'uuid')
    await tx.execute(fillUuidsSql(projectId, edited, edit.column))
  if (edit.type === 'changeType') {
    const [column, to] = [findColumn(table.schema, edit.column), findColumn(edited.schema, edit.column)]
    await retypeColumn(tx, { projectId, table, column, to }, edited)
  }
  return state
}

/** The columns of the relation; its indexes follow at the end. */
async function writePhysical(
  tx: Transaction,
  state: EditState,
  edit: TableEdit,
  table: StoredTable,
  edited: StoredTable,
): Promise<EditState> {
  if (table.storage.tier !== 'dedicated') return state
  const { relation } = table.storage
  switch (edit.type) {
    case 'addColumn': {
      const column = findColumn(edited.schema, edit.column.name)
      const { key, missing = null } = placeOf(edited.layout, column.name)
      const isUuid = columnDefault(column).kind === 'uuid'
      const filling: Filling = isUuid ? { kind: 'uuid' } : { kind: 'value', value: missing }
      const added = { key, type: typeOf(column), required: column.required === true, filling }
      for (const statement of addColumnSql(relation, added)) await tx.execute(statement)
      return state
    }
    case 'dropColumn':
      return withLeaving(state, table, placeOf(table.layout, edit.column).key)
    case 'setRequired': {
      const { key } = placeOf(table.layout, edit.column)
      await tx.execute(setRequiredSql(relation, key, edit.required))
      return state
    }
    case 'changeType':
      return retypePhysical(tx, state, relation, edit.column, [table, edited])
    default:
      return state
  }
}

/**
 * The values move to a new column of the same key. Views hold on to the old one, which takes another name; a new type
 * of the column itself would be refused while they read it.
 */
async function retypePhysical(
  tx: Transaction,
  state: EditState,
  relation: string,
  name: string,
  [table, edited]: readonly [StoredTable, StoredTable],
): Promise<EditState> {
  const [column, to] = [findColumn(table.schema, name), findColumn(edited.schema, name)]
  const { key } = placeOf(table.layout, name)
  const old = `_old_${state.leaving.get(table.id)?.length ?? 0}`
  await tx.execute(renameColumnSql(relation, key, old))
  const added = { key, type: typeOf(to), required: false, filling: { kind: 'nothing' } as const }
  for (const statement of addColumnSql(relation, added)) await tx.execute(statement)
  const from = withKey(table, key, old)
  await retypeColumn(tx, { projectId: state.projectId, table: from, column, to }, edited)
  if (to.required === true || to.primary_key === true) await tx.execute(setRequiredSql(relation, key, true))
  const viewed = state.viewed.map((seen) => (seen.id === table.id ? withKey(seen, key, old) : seen))
  return withLeaving({ ...state, viewed }, table, old)
}

function withLeaving(state: EditState, { id }: StoredTable, key: string): EditState {
  return { ...state, leaving: new Map(state.leaving).set(id, [...(state.leaving.get(id) ?? []), key]) }
}

function withKey(table: StoredTable, from: string, to: string): StoredTable {
  const columns = Object.entries(table.layout.columns).map(
    ([name, place]) => [name, place.key === from ? { ...place, key: to } : place] as const,
  )
  return { ...table, layout: { ...table.layout, columns: Object.fromEntries(columns) } }
}

/** New values may clash, or no longer be what others point to. */
async function checkRetyped(
  tx: Transaction,
  { projectId, tables }: EditState,
  edited: StoredTable,
  name: string,
): Promise<void> {
  const to = findColumn(edited.schema, name)
  for (const { columns } of keyRulesOf(edited))
    if (columns.some((column) => column.name === name))
      refuseAs(to, 'unique', await uniqueColumns(tx, projectId, edited, columns))
  const pointing = referrersOf(tables, edited.schema.name).filter(({ target }) => target === name)
  const pairs = [...pointing, ...(to.references ? [{ table: edited, column: to }] : [])]
  for (const pair of pairs)
    refuseAs(to, 'reference', await referringColumn(tx, { projectId, tables }, pair.table, pair.column))
}

/** The unique values of the shared tier, of the rules that came or went and of those whose values are new. */
async function writeKeys(
  tx: Transaction,
  projectId: string,
  table: StoredTable,
  edited: StoredTable,
  edit: TableEdit,
): Promise<void> {
  const isRetyped = ({ name }: ColumnSchema) => edit.type === 'changeType' && edit.column === name
  const [before, after] = [keyRulesOf(table), keyRulesOf(edited)]
  const kept = new Set(
    after
      .filter(({ rule, columns }) => before.some((old) => old.rule === rule) && !columns.some(isRetyped))
      .map(({ rule }) => rule),
  )
  const gone = before.filter(({ rule }) => !kept.has(rule)).map(({ rule }) => rule)
  if (gone.length > 0) await tx.execute(deleteKeysSql(projectId, table.id, gone))
  for (const rule of after) if (!kept.has(rule.rule)) await tx.execute(insertKeysSql(projectId, edited, rule))
}

/** Whether a new type could make values clash, or miss what they point to: that shows only once they are written. */
export function needsTrial({ tables }: EditState, edit: TableEdit): boolean {
  if (edit.type !== 'changeType') return false
  const { schema } = tableNamed(tables, edit.table)
  const column = findColumn(schema, edit.column)
  const isInSet = (schema.unique ?? []).some((names) => names.includes(column.name))
  const isInKey = column.primary_key === true && primaryKeyOf(schema).length > 1
  return isUniqueColumn(schema, column) || isInSet || isInKey || column.references !== undefined
}

function refuseAs(column: ColumnSchema, constraint: 'unique' | 'reference', effect: Effect): void {
  if (!effect.refusedBy) return
  const { affected, examples } = effect
  throw new AppError('CONSTRAINT', `As ${column.type}: ${effect.sentence}`, {
    details: { column: column.name, constraint, affected, examples },
  })
}

function nextLayout({ schema, layout }: StoredTable, edit: TableEdit, now: string): Layout {
  switch (edit.type) {
    case 'addColumn':
      return withColumn(layout, edit.column.name, missingValue(edit.column, now))
    case 'dropColumn':
      return withoutColumn(layout, edit.column)
    case 'renameColumn':
      return edit.column === edit.name ? layout : withRenamedColumn(layout, edit.column, edit.name)
    case 'changeType': {
      const column = findColumn(schema, edit.column)
      const widening = wideningOf(typeOf(column), typeOf({ ...column, type: edit.to }))
      return widening === 'same' ? layout : withoutMissing(layout, edit.column)
    }
    default:
      return layout
  }
}

/** now() of an added column is the moment it was added, for all records that exist. */
function missingValue(column: ColumnSchema, now: string): JsonValue {
  const fallback = columnDefault(column)
  if (fallback.kind === 'now') return nowAs(typeOf(column), now)
  return fallback.kind === 'value' ? fallback.value : null
}
