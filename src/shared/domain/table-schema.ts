/** The seed's document: what a table is. It is stored as `project_tables.schema_json` and travels unchanged. */

export const namePattern = /^[a-z][a-z0-9_]{0,62}$/

export type OnDelete = 'cascade' | 'restrict' | 'set_null'

export interface ColumnReference {
  readonly table: string
  readonly column: string
  /** `restrict` when it is left out. */
  readonly on_delete?: OnDelete | undefined
}

export interface ColumnSchema {
  readonly name: string
  /** A type of `column-type.ts`, as text. */
  readonly type: string
  readonly primary_key?: boolean | undefined
  readonly unique?: boolean | undefined
  readonly required?: boolean | undefined
  /** `gen_random_uuid()`, `now()` (any case), or a literal in the type's text form. */
  readonly default?: string | undefined
  readonly references?: ColumnReference | undefined
  /** What people wrote about it. */
  readonly comment?: string | undefined
}

export interface TableSchema {
  readonly name: string
  readonly columns: readonly ColumnSchema[]
  /** Sets of columns whose values together are there once; a single column says so itself. */
  readonly unique?: readonly (readonly string[])[] | undefined
  readonly comment?: string | undefined
}

/** What people may send: the two switches are spent when the table is made (see `normaliseTable`). */
export interface TableSchemaInput extends TableSchema {
  readonly timestamps?: boolean | undefined
  readonly primary_key?: boolean | undefined
}

export function primaryKeyOf(schema: TableSchema): readonly ColumnSchema[] {
  return schema.columns.filter((column) => column.primary_key === true)
}

/** The record's `_id` and its `id` are one value exactly when a single uuid column named `id` is the key. */
export function hasUuidId(schema: TableSchema): boolean {
  const [key, ...more] = primaryKeyOf(schema)
  return key !== undefined && more.length === 0 && key.name === 'id' && key.type === 'uuid'
}
