import { parseColumnType } from './column-type'
import { isSecretColumn } from './secret-column'
import type { ColumnSchema, TableSchema } from './table-schema'

const labelNames: ReadonlySet<string> = new Set(['name', 'title', 'label', 'email'])

/** The text that people know a record by: a unique or well-named column, else the first text; null where there is none. */
export function labelColumn(table: TableSchema): ColumnSchema | null {
  const texts = table.columns.filter((column) => {
    const type = parseColumnType(column.type)
    const isText = type !== null && !type.array && (type.base === 'text' || type.base === 'varchar')
    return isText && !isSecretColumn(table.name, column.name)
  })
  return texts.find(({ name, unique }) => unique === true || labelNames.has(name)) ?? texts[0] ?? null
}
