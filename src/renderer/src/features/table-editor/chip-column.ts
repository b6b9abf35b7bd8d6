import { type ColumnType, parseColumnType } from '@shared/domain/column-type'
import type { ColumnSchema } from '@shared/domain/table-schema'

export type { ColumnSchema } from '@shared/domain/table-schema'

/** The column a chip speaks of, and the type its values have there: inside JSON every value is JSON. */
export function parseChipColumn(
  path: string,
  columns: readonly ColumnSchema[],
): { readonly column: ColumnSchema; readonly type: ColumnType } | null {
  const exact = columns.find(({ name }) => name === path)
  const exactType = exact ? parseColumnType(exact.type) : null
  if (exact && exactType) return { column: exact, type: exactType }
  const root = columns.find(({ name, type }) => type === 'jsonb' && path.startsWith(`${name}.`))
  return root ? { column: root, type: { base: 'text', array: false } } : null
}
