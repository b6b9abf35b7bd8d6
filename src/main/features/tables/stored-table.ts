import type { Table } from '@shared/contract/tables.contract'
import { wireTable } from '@shared/contract/wire-schema'
import type { ColumnSchema, TableSchema } from '@shared/domain/table-schema'
import type { Layout } from './layout'

/**
 * Where records are. `shared`: documents in `studio.project_data`. `dedicated`: a table of their own in `studio_data`, a
 * typed column for each column of the layout (named by its key) beside `_id`, `_revision`, `_created` and `_updated`; the
 * app reaches it through the view of the same name in `studio_rows`.
 */
export type Storage =
  | { readonly tier: 'shared' }
  | {
      readonly tier: 'dedicated'
      readonly relation: string
      /** On Citus `_project` leads the relation's rows and keys; it is what they are distributed by. */
      readonly distributed?: boolean
    }

/** A row of `studio.project_tables`. */
export interface StoredTable {
  readonly id: string
  readonly schema: TableSchema
  readonly layout: Layout
  readonly storage: Storage
  readonly created_at: string
  readonly updated_at: string
}

/** A column of another table (or of the same) that refers to a table, with what happens to it on delete. */
export interface Referrer {
  readonly table: StoredTable
  readonly column: ColumnSchema
  /** The column it refers to. */
  readonly target: string
  readonly onDelete: 'cascade' | 'restrict' | 'set_null'
}

export function referrersOf(tables: readonly StoredTable[], name: string): readonly Referrer[] {
  return tables.flatMap((table) =>
    table.schema.columns.flatMap((column): readonly Referrer[] =>
      column.references?.table === name
        ? [
            {
              table,
              column,
              target: column.references.column,
              onDelete: column.references.on_delete ?? 'restrict',
            },
          ]
        : [],
    ),
  )
}

export function toTable(table: StoredTable, recordEstimate: number): Table {
  return {
    id: table.id,
    table_name: table.schema.name,
    schema_json: wireTable(table.schema),
    record_estimate: recordEstimate,
    created_at: table.created_at,
    updated_at: table.updated_at,
  }
}
