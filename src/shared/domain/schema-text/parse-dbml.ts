import type { DatabaseSchema } from '../schema-edit'
import { found, Reader, readPath, skipBlock, type TextIndex, type TextNote } from './dbml-reader'
import { readReferences, withReferences } from './dbml-references'
import { readTable } from './dbml-table'
import { DbmlProblem, type DbmlToken, dbmlTokens } from './dbml-tokens'

export { DbmlProblem } from './dbml-tokens'

export interface ParsedDbml {
  readonly schema: DatabaseSchema
  /** What became other than it was written, and what was passed over. */
  readonly notes: readonly TextNote[]
  readonly indexes: readonly TextIndex[]
  /** Of a table, or a column as `table.column`: where it is written, or where it gets its reference, from 1. */
  readonly lines: ReadonlyMap<string, number>
}

/** Tables, columns and references of a DBML text, exactly as written. Throws DbmlProblem with line and column. */
export function parseDbml(text: string): ParsedDbml {
  const reader = new Reader(dbmlTokens(text))
  while (reader.peek().kind !== 'end') readElement(reader)
  return {
    schema: { tables: withReferences(reader) },
    notes: reader.notes,
    indexes: reader.indexes,
    lines: reader.lines,
  }
}

function readElement(reader: Reader): void {
  const token = reader.next()
  const word = token.kind === 'word' ? token.value.toLowerCase() : ''
  if (word === 'table') readTable(reader)
  else if (word === 'ref') readReferences(reader)
  else if (word === 'enum') readEnum(reader)
  else if (['project', 'tablegroup', 'note', 'diagramview'].includes(word)) skipElement(reader, token)
  else throw new DbmlProblem(`A text begins with Table, Ref, Enum, Project, TableGroup or Note${found(token)}.`, token)
}

function readEnum(reader: Reader): void {
  const path = readPath(reader, 'the enum')
  reader.enums.add(path.at(-1)?.value ?? '')
  skipBlock(reader)
}

function skipElement(reader: Reader, token: DbmlToken): void {
  reader.note(token, `${token.value} is passed over: it is no part of a schema.`)
  while (!reader.isSign('{') && reader.peek().kind !== 'end' && !reader.isSign(':')) reader.next()
  if (reader.takes(':')) reader.next()
  else skipBlock(reader)
}
