import { type StudioClient, toAppError } from '@renderer/bridge/api'
import { addTableEdit } from '@shared/domain/add-table-edit'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import { schemaSql } from '@shared/domain/schema-sql/migration-sql'
import { DbmlProblem, parseDbml } from '@shared/domain/schema-text/parse-dbml'
import { printDbml } from '@shared/domain/schema-text/print-dbml'
import { applyAll, settleEdits } from '@shared/domain/settle-edits'
import { z } from 'zod'

/** Something about a line of a text, from 1. */
export interface TextMark {
  readonly line: number
  readonly sentence: string
  readonly severity: 'error' | 'warning'
}

export interface ReadText {
  /** What the text describes; null when it cannot be read, and then the marks say why. */
  readonly schema: DatabaseSchema | null
  readonly marks: readonly TextMark[]
}

/** A language in which a whole schema can be written and read. */
export interface SchemaLanguage {
  readonly id: string
  readonly label: string
  /** For the colours of the editor. */
  readonly editor: 'pgsql' | 'dbml'
  readonly print: (schema: DatabaseSchema) => string
  readonly read: (text: string, context: ReadContext) => Promise<ReadText>
}

export interface ReadContext {
  readonly client: StudioClient
  readonly databaseId: string
  readonly signal: AbortSignal
}

const atLine = z.object({ line: z.int() })
const atColumn = z.object({ table: z.string().optional(), column: z.string().optional() })
const nothing: DatabaseSchema = { tables: [] }

export const sqlLanguage: SchemaLanguage = {
  id: 'sql',
  label: 'SQL',
  editor: 'pgsql',
  print: schemaSql,
  async read(text, { client, databaseId, signal }) {
    try {
      const answer = await client.schema.fromSql({ databaseId, sql: text, draft: { tables: [] } }, { signal })
      const marks = [
        ...answer.unsupported.map((note): TextMark => ({ ...note, severity: 'error' })),
        ...answer.notes.map((note): TextMark => ({ ...note, severity: 'warning' })),
      ]
      const edits: readonly SchemaEdit[] = answer.edits
      // A text that says something the studio has not got would lose it without a word.
      const schema = answer.unsupported.length > 0 ? null : applyAll(nothing, edits)
      return { schema, marks }
    } catch (error) {
      signal.throwIfAborted()
      const { message, details } = toAppError(error)
      const place = atLine.safeParse(details)
      return {
        schema: null,
        marks: [{ line: place.success ? place.data.line : 1, sentence: message, severity: 'error' }],
      }
    }
  },
}

export const dbmlLanguage: SchemaLanguage = {
  id: 'dbml',
  label: 'DBML',
  editor: 'dbml',
  print: printDbml,
  async read(text) {
    try {
      return readDbml(text)
    } catch (error) {
      if (!(error instanceof DbmlProblem)) throw error
      return { schema: null, marks: [{ line: error.line, sentence: error.message, severity: 'error' }] }
    }
  },
}

/** Throws DbmlProblem where the text is none. */
function readDbml(text: string): ReadText {
  const { schema: written, notes, indexes, lines } = parseDbml(text)
  const passed = indexes.map(({ table, line }) => ({ line, sentence: `${indexNote} It is of table "${table}".` }))
  const marks = [...notes, ...passed].map((note): TextMark => ({ ...note, severity: 'warning' }))
  try {
    const edits = settleEdits(nothing, written.tables.map(addTableEdit))
    return { schema: applyAll(nothing, edits), marks }
  } catch (error) {
    const { message, details } = toAppError(error)
    const place = atColumn.safeParse(details)
    const { table = '', column = '' } = place.success ? place.data : {}
    const line = lines.get(`${table}.${column}`) ?? lines.get(table) ?? 1
    return { schema: null, marks: [...marks, { line, sentence: message, severity: 'error' }] }
  }
}

/** They are no part of the schema: an import makes them when it is applied. */
const indexNote = 'Indexes are made in the details of the table, or by an import.'

export const languages: readonly SchemaLanguage[] = [sqlLanguage, dbmlLanguage]
