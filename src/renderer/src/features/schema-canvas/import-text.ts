import { toAppError } from '@renderer/bridge/to-app-error'
import { countOf } from '@renderer/ui/figures'
import { wireTable } from '@shared/contract/wire-schema'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import { DbmlProblem, parseDbml } from '@shared/domain/schema-text/parse-dbml'
import { freeNames, pasteEdits } from './paste-edits'
import type { ReadContext } from './schema-text'
import type { WaitingIndex } from './waiting-indexes'

/** What a text would add to the draft. */
export interface FoundTables {
  readonly language: 'SQL' | 'DBML'
  readonly edits: readonly SchemaEdit[]
  /** Asked for when the tables are there. */
  readonly indexes: readonly WaitingIndex[]
  /** What became other than it was written, and what is left out. */
  readonly remarks: readonly string[]
}

/** The tables of a text in SQL or DBML, under names that are free in the draft. Throws the sentence that says why not. */
export function readTables(text: string, draft: DatabaseSchema, context: ReadContext): Promise<FoundTables> {
  return isDbml(text) ? Promise.resolve().then(() => readDbmlTables(text, draft)) : readSqlTables(text, draft, context)
}

/** A table of DBML begins as nothing does in SQL. */
export function isDbml(text: string): boolean {
  return /^\s*table\s+[^\n({;]+(\[[^\n]*\]\s*)?\{/im.test(text)
}

function readDbmlTables(text: string, draft: DatabaseSchema): FoundTables {
  try {
    const { schema, notes, indexes } = parseDbml(text)
    const names = freeNames(draft.tables, schema.tables)
    const { edits, cut } = pasteEdits(draft.tables, schema.tables)
    const left = cut > 0 ? [`${countOf(cut, 'reference')} to tables that are not there are left out.`] : []
    return {
      language: 'DBML',
      edits,
      indexes: indexes.map(({ table, columns }) => ({ table: names.get(table) ?? table, columns: [...columns] })),
      remarks: [...notes.map(remark), ...left],
    }
  } catch (error) {
    if (error instanceof DbmlProblem) throw new Error(`Line ${error.line}: ${error.message}`)
    throw error
  }
}

async function readSqlTables(
  sql: string,
  draft: DatabaseSchema,
  { client, databaseId, signal }: ReadContext,
): Promise<FoundTables> {
  try {
    const answer = await client.schema.fromSql(
      { databaseId, sql, draft: { tables: draft.tables.map(wireTable) }, taken: 'rename' },
      { signal },
    )
    return {
      language: 'SQL',
      edits: answer.edits,
      indexes: answer.indexes,
      remarks: [...answer.unsupported, ...answer.notes].map(remark),
    }
  } catch (error) {
    throw new Error(toAppError(error).message)
  }
}

function remark({ line, sentence }: { readonly line: number; readonly sentence: string }): string {
  return line > 0 ? `Line ${line}: ${sentence}` : sentence
}
