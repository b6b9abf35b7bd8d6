import type { ColumnPatch } from '@renderer/features/tables/column-draft'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { ColumnSchema, TableSchema } from '@shared/domain/table-schema'

/** What a person changes about a column, as edits in an order in which each is allowed. */
export function columnEdits(table: TableSchema, column: ColumnSchema, patch: ColumnPatch): readonly SchemaEdit[] {
  const at = { table: table.name, column: column.name }
  const edits: SchemaEdit[] = []
  const retyped = patch.type !== undefined && patch.type !== column.type
  const { references } = patch
  // An old target of another type would forbid the new type.
  if (column.references && (references === null || (references && retyped)))
    edits.push({ type: 'setReference', ...at, references: null })
  if (patch.unique === false && column.unique) edits.push({ type: 'setUnique', ...at, unique: false })
  if (patch.required === false && column.required) edits.push({ type: 'setRequired', ...at, required: false })
  if (patch.default === null && column.default !== undefined) edits.push({ type: 'setDefault', ...at, default: null })
  if (retyped && patch.type !== undefined) edits.push({ type: 'changeType', ...at, to: patch.type })
  if (typeof patch.default === 'string' && patch.default !== column.default)
    edits.push({ type: 'setDefault', ...at, default: patch.default })
  if (patch.unique && !column.unique) edits.push({ type: 'setUnique', ...at, unique: true })
  if (patch.required && !column.required && !column.primary_key)
    edits.push({ type: 'setRequired', ...at, required: true })
  if (references)
    edits.push({
      type: 'setReference',
      ...at,
      references: { table: references.table ?? table.name, column: references.column, on_delete: references.on_delete },
    })
  return edits
}
