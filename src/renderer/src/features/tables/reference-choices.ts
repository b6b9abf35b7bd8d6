import { isUniqueColumn } from '@shared/domain/check-table'
import { parseColumnType } from '@shared/domain/column-type'
import { isSecretColumn } from '@shared/domain/secret-column'
import type { TableSchema } from '@shared/domain/table-schema'

/** A column that others may refer to. */
export interface ReferenceChoice {
  /** `users.id`; of the table itself `.id`, because it may not have its name yet. */
  readonly value: string
  readonly label: string
  /** Null is the table itself. */
  readonly table: string | null
  readonly column: string
  readonly type: string
}

/** Keys and unique columns of every table. `own` is the table that is being described. */
export function referenceChoices(tables: readonly TableSchema[], own: TableSchema): readonly ReferenceChoice[] {
  const others = tables.filter(({ name }) => name !== own.name)
  return [...others, own].flatMap((table) =>
    table.columns
      .filter((column) => isUniqueColumn(table, column) && !isSecretColumn(table.name, column.name))
      .filter((column) => parseColumnType(column.type)?.array === false)
      .map((column) => ({
        value: referenceValue(table === own ? null : table.name, column.name),
        label: table === own ? `${column.name} of this table` : `${table.name}.${column.name}`,
        table: table === own ? null : table.name,
        column: column.name,
        type: column.type,
      })),
  )
}

export function referenceValue(table: string | null, column: string): string {
  return `${table ?? ''}.${column}`
}
