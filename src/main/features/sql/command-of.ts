import { type Node, text } from './syntax'

/** DELETE, CREATE TABLE: what a statement is called. */
export function commandOf(kind: string, body: Node, isMaking = false): string {
  if (kind === 'SelectStmt' && isMaking) return 'SELECT INTO'
  if (kind === 'TransactionStmt') return text(body.kind).replace('TRANS_STMT_', '').replaceAll('_', ' ')
  if (kind === 'VariableSetStmt') return text(body.kind) === 'VAR_RESET' ? 'RESET' : 'SET'
  if (kind === 'DropStmt') return `DROP ${text(body.removeType).replace('OBJECT_', '').replaceAll('_', ' ')}`
  const known = commands[kind]
  if (known !== undefined) return known
  return kind
    .replace(/Stmt$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase()
}

const commands: Readonly<Record<string, string>> = {
  VariableShowStmt: 'SHOW',
  CreateStmt: 'CREATE TABLE',
  CreateTableAsStmt: 'CREATE TABLE AS',
  ViewStmt: 'CREATE VIEW',
  IndexStmt: 'CREATE INDEX',
  RenameStmt: 'ALTER TABLE',
  DoStmt: 'DO',
  AlterTableStmt: 'ALTER TABLE',
  CreateFunctionStmt: 'CREATE FUNCTION',
}
