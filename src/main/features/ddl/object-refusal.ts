import { type ParsedStatement, text } from '../sql/syntax'
import { isDdl } from './ddl.service'

/**
 * Why a statement that describes something else than tables, columns and indexes is not run; null for one that `readDdl`
 * reads. Types are read as well: columns of the same text may name them.
 */
export function objectRefusal(statement: ParsedStatement): string | null {
  const { kind, body } = statement
  if (kind === 'DropStmt' && body.removeType === 'OBJECT_INDEX')
    return 'Nothing was dropped: indexes have no names here. Drop it in the table, under Indexes.'
  if (isDdl(statement) && !isOtherComment(statement)) return null
  switch (kind) {
    case 'CreateEnumStmt':
    case 'CreateDomainStmt':
      return null
    case 'DropStmt':
      return `Nothing was dropped: a database here has no ${thingsOf(text(body.removeType))}.`
    case 'CommentStmt':
      return `Nothing was written: a database here has no ${thingsOf(text(body.objtype))}. Tables and columns have comments.`
    case 'RenameStmt':
      return 'Nothing was renamed: only tables and their columns have names that can change here.'
    case 'AlterTableStmt':
      return `Nothing was changed: a database here has no ${thingsOf(text(body.objtype))}.`
    case 'AlterObjectSchemaStmt':
    case 'CreateSchemaStmt':
      return 'A database here is one schema. Its tables need no other, so none was made or changed.'
    case 'CreateSeqStmt':
      return 'A database here has no sequences. Make the key a uuid: it numbers its records by itself.'
    case 'ViewStmt':
      return 'A database here has no views. Save the query instead: Save query keeps it for everybody of the project.'
    default:
      // What is left makes a table of rows: CREATE TABLE AS, SELECT INTO.
      return 'A table cannot be made from a query here. Make it by its columns, then insert into it.'
  }
}

function isOtherComment({ kind, body }: ParsedStatement): boolean {
  return kind === 'CommentStmt' && body.objtype !== 'OBJECT_TABLE' && body.objtype !== 'OBJECT_COLUMN'
}

const things: Readonly<Record<string, string>> = {
  OBJECT_AGGREGATE: 'functions',
  OBJECT_DOMAIN: 'types of its own',
  OBJECT_EXTENSION: 'extensions of its own',
  OBJECT_FUNCTION: 'functions',
  OBJECT_INDEX: 'names for indexes',
  OBJECT_MATVIEW: 'views',
  OBJECT_POLICY: 'policies. Who may read and write what is set on the API page',
  OBJECT_PROCEDURE: 'functions',
  OBJECT_ROUTINE: 'functions',
  OBJECT_RULE: 'rules of SQL',
  OBJECT_SCHEMA: 'schemas',
  OBJECT_SEQUENCE: 'sequences',
  OBJECT_TABCONSTRAINT: 'names for constraints',
  OBJECT_TRIGGER: 'triggers',
  OBJECT_TYPE: 'types of its own',
  OBJECT_VIEW: 'views',
}

function thingsOf(type: string): string {
  return things[type] ?? 'such things'
}
