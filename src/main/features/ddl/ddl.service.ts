import { AppError } from '@shared/app-error'
import { applyEdit } from '@shared/domain/apply-edit'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import { settleEdits } from '@shared/domain/settle-edits'
import { type ColumnSchema, primaryKeyOf, type TableSchemaInput } from '@shared/domain/table-schema'
import { openParser, SyntaxProblem } from '../sql/postgres-parser'
import { type Node, names, type ParsedStatement, text } from '../sql/syntax'
import { readAlterTable, readRename } from './ddl-alter'
import { readComment, readCreateTable, readDrop, readIndex } from './ddl-create'
import { relationOf } from './ddl-nodes'
import {
  type DdlNote,
  knownTable,
  type MadeTable,
  newScript,
  note,
  refuse,
  type Script,
  schemaOf,
  tableNameOf,
} from './ddl-script'
import { linesOf, withoutPsql } from './ddl-text'
import { readType } from './ddl-types'

export type { DdlNote, MadeTable } from './ddl-script'

export interface DdlResult {
  /** Each makes sense after those before it, on the schema that was given. */
  readonly edits: readonly SchemaEdit[]
  /** What became other than it was written, in the order of the lines. */
  readonly notes: readonly DdlNote[]
  /** What was left out, and why. */
  readonly unsupported: readonly DdlNote[]
  /** Indexes that are no rules; they are asked for one by one when the tables are there. */
  readonly indexes: readonly { readonly table: string; readonly columns: readonly string[] }[]
}

export interface DdlOptions {
  /** A table whose name is taken is refused, as Postgres does (default), or takes another name. */
  readonly taken?: 'refuse' | 'rename'
  /** Records follow, with values as Postgres writes them: a type that only resembles theirs will not do. */
  readonly hasRecords?: boolean
}

/** Reads statements one by one, while what they make so far can be asked for. */
export interface DdlReader {
  /** `line`: where the statement stands, from 1. */
  add(statement: Pick<ParsedStatement, 'kind' | 'body'>, line: number): void
  /** A table that was made so far, by the script's name for it: the schema, where it is said, and the name. */
  find(name: readonly string[]): MadeTable | undefined
  tables(): readonly MadeTable[]
  finish(): DdlResult
}

/**
 * SQL that describes tables (`create`, `alter`, `drop`, `comment`; a dump of pg_dump in plain form) as edits of a schema.
 * What writes records is passed over. VALIDATION, with the line in `details`, where the text is no SQL.
 */
export async function readDdl(sql: string, base: DatabaseSchema, options: DdlOptions = {}): Promise<DdlResult> {
  const parser = await openParser()
  const readable = withoutPsql(sql)
  const lineOf = linesOf(readable)
  let statements: readonly ParsedStatement[]
  try {
    statements = parser.parse(readable)
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error
    const line = lineOf(error.offset)
    throw new AppError('VALIDATION', `Line ${line} is no SQL: ${error.message.replace(/\.?$/, '.')}`, {
      details: { line, position: error.offset },
      cause: error,
    })
  }
  return translateDdl(statements, lineOf, base, options)
}

/** The same of statements that were parsed already; `lineOf` tells the line of a place in their text. */
export function translateDdl(
  statements: readonly ParsedStatement[],
  lineOf: (offset: number) => number,
  base: DatabaseSchema,
  options: DdlOptions = {},
): DdlResult {
  const reader = createDdlReader(base, options)
  for (const statement of statements) reader.add(statement, lineOf(statement.start))
  return reader.finish()
}

export function createDdlReader(base: DatabaseSchema, options: DdlOptions = {}): DdlReader {
  const script = newScript(base, options.taken ?? 'refuse', options.hasRecords ?? false)
  const tables = () => script.entries.flatMap((entry) => (entry.kind === 'table' ? [entry] : []))
  return {
    add: ({ kind, body }, line) => readStatement(script, kind, body, line),
    tables,
    find(path) {
      const name = tableNameOf(script, { relname: path.at(-1) ?? '', schemaname: path.at(-2) ?? '' })
      return script.made.get(name)
    },
    finish() {
      const edits = settled(script)
      const byLine = (left: DdlNote, right: DdlNote) => left.line - right.line
      return {
        edits,
        notes: [...script.notes].sort(byLine),
        unsupported: [...script.unsupported].sort(byLine),
        indexes: script.indexes,
      }
    },
  }
}

/** Whether the statement describes tables, and so is for `readDdl`. */
export function isDdl({ kind, body }: ParsedStatement): boolean {
  switch (kind) {
    case 'CreateStmt':
    case 'IndexStmt':
    case 'CommentStmt':
      return true
    case 'AlterTableStmt':
      return body.objtype === undefined || body.objtype === 'OBJECT_TABLE'
    case 'RenameStmt':
      return body.renameType === 'OBJECT_TABLE' || body.renameType === 'OBJECT_COLUMN'
    case 'DropStmt':
      return body.removeType === 'OBJECT_TABLE'
    default:
      return false
  }
}

function readStatement(script: Script, kind: string, body: Node, line: number): void {
  switch (kind) {
    case 'CreateStmt':
      readCreateTable(script, body, line)
      return
    case 'AlterTableStmt':
      readAlterTable(script, body, line)
      return
    case 'RenameStmt':
      readRename(script, body, line)
      return
    case 'IndexStmt':
      readIndex(script, body, line)
      return
    case 'CommentStmt':
      readComment(script, body, line)
      return
    case 'DropStmt':
      if (body.removeType === 'OBJECT_TABLE') readDrop(script, body, line)
      return
    case 'CreateEnumStmt': {
      const values = names(body.vals).flatMap((value) => value ?? [])
      script.types.set(lastOf(body.typeName), { kind: 'enum', values })
      return
    }
    case 'CreateDomainStmt':
      script.types.set(lastOf(body.domainname), {
        kind: 'domain',
        type: readType(body.typeName, script.types, script.hasRecords),
      })
      return
    case 'CreateTableAsStmt':
      refuse(script, line, 'A table cannot be made from a query here. Make it by its columns, then insert into it.')
      return
    case 'ViewStmt':
      refuse(
        script,
        line,
        `The view "${text(relationOf(body.view).relname)}" is left out: a database here has tables. Save its query instead.`,
      )
      return
    case 'CreateFunctionStmt':
    case 'CreateTrigStmt':
    case 'CreatePolicyStmt':
    case 'RuleStmt':
      refuse(script, line, 'Functions, triggers, rules and policies are left out: a database here has tables.')
      return
    default:
      // Settings, sequences, rights, extensions, records: nothing of a schema.
      return
  }
}

function lastOf(path: unknown): string {
  return (names(path).at(-1) ?? '').toLowerCase()
}

/** The script's edits, one after the other, without those that the schema refuses. */
function settled(script: Script): readonly SchemaEdit[] {
  const lines = new Map<string, number>()
  const edits = script.entries.map((entry): SchemaEdit => {
    const edit = entry.kind === 'edit' ? withTarget(script, entry.edit) : addEdit(script, schemaOf(entry))
    lines.set(JSON.stringify(edit), entry.line)
    if (edit.type === 'addTable') lines.set(edit.table.name, entry.line)
    return edit
  })
  const done: SchemaEdit[] = []
  let current = script.base
  for (const edit of orderedEdits(script, edits)) {
    const line = lines.get(JSON.stringify(edit)) ?? lineOfEdit(script, lines, edit)
    const next = tried(script, current, edit, line)
    if (!next) continue
    done.push(next.edit)
    current = next.schema
  }
  return done
}

/** With one edit that makes no sense the others can still be put in order. */
function orderedEdits(script: Script, edits: readonly SchemaEdit[]): readonly SchemaEdit[] {
  try {
    return settleEdits(script.base, edits)
  } catch {
    return withReferencesLast(edits)
  }
}

function withReferencesLast(edits: readonly SchemaEdit[]): readonly SchemaEdit[] {
  const later: SchemaEdit[] = []
  const first = edits.map((edit): SchemaEdit => {
    if (edit.type !== 'addTable') return edit
    const columns = edit.table.columns.map((column) => {
      const { references, ...rest } = column
      if (!references) return column
      later.push({ type: 'setReference', table: edit.table.name, column: column.name, references })
      return rest
    })
    return { ...edit, table: { ...edit.table, columns } }
  })
  return [...first, ...later]
}

function lineOfEdit(script: Script, lines: ReadonlyMap<string, number>, edit: SchemaEdit): number {
  const name = edit.type === 'addTable' ? edit.table.name : edit.table
  const column = 'column' in edit && typeof edit.column === 'string' ? edit.column : ''
  return script.referenceLines.get(`${name}.${column}`) ?? lines.get(name) ?? 0
}

/** The edit and the schema after it; without a reference that cannot be; null when all of it cannot be. */
function tried(
  script: Script,
  schema: DatabaseSchema,
  edit: SchemaEdit,
  line: number,
): { readonly edit: SchemaEdit; readonly schema: DatabaseSchema } | null {
  try {
    return { edit, schema: applyEdit(schema, edit) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const without = edit.type === 'addTable' ? withoutBroken(edit, error) : null
    if (without) {
      note(script, line, `The reference is not kept. ${error.message}`)
      return tried(script, schema, without, line)
    }
    if (edit.type === 'setReference' && script.taken === 'rename')
      note(script, line, `The reference is not kept. ${error.message}`)
    else refuse(script, line, error.message)
    return null
  }
}

function withoutBroken(
  edit: Extract<SchemaEdit, { readonly type: 'addTable' }>,
  { details }: AppError,
): SchemaEdit | null {
  const name = typeof details === 'object' && details !== null && 'column' in details ? details.column : null
  const broken = edit.table.columns.find((column) => column.name === name && column.references)
  if (!broken) return null
  const columns = edit.table.columns.map((column): ColumnSchema => {
    if (column !== broken) return column
    const { references: _, ...rest } = column
    return rest
  })
  return { ...edit, table: { ...edit.table, columns } }
}

/** The table exactly as it was written: it gets no key and no times by itself. */
function addEdit(script: Script, table: TableSchemaInput): SchemaEdit {
  const columns = table.columns.map((column): ColumnSchema => {
    const { references } = column
    if (references?.column !== '') return column
    return { ...column, references: { ...references, column: keyOf(script, references.table) } }
  })
  const written = { ...table, columns }
  return primaryKeyOf(written).length > 0
    ? { type: 'addTable', table: written }
    : { type: 'addTable', table: { ...written, primary_key: false, timestamps: false } }
}

/** References that name no column refer to the key. */
function withTarget(script: Script, edit: SchemaEdit): SchemaEdit {
  switch (edit.type) {
    case 'setReference':
      return edit.references?.column === ''
        ? { ...edit, references: { ...edit.references, column: keyOf(script, edit.references.table) } }
        : edit
    case 'addColumn': {
      const { references } = edit.column
      return references?.column === ''
        ? {
            ...edit,
            column: { ...edit.column, references: { ...references, column: keyOf(script, references.table) } },
          }
        : edit
    }
    default:
      return edit
  }
}

function keyOf(script: Script, table: string): string {
  const known = knownTable(script, table)
  return (known && primaryKeyOf(known)[0]?.name) ?? 'id'
}
