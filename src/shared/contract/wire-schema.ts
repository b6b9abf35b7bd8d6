import type { z } from 'zod'
import type { TableChange } from '../domain/schema-changes'
import type { SchemaEdit } from '../domain/schema-edit'
import type { TableSchema, TableSchemaInput } from '../domain/table-schema'
import type { tableSchema, tableSchemaInput } from './fields'
import type { tableChange } from './schema.contract'
import type { EditEffect } from './tables.contract'

/** Values of the domain as calls and answers take them: their lists are not readonly. */

export function wireEdit(edit: SchemaEdit): EditEffect['edit'] {
  if (edit.type === 'addTable') return { ...edit, table: wireTableInput(edit.table) }
  if (edit.type === 'addUnique' || edit.type === 'dropUnique') return { ...edit, columns: [...edit.columns] }
  return edit
}

export function wireTable({ columns, unique, ...table }: TableSchema): z.infer<typeof tableSchema> {
  return { ...table, columns: columns.map((column) => ({ ...column })), ...wireSets(unique) }
}

export function wireTableInput({ columns, unique, ...table }: TableSchemaInput): z.infer<typeof tableSchemaInput> {
  return { ...table, columns: columns.map((column) => ({ ...column })), ...wireSets(unique) }
}

export function wireChange({ columns, words, ...change }: TableChange): z.infer<typeof tableChange> {
  return { ...change, columns: columns.map((column) => ({ ...column })), words: [...words] }
}

function wireSets(unique: TableSchema['unique']): { readonly unique?: string[][] } {
  return unique === undefined ? {} : { unique: unique.map((names) => [...names]) }
}
