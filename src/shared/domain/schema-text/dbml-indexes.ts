import { uniqueSetKey } from '../check-table'
import type { ColumnSchema } from '../table-schema'
import { type DraftTable, fittingName, type Reader } from './dbml-reader'
import { readSettings } from './dbml-settings'
import { DbmlProblem } from './dbml-tokens'

/** The indexes of a table: those that are rules are its keys and unique sets, the others are told apart. */
export function readIndexes(reader: Reader, table: DraftTable): void {
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
    } else if (isPlain) reader.indexes.push({ table: table.name, columns, line: at.line })
    else reader.note(at, `An index of "${table.name}" is passed over: it is over an expression.`)
  }
}
