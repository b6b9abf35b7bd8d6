import type { ColumnReference, ColumnSchema, TableSchema, TableSchemaInput } from './table-schema'

/**
 * A schema is a value and an edit is a value. Canvas, table editor, AI, SQL and import all speak in edits; `applyEdit`
 * is the only place that knows what one does.
 */
export type SchemaEdit =
  | { readonly type: 'addTable'; readonly table: TableSchemaInput }
  | { readonly type: 'dropTable'; readonly table: string }
  | { readonly type: 'renameTable'; readonly table: string; readonly name: string }
  | {
      readonly type: 'addColumn'
      readonly table: string
      readonly column: ColumnSchema
      /** Position among the columns, 0 first; at the end when left out. */
      readonly position?: number | undefined
    }
  | { readonly type: 'dropColumn'; readonly table: string; readonly column: string }
  | { readonly type: 'renameColumn'; readonly table: string; readonly column: string; readonly name: string }
  | {
      readonly type: 'changeType'
      readonly table: string
      readonly column: string
      readonly to: string
      /** What becomes of values that do not fit: the edit is refused (default), or they become NULL. */
      readonly unfit?: 'refuse' | 'null' | undefined
    }
  | { readonly type: 'moveColumn'; readonly table: string; readonly column: string; readonly position: number }
  | { readonly type: 'setRequired'; readonly table: string; readonly column: string; readonly required: boolean }
  | { readonly type: 'setUnique'; readonly table: string; readonly column: string; readonly unique: boolean }
  | {
      readonly type: 'addUnique'
      readonly table: string
      /** Two or more, whose values together are there once. */
      readonly columns: readonly string[]
    }
  | { readonly type: 'dropUnique'; readonly table: string; readonly columns: readonly string[] }
  | {
      readonly type: 'setDefault'
      readonly table: string
      readonly column: string
      readonly default: string | null
    }
  | {
      readonly type: 'setReference'
      readonly table: string
      readonly column: string
      readonly references: ColumnReference | null
    }
  | {
      readonly type: 'setComment'
      readonly table: string
      /** The table's own comment when left out. */
      readonly column?: string | undefined
      readonly comment: string | null
    }

export interface DatabaseSchema {
  readonly tables: readonly TableSchema[]
}
