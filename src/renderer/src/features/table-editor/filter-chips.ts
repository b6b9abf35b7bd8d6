import type { BaseType, ColumnType } from '@shared/domain/column-type'
import type { Condition, Filter, FilterOperator } from '@shared/domain/filter'
import type { JsonValue } from '@shared/json'
import { type ColumnSchema, parseChipColumn } from './chip-column'
import { editText, readEditText } from './edit-text'

/** One condition of the filter bar. The value is text, as it travels in the address; NULL tests have none. */
export interface FilterChip {
  /** A column, or a path into a jsonb column: `meta.a.b`. */
  readonly column: string
  readonly op: ChipOperator
  readonly value: string
}

export type ChipOperator = Exclude<FilterOperator, 'is'> | 'is_null' | 'is_not_null'

/** Whether all chips must hold, or any one. */
export type ChipMatch = 'all' | 'any'

export interface OperatorWords {
  readonly op: ChipOperator
  /** As on the chip, between column and value. */
  readonly sign: string
  /** As in the list of operators. */
  readonly label: string
}

const words: Readonly<Record<ChipOperator, OperatorWords>> = {
  eq: { op: 'eq', sign: '=', label: 'is' },
  neq: { op: 'neq', sign: '≠', label: 'is not' },
  gt: { op: 'gt', sign: '>', label: 'is greater than' },
  gte: { op: 'gte', sign: '≥', label: 'is at least' },
  lt: { op: 'lt', sign: '<', label: 'is less than' },
  lte: { op: 'lte', sign: '≤', label: 'is at most' },
  contains: { op: 'contains', sign: 'contains', label: 'contains' },
  starts_with: { op: 'starts_with', sign: 'starts with', label: 'starts with' },
  like: { op: 'like', sign: 'like', label: 'matches (LIKE)' },
  ilike: { op: 'ilike', sign: 'ilike', label: 'matches, any case (ILIKE)' },
  in: { op: 'in', sign: 'in', label: 'is one of' },
  is_null: { op: 'is_null', sign: 'is NULL', label: 'is NULL' },
  is_not_null: { op: 'is_not_null', sign: 'is not NULL', label: 'is not NULL' },
}

const nullTests: readonly ChipOperator[] = ['is_null', 'is_not_null']
const ordered: readonly ChipOperator[] = ['eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'in', ...nullTests]
const timeLabels: { readonly [Op in ChipOperator]?: string } = {
  gt: 'is after',
  gte: 'is at or after',
  lt: 'is before',
  lte: 'is at or before',
}
const times: ReadonlySet<BaseType> = new Set(['date', 'time', 'timestamp', 'timestamptz'])

/** What keeps, or leaves out, the records with this value. */
export function chipOf(
  column: { readonly name: string; readonly type: ColumnType },
  value: JsonValue | undefined,
  op: 'eq' | 'neq',
): FilterChip {
  if (value === null || value === undefined)
    return { column: column.name, op: op === 'eq' ? 'is_null' : 'is_not_null', value: '' }
  return { column: column.name, op, value: editText(column.type, value) }
}

/** The operators that make sense for a type, the likeliest first. */
export function operatorsFor(type: ColumnType): readonly OperatorWords[] {
  return operatorNames(type).map((op) => ({
    ...words[op],
    label: (times.has(type.base) && timeLabels[op]) || words[op].label,
  }))
}

function operatorNames(type: ColumnType): readonly ChipOperator[] {
  if (type.array || type.base === 'jsonb') return ['contains', 'eq', 'neq', ...nullTests]
  switch (type.base) {
    case 'text':
    case 'varchar':
      return ['contains', 'eq', 'neq', 'starts_with', 'in', 'like', 'ilike', ...nullTests]
    case 'boolean':
      return ['eq', ...nullTests]
    case 'uuid':
    case 'bytea':
      return ['eq', 'neq', 'in', ...nullTests]
    default:
      return ordered
  }
}

export function operatorWords(op: ChipOperator): OperatorWords {
  return words[op]
}

export function isNullTest(op: ChipOperator): boolean {
  return op === 'is_null' || op === 'is_not_null'
}

export function isChipOperator(text: string): text is ChipOperator {
  return Object.hasOwn(words, text)
}

export type ReadChip = { readonly ok: true; readonly filter: Filter } | { readonly ok: false; readonly reason: string }

/** The condition a chip means on these columns, or the sentence that says why it means none. */
export function readChip(chip: FilterChip, columns: readonly ColumnSchema[]): ReadChip {
  const found = parseChipColumn(chip.column, columns)
  if (!found) return { ok: false, reason: `There is no column "${chip.column}" any more.` }
  const { column } = chip
  if (chip.op === 'is_null') return { ok: true, filter: { column, op: 'is', value: null } }
  if (chip.op === 'is_not_null') return { ok: true, filter: { not: { column, op: 'is', value: null } } }
  const read = readChipValue(found.type, chip.op, chip.value)
  return read.ok ? { ok: true, filter: { column, op: chip.op, value: read.value } } : read
}

/** Chips in brackets: any of them where all must hold, all of them where any one is enough. */
export type ChipGroup = readonly FilterChip[]

/** What the filter bar holds. */
export interface FilterTree {
  readonly chips: readonly FilterChip[]
  readonly match: ChipMatch
  readonly groups: readonly ChipGroup[]
  /** A filter that chips cannot say, of a view made elsewhere; it must hold as well. */
  readonly custom: Filter | null
}

export const noFilters: FilterTree = { chips: [], match: 'all', groups: [], custom: null }

/** The filter of all chips that mean something; undefined when there is none. */
export function chipsFilter(
  chips: readonly FilterChip[],
  match: ChipMatch,
  columns: readonly ColumnSchema[],
): Filter | undefined {
  return joined(meaningOf(chips, columns), match)
}

export function treeFilter(tree: FilterTree, columns: readonly ColumnSchema[]): Filter | undefined {
  const inner = tree.match === 'all' ? 'any' : 'all'
  const groups = tree.groups.flatMap((group) => joined(meaningOf(group, columns), inner) ?? [])
  const chips = joined([...meaningOf(tree.chips, columns), ...groups], tree.match)
  if (tree.custom === null) return chips
  return chips === undefined ? tree.custom : { and: [tree.custom, chips] }
}

/** How many conditions a person sees. */
export function countChips(tree: FilterTree): number {
  return tree.chips.length + tree.groups.reduce((sum, group) => sum + group.length, 0) + (tree.custom === null ? 0 : 1)
}

function meaningOf(chips: readonly FilterChip[], columns: readonly ColumnSchema[]): readonly Filter[] {
  return chips.flatMap((chip) => {
    const read = readChip(chip, columns)
    return read.ok ? [read.filter] : []
  })
}

function joined(filters: readonly Filter[], match: ChipMatch): Filter | undefined {
  if (filters.length === 0) return undefined
  return match === 'any' ? { or: filters } : { and: filters }
}

type ReadValue =
  | { readonly ok: true; readonly value: Condition['value'] }
  | { readonly ok: false; readonly reason: string }

function readChipValue(type: ColumnType, op: ChipOperator, text: string): ReadValue {
  if (op === 'like' || op === 'ilike' || op === 'starts_with') return { ok: true, value: text }
  if (op === 'contains' && !type.array && type.base !== 'jsonb') return { ok: true, value: text }
  if (op === 'in') {
    const values: Condition['value'][] = []
    for (const part of text.split(',')) {
      const one = readOne(type, part.trim())
      if (!one.ok) return one
      values.push(one.value)
    }
    return { ok: true, value: values }
  }
  return readOne(type, text)
}

function readOne(type: ColumnType, text: string): ReadValue {
  const read = readEditText(type, text)
  if (!read.ok) return { ok: false, reason: `"${text}" ${read.reason}.` }
  if (read.value === null) return { ok: false, reason: 'Give a value, or choose "is NULL".' }
  return read
}
