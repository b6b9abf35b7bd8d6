import { assertNever } from '../assert-never'
import { addTableEdit } from './add-table-edit'
import { applyEdit, findColumn, findTable } from './apply-edit'
import { uniqueSetKey } from './check-table'
import type { DatabaseSchema, SchemaEdit } from './schema-edit'

/**
 * The edits that give `schema` back when they are applied after the edit. What an edit takes from records is not theirs
 * to bring back: a table that was dropped comes back empty.
 */
export function invertEdit(schema: DatabaseSchema, edit: SchemaEdit): readonly SchemaEdit[] {
  switch (edit.type) {
    case 'addTable':
      return [{ type: 'dropTable', table: edit.table.name }]
    case 'dropTable':
      return [addTableEdit(findTable(schema, edit.table))]
    case 'renameTable':
      return [{ ...edit, table: edit.name, name: edit.table }]
    case 'addColumn':
      return [{ type: 'dropColumn', table: edit.table, column: edit.column.name }]
    case 'dropColumn': {
      const { columns, unique = [] } = findTable(schema, edit.table)
      const position = columns.findIndex(({ name }) => name === edit.column)
      const column = findColumn({ name: edit.table, columns }, edit.column)
      const sets = unique.filter((names) => names.includes(edit.column))
      return [
        { type: 'addColumn', table: edit.table, column, position },
        ...sets.map((names): SchemaEdit => ({ type: 'addUnique', table: edit.table, columns: names })),
      ]
    }
    case 'renameColumn':
      return [{ ...edit, column: edit.name, name: edit.column }]
    case 'changeType':
      return [{ type: 'changeType', table: edit.table, column: edit.column, to: columnOf(schema, edit).type }]
    case 'moveColumn': {
      const position = findTable(schema, edit.table).columns.findIndex(({ name }) => name === edit.column)
      return [{ ...edit, position }]
    }
    case 'setRequired': {
      const { primary_key, required = false } = columnOf(schema, edit)
      // A key is required whatever it says, and cannot say the opposite.
      return primary_key === true && !required ? [] : [{ ...edit, required }]
    }
    case 'setUnique':
      return [{ ...edit, unique: columnOf(schema, edit).unique ?? false }]
    case 'addUnique':
      return [{ ...edit, type: 'dropUnique' }]
    case 'dropUnique': {
      const key = uniqueSetKey(edit.columns)
      const set = findTable(schema, edit.table).unique?.find((names) => uniqueSetKey(names) === key)
      return [{ ...edit, type: 'addUnique', columns: set ?? edit.columns }]
    }
    case 'setDefault':
      return [{ ...edit, default: columnOf(schema, edit).default ?? null }]
    case 'setReference':
      return [{ ...edit, references: columnOf(schema, edit).references ?? null }]
    case 'setComment': {
      const commented = edit.column === undefined ? findTable(schema, edit.table) : columnOf(schema, edit)
      return [{ ...edit, comment: commented.comment ?? null }]
    }
    default:
      return assertNever(edit)
  }
}

/** The way back from a list of edits, each of which makes sense after those before it. */
export function invertEdits(schema: DatabaseSchema, edits: readonly SchemaEdit[]): readonly SchemaEdit[] {
  const inverses: (readonly SchemaEdit[])[] = []
  let current = schema
  for (const edit of edits) {
    inverses.push(invertEdit(current, edit))
    current = applyEdit(current, edit)
  }
  return inverses.reverse().flat()
}

function columnOf(
  schema: DatabaseSchema,
  { table, column = '' }: { readonly table: string; column?: string | undefined },
) {
  return findColumn(findTable(schema, table), column)
}
