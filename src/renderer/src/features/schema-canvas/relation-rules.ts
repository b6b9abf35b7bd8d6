import { applyEdit, findColumn, findTable } from '@shared/domain/apply-edit'
import { isUniqueColumn } from '@shared/domain/check-table'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import {
  type ColumnReference,
  type ColumnSchema,
  namePattern,
  type OnDelete,
  primaryKeyOf,
  type TableSchema,
} from '@shared/domain/table-schema'
import type { SchemaSpot } from './canvas-ui'

export type Cardinality = 'many-to-one' | 'one-to-one' | 'many-to-many'

/** What drawing a line between two spots means: which column refers to which. */
export interface RelationPlan {
  /** Refers; null when a column is made for it. */
  readonly from: { readonly table: string; readonly column: string | null }
  /** Is referred to: a key or a unique column. */
  readonly to: { readonly table: string; readonly column: string }
}

export type Planned =
  | { readonly ok: true; readonly plan: RelationPlan }
  /** Why it cannot be, as a sentence. */
  | { readonly ok: false; readonly reason: string }

/**
 * The relation between two spots, whichever was the first: the side that is unique is the one referred to. A line to a
 * table's name gives that table a new column, or leads to its key.
 */
export function planRelation(schema: DatabaseSchema, first: SchemaSpot, second: SchemaSpot): Planned {
  const a = schema.tables.find(({ name }) => name === first.table)
  const b = schema.tables.find(({ name }) => name === second.table)
  if (!a || !b) return refused('One of these tables is not in the draft yet. Accept it first.')
  if (a === b && first.column === second.column) return refused('A column cannot refer to itself.')
  if (first.column === null && second.column === null) return toKey(a, b, null)
  if (second.column === null) {
    const column = findColumn(a, first.column ?? '')
    if (a !== b && isUniqueColumn(a, column)) return planned(b.name, null, a.name, column.name)
    return checked(schema, toKey(b, a, column.name, true))
  }
  if (first.column === null) return planRelation(schema, second, first)
  const from = findColumn(a, first.column)
  const to = findColumn(b, second.column)
  const forth = checked(schema, planned(a.name, from.name, b.name, to.name))
  if (forth.ok || !isUniqueColumn(a, from) || isUniqueColumn(b, to)) return forth
  return checked(schema, planned(b.name, to.name, a.name, from.name))
}

function toKey(from: TableSchema, to: TableSchema, column: string | null, swapped = false): Planned {
  const target = swapped ? from : to
  const source = swapped ? to : from
  const [key, ...more] = primaryKeyOf(target)
  if (!key) return refused(`Table "${target.name}" has no key that could be referred to.`)
  if (more.length > 0)
    return refused(`The key of table "${target.name}" has several columns. Draw to a column that is unique by itself.`)
  return planned(source.name, column, target.name, key.name)
}

function checked(schema: DatabaseSchema, attempt: Planned): Planned {
  if (!attempt.ok || attempt.plan.from.column === null) return attempt
  const { from, to } = attempt.plan
  const column = findColumn(findTable(schema, from.table), attempt.plan.from.column)
  if (column.references && column.references.table === to.table && column.references.column === to.column)
    return refused(`"${from.table}"."${column.name}" already refers to "${to.table}"."${to.column}".`)
  try {
    applyEdit(schema, { type: 'setReference', table: from.table, column: column.name, references: to })
    return attempt
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error))
  }
}

export interface RelationChoice {
  readonly cardinality: Cardinality
  readonly onDelete: OnDelete
  readonly required: boolean
}

/** The edits that make the relation; for many to many, the table between. */
export function relationEdits(
  schema: DatabaseSchema,
  { from, to }: RelationPlan,
  choice: RelationChoice,
): readonly SchemaEdit[] {
  const references: ColumnReference = { ...to, on_delete: choice.onDelete }
  const source = findTable(schema, from.table)
  const target = findTable(schema, to.table)
  if (choice.cardinality === 'many-to-many') return [joinTable(schema, source, target)]
  const unique = choice.cardinality === 'one-to-one'
  if (from.column === null) {
    const column: ColumnSchema = {
      name: freeColumn(source, referenceName(target.name, to.column)),
      type: findColumn(target, to.column).type,
      ...(unique ? { unique } : {}),
      ...(choice.required ? { required: true } : {}),
      references,
    }
    return [{ type: 'addColumn', table: source.name, column }]
  }
  const column = findColumn(source, from.column)
  const at = { table: source.name, column: column.name }
  const key = column.primary_key === true
  return [
    ...(!key && choice.required !== (column.required === true)
      ? [{ type: 'setRequired', ...at, required: choice.required } as const]
      : []),
    ...(!key && unique !== (column.unique === true) ? [{ type: 'setUnique', ...at, unique } as const] : []),
    { type: 'setReference', ...at, references },
  ]
}

/** A table of pairs: its key is both references together, and a pair goes with either of its records. */
function joinTable(schema: DatabaseSchema, a: TableSchema, b: TableSchema): SchemaEdit {
  const side = (table: TableSchema, taken: string | null): ColumnSchema => {
    const [key, ...more] = primaryKeyOf(table)
    if (!key || more.length > 0) throw new Error(`Table "${table.name}" has no single key, so it cannot be paired.`)
    const name = referenceName(table.name, key.name)
    return {
      name: name === taken ? `other_${name}` : name,
      type: key.type,
      primary_key: true,
      references: { table: table.name, column: key.name, on_delete: 'cascade' },
    }
  }
  const first = side(a, null)
  const table = { name: freeTable(schema, `${a.name}_${b.name}`), columns: [first, side(b, first.name)] }
  return { type: 'addTable', table }
}

/** `users`, `id` -> `user_id`. */
export function referenceName(table: string, column: string): string {
  return `${singular(table)}_${column}`.slice(0, 63)
}

export function singular(name: string): string {
  if (/(ss|us|is)$/.test(name)) return name
  if (name.endsWith('ies')) return `${name.slice(0, -3)}y`
  if (/(ches|shes|sses|xes|zes)$/.test(name)) return name.slice(0, -2)
  return name.endsWith('s') ? name.slice(0, -1) : name
}

export function freeTable(schema: DatabaseSchema, wanted: string): string {
  return free(wanted, new Set(schema.tables.map(({ name }) => name)))
}

export function freeColumn(table: TableSchema, wanted: string): string {
  return free(wanted, new Set(table.columns.map(({ name }) => name)))
}

function free(wanted: string, taken: ReadonlySet<string>): string {
  const name = namePattern.test(wanted) ? wanted : 'a'
  if (!taken.has(name)) return name
  for (let n = 2; ; n += 1) {
    const next = `${name.slice(0, 59)}_${n}`
    if (!taken.has(next)) return next
  }
}

function planned(table: string, column: string | null, toTable: string, toColumn: string): Planned {
  return { ok: true, plan: { from: { table, column }, to: { table: toTable, column: toColumn } } }
}

function refused(reason: string): Planned {
  return { ok: false, reason }
}
