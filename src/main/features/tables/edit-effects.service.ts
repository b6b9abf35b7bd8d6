import { AppError } from '@shared/app-error'
import { assertNever } from '@shared/assert-never'
import { findColumn } from '@shared/domain/apply-edit'
import { columnDefault } from '@shared/domain/column-default'
import { describeEdit, together } from '@shared/domain/describe-edit'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { showValue } from '@shared/domain/text-problem'
import type { JsonValue } from '@shared/json'
import type { Transaction } from '../../db/database'
import type { SqlQuery } from '../../db/sql'
import { countEmptySql, countFilledSql, countRecordsSql, danglingSql, duplicatesSql } from './column-values.sql'
import { type Effect, harmless, many, type TableEdit, verb } from './edit-effect'
import { type Retyping, retypeColumn } from './retype-column.service'
import { referrersOf, type StoredTable } from './stored-table'
import { tableNamed } from './tables.service'

export interface EditedDatabase {
  readonly projectId: string
  readonly tables: readonly StoredTable[]
}

/** Looks at the records that exist; changes nothing. */
export async function effectOf(
  tx: Transaction,
  { projectId, tables }: EditedDatabase,
  edit: TableEdit,
): Promise<Effect> {
  const table = tableNamed(tables, edit.table)
  const { name } = table.schema
  const column = 'column' in edit && typeof edit.column === 'string' ? findColumn(table.schema, edit.column) : null
  switch (edit.type) {
    case 'renameTable': {
      const followers = referrersOf(tables, name).length
      const note = followers === 0 ? '' : ` ${many(followers, 'reference')} ${verb(followers, 'follows', 'follow')}.`
      return harmless(`Renames table "${name}" to "${edit.name}".${note}`)
    }
    case 'addColumn':
      return addedColumn(tx, projectId, table, edit.column)
    case 'dropColumn': {
      const count = await countOf(tx, countFilledSql(projectId, table, present(column)))
      const what = count === 0 ? 'which has no values' : `and removes its ${many(count, 'value')}`
      const sets = (table.schema.unique ?? []).filter((names) => names.includes(edit.column))
      const rules = sets.map((names) => ` ${together(names)} need no longer be unique together.`).join('')
      const lost = count === 0 ? null : `The ${many(count, 'value')} of "${edit.column}" cannot be brought back.`
      return { ...harmless(`Drops column "${edit.column}" of "${name}", ${what}.${rules}`), affected: count, lost }
    }
    case 'renameColumn':
      return harmless(`Renames column "${edit.column}" of "${name}" to "${edit.name}". All values stay.`)
    case 'moveColumn':
      return harmless(`Moves column "${edit.column}" of "${name}". All values stay.`)
    case 'changeType': {
      const from = present(column)
      const to = { ...from, type: edit.to }
      return retyped(from, edit, await retypeColumn(tx, { projectId, table, column: from, to }, null))
    }
    case 'setRequired': {
      if (!edit.required) return harmless(`Column "${edit.column}" of "${name}" may be empty.`)
      const empty = await countOf(tx, countEmptySql(projectId, table, present(column)))
      if (empty === 0) return harmless(`Column "${edit.column}" of "${name}" must be filled; every record has a value.`)
      return {
        sentence: `${many(empty, 'record')} of "${name}" ${verb(empty, 'has', 'have')} no value in "${edit.column}", so it cannot be required. Fill ${verb(empty, 'it', 'them')} first.`,
        affected: empty,
        refusedBy: 'required',
        examples: [],
        lost: null,
      }
    }
    case 'setUnique':
      return edit.unique
        ? uniqueColumns(tx, projectId, table, [present(column)])
        : harmless(`Values of column "${edit.column}" of "${name}" may repeat.`)
    case 'addUnique':
      return uniqueColumns(
        tx,
        projectId,
        table,
        edit.columns.map((one) => findColumn(table.schema, one)),
      )
    case 'dropUnique':
      return harmless(`${together(edit.columns)} of "${name}" may repeat together.`)
    case 'setDefault':
      return harmless(
        edit.default === null
          ? `Column "${edit.column}" of "${name}" has no default. Records that exist stay as they are.`
          : `New records of "${name}" get ${edit.default} in "${edit.column}". Records that exist stay as they are.`,
      )
    case 'setReference':
      return edit.references === null
        ? harmless(`Column "${edit.column}" of "${name}" refers to nothing any more. All values stay.`)
        : referringColumn(tx, { projectId, tables }, table, { ...present(column), references: edit.references })
    case 'setComment':
      return harmless(describeEdit(edit))
    default:
      return assertNever(edit)
  }
}

async function addedColumn(
  tx: Transaction,
  projectId: string,
  table: StoredTable,
  column: ColumnSchema,
): Promise<Effect> {
  const { name } = table.schema
  const count = await countOf(tx, countRecordsSql(projectId, table))
  const fallback = columnDefault(column)
  const hasValue = fallback.kind !== 'none' && !(fallback.kind === 'value' && fallback.value === null)
  const refuse = (refusedBy: 'required' | 'unique' | 'reference', sentence: string): Effect => ({
    sentence,
    affected: count,
    refusedBy,
    examples: [],
    lost: null,
  })
  if (count > 0 && column.required && !hasValue)
    return refuse(
      'required',
      `${many(count, 'record')} of "${name}" would have no value in the required column "${column.name}". Give it a default, or make it required after filling it.`,
    )
  if (count > 1 && column.unique && hasValue && fallback.kind !== 'uuid')
    return refuse(
      'unique',
      `${many(count, 'record')} of "${name}" would get the same value in the unique column "${column.name}". Leave the default out.`,
    )
  if (count > 0 && column.references && hasValue)
    return refuse(
      'reference',
      `${many(count, 'record')} of "${name}" would get a default in "${column.name}" that may refer to nothing. Add the reference after the column.`,
    )
  const what = !hasValue ? 'is empty in' : fallback.kind === 'uuid' ? 'gets a new uuid in' : `is ${column.default} in`
  return harmless(
    count === 0
      ? `Adds column "${column.name}" to "${name}".`
      : `Adds column "${column.name}" to "${name}"; it ${what} the ${many(count, 'record')} that ${verb(count, 'exists', 'exist')}.`,
  )
}

function retyped(
  column: ColumnSchema,
  edit: Extract<TableEdit, { readonly type: 'changeType' }>,
  { total, unfit, changed, examples }: Retyping,
): Effect {
  if (unfit === 0) {
    const all = `All ${many(total, 'value')} of "${column.name}" fit ${edit.to}`
    if (changed === 0) return harmless(total === 0 ? `Changes "${column.name}" to ${edit.to}.` : `${all}.`)
    return {
      sentence: `${all}; ${changed.toLocaleString('en')} of them ${verb(changed, 'is', 'are')} rounded, cut or spelled differently: ${examples.join(', ')}.`,
      affected: changed,
      refusedBy: null,
      examples,
      lost: `How ${many(changed, 'value')} of "${column.name}" ${verb(changed, 'was', 'were')} written before cannot be brought back.`,
    }
  }
  const isRequired = column.required === true || column.primary_key === true
  const advice = isRequired
    ? `, which the required column does not allow. Correct ${verb(unfit, 'it', 'them')} first`
    : edit.unfit === 'null'
      ? ''
      : '. Allow that with "unfit": "null", or correct them first'
  return {
    sentence: `${unfit.toLocaleString('en')} of ${many(total, 'value')} ${verb(unfit, 'does', 'do')} not fit ${edit.to} and would become NULL: ${examples.join(', ')}${unfit > examples.length ? ', ...' : ''}${advice}.`,
    affected: unfit + changed,
    refusedBy: isRequired ? 'required' : edit.unfit === 'null' ? null : 'type',
    examples,
    lost: `${many(unfit, 'value')} of "${column.name}" that ${verb(unfit, 'does', 'do')} not fit cannot be brought back.`,
  }
}

/** How many values stand in the way of a unique column, or of columns that are unique together. */
export async function uniqueColumns(
  tx: Transaction,
  projectId: string,
  table: StoredTable,
  columns: readonly ColumnSchema[],
): Promise<Effect> {
  const rows = await tx.query<{ count: number; example: string }>(duplicatesSql(projectId, table, columns))
  const count = rows[0]?.count ?? 0
  const { name } = table.schema
  const isOne = columns.length === 1
  const of = `${isOne ? 'column ' : ''}${together(columns.map((column) => column.name))} of "${name}"`
  if (count === 0) return harmless(`Every ${isOne ? 'value' : 'combination'} of ${of} is there only once.`)
  const examples = rows.map(({ example }) => example)
  return {
    sentence: `${many(count, isOne ? 'value' : 'combination')} of ${of} ${verb(count, 'appears', 'appear')} more than once: ${examples.join(', ')}. Make them differ first.`,
    affected: count,
    refusedBy: 'unique',
    examples,
    lost: null,
  }
}

/** How many values of a column that refers to another would point to nothing. */
export async function referringColumn(
  tx: Transaction,
  { projectId, tables }: EditedDatabase,
  table: StoredTable,
  column: ColumnSchema,
): Promise<Effect> {
  const { references } = column
  if (!references) throw new AppError('INTERNAL', 'The column has no reference.')
  const target = tableNamed(tables, references.table)
  const key = findColumn(target.schema, references.column)
  const rows = await tx.query<{ count: number; value: JsonValue }>(
    danglingSql(projectId, { table, column }, { table: target, column: key }),
  )
  const count = rows[0]?.count ?? 0
  const what = `"${references.table}"."${references.column}"`
  if (count === 0) return harmless(`Column "${column.name}" refers to ${what}; every value is there.`)
  const examples = rows.map(({ value }) => showValue(value))
  return {
    sentence: `${many(count, 'value')} of column "${column.name}" ${verb(count, 'points', 'point')} to nothing in ${what}: ${examples.join(', ')}. Correct ${verb(count, 'it', 'them')} first.`,
    affected: count,
    refusedBy: 'reference',
    examples,
    lost: null,
  }
}

async function countOf(tx: Transaction, query: SqlQuery): Promise<number> {
  const [row] = await tx.query<{ count: number }>(query)
  return row?.count ?? 0
}

function present(column: ColumnSchema | null): ColumnSchema {
  if (!column) throw new AppError('INTERNAL', 'The edit names no column.')
  return column
}
