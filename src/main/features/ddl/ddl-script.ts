import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import type { ColumnSchema, TableSchema } from '@shared/domain/table-schema'
import { type Node, text } from '../sql/syntax'
import { freeName, plainName } from './ddl-names'
import type { OwnTypes, ReadType } from './ddl-types'

export interface DdlNote {
  /** From 1; 0 when it is about the whole script. */
  readonly line: number
  readonly sentence: string
}

/** A table that the script makes. What it says about it later still belongs to its first description. */
export interface MadeTable {
  readonly kind: 'table'
  readonly line: number
  /** As the script calls it, with its schema. */
  readonly written: string
  name: string
  /** Our names of the columns by those of the script, in their order. */
  readonly called: Map<string, string>
  /** Those whose values are filled up with blanks that mean nothing, by our names. */
  readonly padded: Set<string>
  columns: readonly ColumnSchema[]
  unique: readonly (readonly string[])[]
  comment: string | undefined
}

export interface MadeEdit {
  readonly kind: 'edit'
  readonly line: number
  readonly edit: SchemaEdit
}

/** A script as it is read, statement after statement. */
export interface Script {
  readonly base: DatabaseSchema
  readonly entries: (MadeTable | MadeEdit)[]
  readonly notes: DdlNote[]
  readonly unsupported: DdlNote[]
  readonly indexes: { readonly table: string; readonly columns: readonly string[] }[]
  readonly types: Map<string, OwnTypes extends ReadonlyMap<string, infer T> ? T : never>
  /** Tables of the script by the name that the script calls them. */
  readonly made: Map<string, MadeTable>
  /** Names that had to be changed, by the name in the script. */
  readonly called: Map<string, string>
  /** Where the reference of `table.column` is written. */
  readonly referenceLines: Map<string, number>
  readonly taken: 'refuse' | 'rename'
  /** Records follow, with values as Postgres writes them; names in small letters are told once for all. */
  readonly hasRecords: boolean
}

export function newScript(base: DatabaseSchema, taken: Script['taken'], hasRecords: boolean): Script {
  return {
    base,
    entries: [],
    notes: [],
    unsupported: [],
    indexes: [],
    types: new Map(),
    made: new Map(),
    called: new Map(),
    referenceLines: new Map(),
    taken,
    hasRecords,
  }
}

/** What the script calls `schema."Name"`, as we call it. */
export function tableNameOf(script: Script, relation: Node): string {
  const raw = rawName(relation)
  return (
    script.called.get(raw) ?? script.called.get(text(relation.relname)) ?? plainName(text(relation.relname), 'table')
  )
}

/** The name for a table that is made now; it is noted where it differs from what was written. */
export function newTableName(script: Script, relation: Node, line: number): string {
  const written = text(relation.relname)
  const plain = plainName(written, 'table')
  const isMade = (name: string) => [...script.made.values()].some((table) => table.name === name)
  const isThere = (name: string) => script.base.tables.some((table) => table.name === name)
  const isTaken = (name: string) => isMade(name) || (script.taken === 'rename' && isThere(name))
  const name = freeName(plain, isTaken)
  script.called.set(rawName(relation), name)
  if (name !== written) {
    script.called.set(written, name)
    const reason =
      name === plain
        ? 'names are in lower case here, of letters, digits and underscores'
        : `there is a table "${plain}" already`
    if (name !== plain || !script.hasRecords) note(script, line, `Table "${written}" is called "${name}": ${reason}.`)
  }
  return name
}

/** Takes the table out of what can still be described anew: its name, or another's, changes from here on. */
export function settleTables(script: Script): void {
  script.made.clear()
}

export function pushEdit(script: Script, line: number, edit: SchemaEdit): void {
  script.entries.push({ kind: 'edit', line, edit })
}

export function note(script: Script, line: number, sentence: string): void {
  if (!script.notes.some((one) => one.sentence === sentence)) script.notes.push({ line, sentence })
}

export function refuse(script: Script, line: number, sentence: string): void {
  script.unsupported.push({ line, sentence })
}

/** A table as far as the script has come: made by it, or there before. */
export function knownTable(script: Script, name: string): TableSchema | undefined {
  const made = script.entries.flatMap((entry) => (entry.kind === 'table' && entry.name === name ? [entry] : [])).at(-1)
  if (made) return schemaOf(made)
  return script.base.tables.find((table) => table.name === name)
}

export function schemaOf({ name, columns, unique, comment }: MadeTable): TableSchema {
  return {
    name,
    columns,
    ...(unique.length > 0 ? { unique } : {}),
    ...(comment === undefined ? {} : { comment }),
  }
}

export function changeColumn(table: MadeTable, name: string, change: (column: ColumnSchema) => ColumnSchema): boolean {
  if (!table.columns.some((column) => column.name === name)) return false
  table.columns = table.columns.map((column) => (column.name === name ? change(column) : column))
  return true
}

/** A part of a table is the table itself here. */
export function callPart(script: Script, part: Node, whole: string, line: number): void {
  const name = tableNameOf(script, part)
  const at = script.entries.findIndex((entry) => entry.kind === 'table' && entry.name === name)
  if (at >= 0) script.entries.splice(at, 1)
  script.made.delete(name)
  script.called.set(rawName(part), whole)
  note(script, line, `"${text(part.relname)}" is a part of another table. Its records go to that one.`)
}

export function noteType(script: Script, line: number, at: string, { note: sentence, isSerial }: ReadType): void {
  if (sentence) note(script, line, sentence)
  if (isSerial) noteSerial(script, line, at)
}

export function noteSerial(script: Script, line: number, at: string): void {
  note(script, line, `${at} numbered its records by itself. Here whoever makes a record gives its number.`)
}

export function rawName(relation: Node): string {
  const schema = text(relation.schemaname)
  return schema === '' ? text(relation.relname) : `${schema}.${text(relation.relname)}`
}
