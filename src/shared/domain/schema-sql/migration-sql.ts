import { addTableEdit } from '../add-table-edit'
import { applyEdit } from '../apply-edit'
import { invertEdits } from '../invert-edit'
import type { DatabaseSchema, SchemaEdit } from '../schema-edit'
import { settleEdits } from '../settle-edits'
import { editSql } from './edit-sql'

/** The way there and back in plain Postgres. Empty texts when there is nothing to do. */
export function migrationSql(
  schema: DatabaseSchema,
  edits: readonly SchemaEdit[],
): { readonly up: string; readonly down: string } {
  const settled = settleEdits(schema, edits)
  return {
    up: editsSql(schema, settled),
    down: editsSql(settled.reduce(applyEdit, schema), invertEdits(schema, settled)),
  }
}

/** All tables of a schema, for an empty database. */
export function schemaSql(schema: DatabaseSchema): string {
  const none: DatabaseSchema = { tables: [] }
  return editsSql(none, settleEdits(none, schema.tables.map(addTableEdit)))
}

/** Statements of edits that each make sense after those before it. */
export function editsSql(schema: DatabaseSchema, edits: readonly SchemaEdit[]): string {
  const statements: string[] = []
  let current = schema
  for (const edit of edits) {
    statements.push(...editSql(current, edit))
    current = applyEdit(current, edit)
  }
  return writeStatements(statements)
}

/** A blank line around what takes several lines. */
function writeStatements(statements: readonly string[]): string {
  return statements
    .map((statement, index) => {
      const isLong = statement.includes('\n') || (statements[index - 1]?.includes('\n') ?? false)
      return `${index > 0 && isLong ? '\n' : ''}${statement};\n`
    })
    .join('')
}
