import { assertNever } from '../assert-never'
import type { SchemaEdit } from './schema-edit'

/** What an edit does, as one plain sentence: "Renames column "name" of "contacts" to "full_name"." */
export function describeEdit(edit: SchemaEdit): string {
  switch (edit.type) {
    case 'addTable':
      return `Creates table "${edit.table.name}".`
    case 'dropTable':
      return `Moves table "${edit.table}" to the bin.`
    case 'renameTable':
      return `Renames table "${edit.table}" to "${edit.name}".`
    case 'addColumn':
      return `Adds column "${edit.column.name}" to "${edit.table}".`
    case 'dropColumn':
      return `Drops column "${edit.column}" of "${edit.table}".`
    case 'renameColumn':
      return `Renames column "${edit.column}" of "${edit.table}" to "${edit.name}".`
    case 'changeType':
      return `Changes column "${edit.column}" of "${edit.table}" to ${edit.to}.`
    case 'moveColumn':
      return `Moves column "${edit.column}" of "${edit.table}" to place ${edit.position + 1}.`
    case 'setRequired':
      return `Column "${edit.column}" of "${edit.table}" ${edit.required ? 'must be filled' : 'may be empty'}.`
    case 'setUnique':
      return `Values of column "${edit.column}" of "${edit.table}" ${edit.unique ? 'must differ' : 'may repeat'}.`
    case 'addUnique':
      return `${together(edit.columns)} of "${edit.table}" must differ together.`
    case 'dropUnique':
      return `${together(edit.columns)} of "${edit.table}" may repeat together.`
    case 'setDefault':
      return edit.default === null
        ? `Column "${edit.column}" of "${edit.table}" has no default.`
        : `New records of "${edit.table}" get ${edit.default} in "${edit.column}".`
    case 'setReference':
      return edit.references === null
        ? `Column "${edit.column}" of "${edit.table}" refers to nothing any more.`
        : `Column "${edit.column}" of "${edit.table}" refers to "${edit.references.table}"."${edit.references.column}".`
    case 'setComment': {
      const what = edit.column === undefined ? `table "${edit.table}"` : `column "${edit.column}" of "${edit.table}"`
      return edit.comment === null ? `Removes the comment of ${what}.` : `Comments ${what}.`
    }
    default:
      return assertNever(edit)
  }
}

/** One line for many, without a full stop: the first, and how many more. */
export function describeEdits(edits: readonly SchemaEdit[]): string {
  const [first, ...more] = edits
  if (!first) return 'Nothing'
  const words = describeEdit(first).replace(/\.$/, '')
  return more.length === 0 ? words : `${words}, and ${more.length} more`
}

/** "a", "b" and "c". */
export function together(names: readonly string[]): string {
  const shown = names.map((name) => `"${name}"`)
  const last = shown.pop() ?? ''
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`
}
