import { columnDefault } from '../column-default'
import type { ColumnSchema } from '../table-schema'
import { readIndexes } from './dbml-indexes'
import { type DraftTable, fittingName, found, type Reader, readPath, skipBlock } from './dbml-reader'
import { noteOf, readNote, readSettings, type Setting } from './dbml-settings'
import { DbmlProblem } from './dbml-tokens'
import { dbmlType } from './dbml-types'

export function readTable(reader: Reader): void {
  const at = reader.peek()
  const written = readPath(reader, 'the table').at(-1) ?? at
  const name = fittingName(reader, written, 'table')
  if (reader.tables.some((table) => table.name === name))
    throw new DbmlProblem(`There are two tables "${name}". Rename one of them.`, written)
  reader.aliases.set(written.value, name)
  reader.lines.set(name, written.line)
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
  reader.lines.set(`${table.name}.${name}`, written.line)
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
