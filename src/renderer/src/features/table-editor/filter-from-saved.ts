import type { Condition, Filter } from '@shared/domain/filter'
import type { JsonValue } from '@shared/json'
import { type ColumnSchema, parseChipColumn } from './chip-column'
import { editText } from './edit-text'
import { type FilterChip, type FilterTree, noFilters, readChip } from './filter-chips'

/** The chips that say a stored filter; as a whole, where chips cannot. */
export function treeOf(filter: Filter | null, columns: readonly ColumnSchema[]): FilterTree {
  if (filter === null || isEmpty(filter)) return noFilters
  const custom = { ...noFilters, custom: filter }
  const match = 'or' in filter ? 'any' : 'all'
  const parts = 'or' in filter ? filter.or : 'and' in filter ? filter.and : [filter]
  const chips: FilterChip[] = []
  const groups: FilterChip[][] = []
  for (const part of parts) {
    const chip = chipOf(part, columns)
    if (chip) chips.push(chip)
    else {
      const inner = match === 'all' ? ('or' in part ? part.or : null) : 'and' in part ? part.and : null
      const group = inner?.map((one) => chipOf(one, columns))
      if (!group || group.length === 0) return custom
      const known = group.filter((one) => one !== null)
      if (known.length < group.length) return custom
      groups.push(known)
    }
  }
  return { chips, match, groups, custom: null }
}

function chipOf(filter: Filter, columns: readonly ColumnSchema[]): FilterChip | null {
  if ('not' in filter) {
    const { not } = filter
    return 'op' in not && not.op === 'is' && not.value === null
      ? { column: not.column, op: 'is_not_null', value: '' }
      : null
  }
  if (!('op' in filter)) return null
  const chip = conditionChip(filter, columns)
  if (!chip) return null
  // Only what means the same when it is read back.
  const read = readChip(chip, columns)
  return read.ok && JSON.stringify(read.filter) === JSON.stringify(filter) ? chip : null
}

function conditionChip({ column, op, value }: Condition, columns: readonly ColumnSchema[]): FilterChip | null {
  if (op === 'is') return value === null ? { column, op: 'is_null', value: '' } : null
  const found = parseChipColumn(column, columns)
  if (!found) return null
  const text = (one: JsonValue) =>
    typeof one === 'string' && op !== 'eq' && op !== 'neq' && found.type.base !== 'timestamptz'
      ? one
      : editText(found.type, one)
  if (op === 'in') return Array.isArray(value) ? { column, op, value: value.map(text).join(', ') } : null
  return { column, op, value: text(value) }
}

function isEmpty(filter: Filter): boolean {
  return 'and' in filter && filter.and.length === 0
}
