import type { ColumnReference, ColumnSchema, TableSchema } from '../table-schema'
import { type DraftReference, type DraftTable, type Endpoint, found, type Reader, readPath } from './dbml-reader'
import { readSettings } from './dbml-settings'
import { DbmlProblem } from './dbml-tokens'

export function readReferences(reader: Reader): void {
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

/** The tables with their references: at the column of the many, at either where there is one on both sides. */
export function withReferences(reader: Reader): readonly TableSchema[] {
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
  if (column) reader.lines.set(`${table.name}.${column.name}`, from.at.line)
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
