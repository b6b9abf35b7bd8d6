import type { SchemaEdit } from './schema-edit'

/** The same edits, where what is named right after it was made is made with that name. */
export function nameAtOnce(edits: readonly SchemaEdit[]): readonly SchemaEdit[] {
  const named: SchemaEdit[] = []
  for (const edit of edits) {
    const last = named.at(-1)
    const both = last && joined(last, edit)
    if (both) named[named.length - 1] = both
    else named.push(edit)
  }
  return named
}

function joined(made: SchemaEdit, naming: SchemaEdit): SchemaEdit | null {
  if (made.type === 'addTable' && naming.type === 'renameTable' && made.table.name === naming.table) {
    const isSelfReferring = made.table.columns.some(({ references }) => references?.table === naming.table)
    return isSelfReferring ? null : { ...made, table: { ...made.table, name: naming.name } }
  }
  if (made.type === 'addColumn' && naming.type === 'renameColumn' && made.table === naming.table)
    return made.column.name === naming.column ? { ...made, column: { ...made.column, name: naming.name } } : null
  return null
}
