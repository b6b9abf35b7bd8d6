import { type ParsedStatement, text } from '../sql/syntax'
import { isDdl } from './ddl.service'
import { bodiesOf } from './ddl-nodes'

/**
 * Why a statement that describes something else than tables, columns and indexes is not run; null for one that `readDdl`
 * reads. Types are read as well: columns of the same text may name them.
 */
export function objectRefusal(statement: ParsedStatement): string | null {
  const { kind, body } = statement
  if (kind === 'DropStmt' && body.removeType === 'OBJECT_INDEX')
    return 'Nothing was dropped: indexes have no names here. Drop it in the table, under Indexes.'
  if (kind === 'AlterTableStmt' && isDdl(statement)) return alterRefusal(statement)
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
    case 'RefreshMatViewStmt':
      return noViews
    case 'CreateTableAsStmt':
      if (body.objtype === 'OBJECT_MATVIEW') return noViews
      return noTableOfRows
    default:
      // What is left makes a table of rows: SELECT INTO.
      return noTableOfRows
  }
}

const noViews =
  'A database here has no views. Save the query instead: Save query keeps it for everybody of the project.'
const noTableOfRows = 'A table cannot be made from a query here. Make it by its columns, then insert into it.'

/** A dump is full of these, and nothing is lost with them there; who writes one by hand expects something of it. */
function alterRefusal({ body }: ParsedStatement): string | null {
  const subtypes = bodiesOf('AlterTableCmd', body.cmds).map(({ subtype }) => text(subtype))
  return alterRefusals.find(([pattern]) => subtypes.some((subtype) => pattern.test(subtype)))?.[1] ?? null
}

const alterRefusals: readonly (readonly [RegExp, string])[] = [
  [
    /RowSecurity$/,
    'Nothing was changed: rows are not secured by policies here. Who may read and write a table is set on the API page.',
  ],
  [/(Trig|Rule)/, 'Nothing was changed: a database here has no triggers and no rules of SQL.'],
  [/^AT_ChangeOwner$/, 'Nothing was changed: all tables of a database belong to its project.'],
  [
    /^AT_(SetStatistics|SetStorage|ClusterOn|DropCluster|SetTableSpace|SetLogged|SetUnLogged|SetAccessMethod|SetCompression)$/,
    'Nothing was changed: the studio looks after how records are stored by itself.',
  ],
]

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
