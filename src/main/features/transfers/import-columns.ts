import { AppError } from '@shared/app-error'
import type { JsonValue } from '@shared/json'
import { type PlannedColumn, planOf } from '../records/record-plan'
import type { StoredTable } from '../tables/stored-table'

/**
 * The id of a record whose table has no column for it. Only copies of a project carry it, so that what is known of a
 * record there, its history first of all, stays its own.
 */
export const ownId: PlannedColumn = {
  column: { name: '_id', type: 'uuid' },
  name: '_id',
  key: '_id',
  type: { base: 'uuid', array: false },
  fallback: { kind: 'none' },
  missing: undefined,
  isId: true,
  isSecret: false,
  isRequired: false,
  isTouched: false,
}

/** One column of the table that is filled, and where its values come from. */
export interface ColumnMapping {
  /** Place among the file's columns. */
  readonly source: number
  readonly column: string
  /** The values are what this column of the referenced table holds: "Acme" in place of its id. */
  readonly label?: string | undefined
}

export interface MappedColumn extends ColumnMapping {
  readonly planned: PlannedColumn
}

/** The mapping against the table as it is. VALIDATION for a column that is not there, or is filled twice. */
export function mapColumns(table: StoredTable, mappings: readonly ColumnMapping[]): readonly MappedColumn[] {
  const { byName, id } = planOf(table)
  const seen = new Set<string>()
  return mappings.map((mapping) => {
    const planned =
      byName.get(mapping.column) ?? (id === undefined && mapping.column === ownId.name ? ownId : undefined)
    if (!planned)
      throw new AppError('VALIDATION', `Table "${table.schema.name}" has no column "${mapping.column}".`, {
        details: { table: table.schema.name, column: mapping.column },
      })
    if (seen.has(mapping.column))
      throw new AppError(
        'VALIDATION',
        `Column "${mapping.column}" would be filled from two columns of the file. Choose one.`,
        {
          details: { table: table.schema.name, column: mapping.column },
        },
      )
    seen.add(mapping.column)
    return { ...mapping, planned }
  })
}

/** Columns of the file to those of the table by their names, as the file writes them or as columns are called. */
export function matchByName(
  table: StoredTable,
  sources: readonly string[],
  names: readonly string[],
): { readonly mappings: readonly ColumnMapping[]; readonly unmatched: readonly string[] } {
  const { byName } = planOf(table)
  const mappings: ColumnMapping[] = []
  const unmatched: string[] = []
  const taken = new Set<string>()
  sources.forEach((source, at) => {
    const plain = source.trim()
    const column = [plain, plain.toLowerCase(), names[at] ?? ''].find((name) => byName.has(name) && !taken.has(name))
    if (column === undefined) {
      // The studio's own, as its exports of records carry them.
      if (plain !== '_id' && plain !== '_revision') unmatched.push(source)
      return
    }
    taken.add(column)
    mappings.push({ source: at, column })
  })
  return { mappings, unmatched }
}

export function shownCell(value: JsonValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 60 ? `"${text.slice(0, 57)}..."` : `"${text}"`
}
