import { uniqueSetKey } from '../check-table'
import { columnDefault } from '../column-default'
import type { DatabaseSchema } from '../schema-edit'
import { type ColumnReference, type ColumnSchema, namePattern, type OnDelete, type TableSchema } from '../table-schema'
import { DbmlProblem, type DbmlToken, dbmlTokens } from './dbml-tokens'
import { dbmlType } from './dbml-types'

export { DbmlProblem } from './dbml-tokens'

export interface TextNote {
  readonly line: number
  readonly sentence: string
}

export interface ParsedDbml {
  readonly schema: DatabaseSchema
  /** What became other than it was written, and what was passed over. */
  readonly notes: readonly TextNote[]
}

/** Tables, columns and references of a DBML text, exactly as written. Throws DbmlProblem with line and column. */
export function parseDbml(text: string): ParsedDbml {
  const reader = new Reader(dbmlTokens(text))
  while (reader.peek().kind !== 'end') readElement(reader)
  return { schema: { tables: withReferences(reader) }, notes: reader.notes }
}

interface DraftTable {
  readonly name: string
  readonly at: DbmlToken
  columns: readonly ColumnSchema[]
  unique: readonly (readonly string[])[]
  comment: string | undefined
}

interface Endpoint {
  readonly table: string
  readonly columns: readonly string[]
  readonly at: DbmlToken
}

interface DraftReference {
  readonly from: Endpoint
  readonly sign: string
  readonly to: Endpoint
  readonly onDelete: OnDelete | undefined
}

interface Setting {
  readonly name: string
  readonly at: DbmlToken
  readonly value: readonly DbmlToken[]
}

class Reader {
  readonly tables: DraftTable[] = []
  readonly references: DraftReference[] = []
  readonly aliases = new Map<string, string>()
  readonly enums = new Set<string>()
  readonly notes: TextNote[] = []
  readonly #tokens: readonly DbmlToken[]
  #at = 0

  constructor(tokens: readonly DbmlToken[]) {
    this.#tokens = tokens
  }

  peek(ahead = 0): DbmlToken {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]
    if (!token) throw new Error('There is always an end')
    return token
  }

  next(): DbmlToken {
    const token = this.peek()
    if (token.kind !== 'end') this.#at++
    return token
  }

  isSign(value: string, ahead = 0): boolean {
    const token = this.peek(ahead)
    return token.kind === 'sign' && token.value === value
  }

  /** Takes the sign when it is next. */
  takes(value: string): boolean {
    if (!this.isSign(value)) return false
    this.next()
    return true
  }

  expect(value: string, where: string): DbmlToken {
    const token = this.next()
    if (token.kind !== 'sign' || token.value !== value)
      throw new DbmlProblem(`A "${value}" is missing ${where}${found(token)}.`, token)
    return token
  }

  name(what: string): DbmlToken {
    const token = this.next()
    if (token.kind !== 'word' && token.kind !== 'quoted')
      throw new DbmlProblem(`The name of ${what} is missing${found(token)}.`, token)
    return token
  }

  note({ line }: DbmlToken, sentence: string): void {
    if (!this.notes.some((note) => note.sentence === sentence)) this.notes.push({ line, sentence })
  }
}

function found(token: DbmlToken): string {
  return token.kind === 'end' ? ', and the text ends' : `, here is "${token.value.slice(0, 30)}"`
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

function readTable(reader: Reader): void {
  const at = reader.peek()
  const written = readPath(reader, 'the table').at(-1) ?? at
  const name = fittingName(reader, written, 'table')
  if (reader.tables.some((table) => table.name === name))
    throw new DbmlProblem(`There are two tables "${name}". Rename one of them.`, written)
  reader.aliases.set(written.value, name)
  if (reader.peek().kind === 'word' && reader.peek().value.toLowerCase() === 'as') {
    reader.next()
    reader.aliases.set(reader.name('the alias').value, name)
  }
  const settings = readSettings(reader)
  const table: DraftTable = { name, at: written, columns: [], unique: [], comment: noteOf(settings) }
  reader.tables.push(table)
  reader.expect('{', `after the name of table "${name}"`)
  while (!reader.takes('}')) readTableLine(reader, table)
  if (table.columns.length === 0) throw new DbmlProblem(`Table "${name}" needs at least one column.`, written)
}

function readTableLine(reader: Reader, table: DraftTable): void {
  const token = reader.peek()
  if (token.kind === 'end') throw new DbmlProblem(`The "}" of table "${table.name}" is missing.`, token)
  const word = token.kind === 'word' ? token.value.toLowerCase() : ''
  if (word === 'note' && (reader.isSign(':', 1) || reader.isSign('{', 1))) {
    reader.next()
    table.comment = readNote(reader)
  } else if (word === 'indexes' && reader.isSign('{', 1)) {
    reader.next()
    readIndexes(reader, table)
  } else if (word === 'checks' && reader.isSign('{', 1)) {
    reader.note(token, `The checks of "${table.name}" are not kept.`)
    reader.next()
    skipBlock(reader)
  } else readColumn(reader, table)
}

function readColumn(reader: Reader, table: DraftTable): void {
  const written = reader.name('a column')
  const name = fittingName(reader, written, 'column')
  if (table.columns.some((column) => column.name === name))
    throw new DbmlProblem(`Table "${table.name}" has two columns "${name}". Rename one of them.`, written)
  const type = readType(reader, table, name)
  let column: ColumnSchema = { name, type }
  for (const setting of readSettings(reader)) column = withSetting(reader, table, column, setting)
  table.columns = [...table.columns, column]
}

function readType(reader: Reader, table: DraftTable, column: string): string {
  const at = reader.peek()
  if (at.leads || (at.kind !== 'word' && at.kind !== 'quoted'))
    throw new DbmlProblem(`Column "${column}" of table "${table.name}" has no type${found(at)}.`, at)
  let written = ''
  while (!reader.peek().leads || written === '') {
    const token = reader.peek()
    if (token.kind === 'end' || (token.kind === 'sign' && !'(),.['.includes(token.value))) break
    if (reader.isSign('[')) {
      if (!reader.isSign(']', 1)) break
      reader.next()
      written += '['
    }
    const part = reader.peek()
    written += part.kind === 'word' && /[a-z]$/i.test(written) ? ` ${part.value}` : part.value
    reader.next()
  }
  const type = dbmlType(written)
  if (type !== null) return type
  const isEnum = reader.enums.has(written)
  reader.note(
    at,
    isEnum
      ? `The values of ${written} are not enforced: it is text here.`
      : `There is no type ${written} here: it is kept as text.`,
  )
  return 'text'
}

function withSetting(reader: Reader, table: DraftTable, column: ColumnSchema, setting: Setting): ColumnSchema {
  const { name, at, value } = setting
  switch (name) {
    case 'pk':
    case 'primary key':
      return { ...column, primary_key: true }
    case 'not null':
      return { ...column, required: true }
    case 'null':
      return column
    case 'unique':
      return { ...column, unique: true }
    case 'increment':
      reader.note(at, `Column "${column.name}" of "${table.name}" is not numbered by itself here.`)
      return column
    case 'note': {
      const comment = value[0]?.value ?? ''
      return comment === '' ? column : { ...column, comment }
    }
    case 'default': {
      const text = value.map((token) => token.value).join('')
      if (value[0]?.kind === 'word' && text.toLowerCase() === 'null') return column
      const next = { ...column, default: text }
      if (columnDefault(next).kind !== 'misfit') return next
      throw new DbmlProblem(
        `The default ${text} of column "${column.name}" does not fit ${column.type}.`,
        value[0] ?? at,
      )
    }
    case 'ref': {
      const [sign, ...path] = value
      const names = path.filter(({ kind }) => kind !== 'sign')
      const target = names.at(-1)
      const owner = names.at(-2)
      if (!sign || !target || !owner)
        throw new DbmlProblem('A reference is written as "ref: > table.column".', sign ?? at)
      reader.references.push({
        from: { table: table.name, columns: [column.name], at },
        sign: sign.value,
        to: { table: owner.value, columns: [target.value], at: owner },
        onDelete: undefined,
      })
      return column
    }
    default:
      reader.note(at, `"${name}" of a column is passed over.`)
      return column
  }
}

function readIndexes(reader: Reader, table: DraftTable): void {
  reader.expect('{', 'after "indexes"')
  while (!reader.takes('}')) {
    const at = reader.peek()
    if (at.kind === 'end') throw new DbmlProblem('The "}" of the indexes is missing.', at)
    const columns: string[] = []
    let isPlain = at.kind !== 'code'
    if (reader.takes('(')) {
      while (!reader.takes(')')) {
        const token = reader.next()
        if (token.kind === 'end') throw new DbmlProblem('The ")" of the index is missing.', token)
        if (token.kind === 'code') isPlain = false
        else if (token.kind !== 'sign') columns.push(fittingName(reader, token, 'column'))
      }
    } else if (at.kind === 'code') reader.next()
    else columns.push(fittingName(reader, reader.name('a column'), 'column'))
    const settings = readSettings(reader).map(({ name }) => name)
    const unknown = columns.find((name) => !table.columns.some((column) => column.name === name))
    if (isPlain && unknown !== undefined) throw new DbmlProblem(`Table "${table.name}" has no column "${unknown}".`, at)
    const mark = (change: Partial<ColumnSchema>) => {
      table.columns = table.columns.map((column) => (columns.includes(column.name) ? { ...column, ...change } : column))
    }
    if (isPlain && settings.includes('pk')) mark({ primary_key: true })
    else if (isPlain && settings.includes('unique')) {
      if (columns.length === 1) mark({ unique: true })
      else if (!table.unique.some((set) => uniqueSetKey(set) === uniqueSetKey(columns)))
        table.unique = [...table.unique, columns]
    } else reader.note(at, `An index of "${table.name}" is passed over: it holds no rule.`)
  }
}

/** `[pk, default: 1, note: 'x']`; nothing when there is no bracket. */
function readSettings(reader: Reader): readonly Setting[] {
  if (!reader.isSign('[')) return []
  const open = reader.next()
  const settings: Setting[] = []
  while (!reader.takes(']')) {
    const at = reader.peek()
    if (at.kind === 'end') throw new DbmlProblem('The "]" of these settings is missing.', open)
    const words: string[] = []
    while (reader.peek().kind === 'word') words.push(reader.next().value.toLowerCase())
    const value: DbmlToken[] = []
    if (reader.takes(':'))
      while (!reader.isSign(',') && !reader.isSign(']')) {
        const token = reader.next()
        if (token.kind === 'end') throw new DbmlProblem('The "]" of these settings is missing.', open)
        value.push(token)
      }
    if (words.length === 0) throw new DbmlProblem(`A setting has a name, like "not null"${found(at)}.`, at)
    settings.push({ name: words.join(' '), at, value })
    if (!reader.isSign(']')) reader.expect(',', 'between two settings')
  }
  return settings
}

function readReferences(reader: Reader): void {
  if (reader.peek().kind === 'word' || reader.peek().kind === 'quoted') reader.next()
  if (reader.takes('{')) {
    while (!reader.takes('}')) readReference(reader)
    return
  }
  reader.expect(':', 'after "Ref"')
  readReference(reader)
}

function readReference(reader: Reader): void {
  const from = readEndpoint(reader)
  const sign = reader.next()
  if (!['>', '<', '-', '<>'].includes(sign.value))
    throw new DbmlProblem(`Between the ends of a reference stands >, <, - or <>${found(sign)}.`, sign)
  const to = readEndpoint(reader)
  const action = readSettings(reader).find(({ name }) => name === 'delete')
  const word = action?.value.map(({ value }) => value.toLowerCase()).join(' ')
  if (word === 'set default' && action)
    reader.note(action.at, 'There is no "set default" here: the target cannot be deleted.')
  const onDelete = word === 'cascade' ? 'cascade' : word === 'set null' ? 'set_null' : undefined
  reader.references.push({ from, sign: sign.value, to, onDelete })
}

function readEndpoint(reader: Reader): Endpoint {
  const at = reader.peek()
  const path = readPath(reader, 'a table')
  if (reader.isSign('(')) {
    reader.next()
    const columns: string[] = []
    while (!reader.takes(')')) {
      const token = reader.next()
      if (token.kind === 'end') throw new DbmlProblem('The ")" of this reference is missing.', token)
      if (token.kind !== 'sign') columns.push(token.value)
    }
    return { table: path.at(-1)?.value ?? '', columns, at }
  }
  const [column, table] = [path.at(-1), path.at(-2)]
  if (!column || !table) throw new DbmlProblem('An end of a reference is written as table.column.', at)
  return { table: table.value, columns: [column.value], at }
}

/** `schema.table.column`, or `schema.table.(` with the bracket left. */
function readPath(reader: Reader, what: string): readonly DbmlToken[] {
  const path = [reader.name(what)]
  while (reader.takes('.')) {
    if (reader.isSign('(')) break
    path.push(reader.name(what))
  }
  return path
}

function readEnum(reader: Reader): void {
  const path = readPath(reader, 'the enum')
  reader.enums.add(path.at(-1)?.value ?? '')
  skipBlock(reader)
}

function readNote(reader: Reader): string | undefined {
  const isBlock = !reader.takes(':') && reader.takes('{')
  const token = reader.next()
  if (token.kind !== 'text' && token.kind !== 'quoted')
    throw new DbmlProblem(`A note is a text in quotes${found(token)}.`, token)
  if (isBlock) reader.expect('}', 'after the note')
  return token.value === '' ? undefined : token.value
}

function skipElement(reader: Reader, token: DbmlToken): void {
  reader.note(token, `${token.value} is passed over: it is no part of a schema.`)
  while (!reader.isSign('{') && reader.peek().kind !== 'end' && !reader.isSign(':')) reader.next()
  if (reader.takes(':')) reader.next()
  else skipBlock(reader)
}

function skipBlock(reader: Reader): void {
  const open = reader.expect('{', 'here')
  for (let depth = 1; depth > 0; ) {
    const token = reader.next()
    if (token.kind === 'end') throw new DbmlProblem('The "}" of this is missing.', open)
    if (token.kind === 'sign' && token.value === '{') depth++
    if (token.kind === 'sign' && token.value === '}') depth--
  }
}

function noteOf(settings: readonly Setting[]): string | undefined {
  return settings.find(({ name }) => name === 'note')?.value[0]?.value || undefined
}

function fittingName(reader: Reader, token: DbmlToken, kind: 'table' | 'column'): string {
  if (namePattern.test(token.value)) return token.value
  const plain = token.value
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .slice(0, 63)
  const name = namePattern.test(plain) ? plain : `${kind}_${plain}`.slice(0, 63)
  if (!namePattern.test(name)) throw new DbmlProblem(`"${token.value}" cannot be the name of a ${kind}.`, token)
  reader.note(
    token,
    `"${token.value}" is called "${name}": names are in lower case here, of letters, digits and underscores.`,
  )
  return name
}

/** The tables with their references: at the column of the many, at either where there is one on both sides. */
function withReferences(reader: Reader): readonly TableSchema[] {
  const made: TableSchema[] = []
  for (const reference of reader.references) {
    const { from, sign, to } = reference
    const left = resolve(reader, from)
    const right = resolve(reader, to)
    if (!left.column || !right.column) {
      reader.note(from.at, `A reference over several columns is not kept: a reference is one column here.`)
      continue
    }
    if (sign === '<>') {
      made.push(joinTable(left.table, left.column, right.table, right.column))
      continue
    }
    const [referrer, target] = sign === '<' ? [right, left] : [left, right]
    setReference(reader, referrer, { table: target.table.name, column: target.column?.name ?? '' }, reference)
  }
  return [...reader.tables.map(tableOf), ...made]
}

function setReference(
  reader: Reader,
  referrer: Resolved,
  target: ColumnReference,
  { from, onDelete }: DraftReference,
): void {
  const { table, column } = referrer
  if (column?.references && (column.references.table !== target.table || column.references.column !== target.column))
    reader.note(from.at, `"${table.name}"."${column.name}" refers to one table; the last one counts.`)
  const references = { ...target, ...(onDelete ? { on_delete: onDelete } : {}) }
  table.columns = table.columns.map((other) => (other.name === column?.name ? { ...other, references } : other))
}

interface Resolved {
  readonly table: DraftTable
  /** Null when the end is over several columns. */
  readonly column: ColumnSchema | null
}

function resolve(reader: Reader, { table: name, columns, at }: Endpoint): Resolved {
  const called = reader.aliases.get(name) ?? name
  const table = reader.tables.find((one) => one.name === called)
  if (!table) throw new DbmlProblem(`There is no table "${name}".`, at)
  const [first = '', ...more] = columns
  if (more.length > 0) return { table, column: null }
  const column = table.columns.find((one) => one.name === first || one.name === first.toLowerCase())
  if (!column) throw new DbmlProblem(`Table "${table.name}" has no column "${first}".`, at)
  return { table, column }
}

/** Many on both sides meet in a table of their own. */
function joinTable(left: DraftTable, leftKey: ColumnSchema, right: DraftTable, rightKey: ColumnSchema): TableSchema {
  const side = (table: DraftTable, key: ColumnSchema, suffix: string): ColumnSchema => ({
    name: `${table.name}_${key.name}${suffix}`.slice(0, 63),
    type: key.type,
    primary_key: true,
    references: { table: table.name, column: key.name, on_delete: 'cascade' },
  })
  return {
    name: `${left.name}_${right.name}`.slice(0, 63),
    columns: [side(left, leftKey, ''), side(right, rightKey, left === right ? '_2' : '')],
  }
}

function tableOf({ name, columns, unique, comment }: DraftTable): TableSchema {
  return {
    name,
    columns,
    ...(unique.length > 0 ? { unique } : {}),
    ...(comment === undefined ? {} : { comment }),
  }
}
