import { assertNever } from '@shared/assert-never'
import type { SchemaEdit } from '@shared/domain/schema-edit'

/** An edit in plain words: "Add column email to people". */
export function editWords(edit: SchemaEdit): string {
  switch (edit.type) {
    case 'addTable':
      return `Add table ${edit.table.name}`
    case 'dropTable':
      return `Delete table ${edit.table}`
    case 'renameTable':
      return `Rename table ${edit.table} to ${edit.name}`
    case 'addColumn':
      return `Add column ${edit.column.name} to ${edit.table}`
    case 'dropColumn':
      return `Delete column ${edit.column} of ${edit.table}`
    case 'renameColumn':
      return `Rename ${edit.table}.${edit.column} to ${edit.name}`
    case 'changeType':
      return `Make ${edit.table}.${edit.column} ${edit.to}`
    case 'moveColumn':
      return `Move ${edit.table}.${edit.column} to place ${edit.position + 1}`
    case 'setRequired':
      return `Make ${edit.table}.${edit.column} ${edit.required ? 'required' : 'optional'}`
    case 'setUnique':
      return edit.unique ? `Make ${edit.table}.${edit.column} unique` : `Let ${edit.table}.${edit.column} repeat`
    case 'addUnique':
      return `Make ${edit.columns.join(', ')} of ${edit.table} unique together`
    case 'dropUnique':
      return `Let ${edit.columns.join(', ')} of ${edit.table} repeat together`
    case 'setDefault':
      return edit.default === null
        ? `Take away the default of ${edit.table}.${edit.column}`
        : `Set the default of ${edit.table}.${edit.column} to ${edit.default === '' ? 'the empty text' : edit.default}`
    case 'setReference':
      return edit.references
        ? `Connect ${edit.table}.${edit.column} to ${edit.references.table}.${edit.references.column}`
        : `Disconnect ${edit.table}.${edit.column}`
    case 'setComment': {
      const what = edit.column === undefined ? edit.table : `${edit.table}.${edit.column}`
      return edit.comment === null ? `Take away the comment of ${what}` : `Comment ${what}`
    }
    default:
      return assertNever(edit)
  }
}

/** One line for many: the first, and how many more. */
export function stepWords(edits: readonly SchemaEdit[]): string {
  const [first, ...more] = edits
  if (!first) return 'Change nothing'
  return more.length === 0 ? editWords(first) : `${editWords(first)} and ${more.length} more`
}
