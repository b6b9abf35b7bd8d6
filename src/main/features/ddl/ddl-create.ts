import type { ColumnSchema } from '@shared/domain/table-schema'
import { as, type Node, names, nodes, text } from '../sql/syntax'
import { noteConstraint, type ReadColumn, readColumn, readReference } from './ddl-columns'
import { freeName, plainName } from './ddl-names'
import { bodiesOf, columnsOf, relationOf } from './ddl-nodes'
import {
  callPart,
  changeColumn,
  knownTable,
  type MadeTable,
  newTableName,
  note,
  pushEdit,
  rawName,
  refuse,
  type Script,
  settleTables,
  tableNameOf,
} from './ddl-script'

/** `create table`, with all that stands between its parentheses. */
export function readCreateTable(script: Script, body: Node, line: number): void {
  const relation = relationOf(body.relation)
  if (
    body.if_not_exists === true &&
    script.base.tables.some(({ name }) => name === plainName(text(relation.relname), 'table'))
  ) {
    note(script, line, `Table "${text(relation.relname)}" is there already.`)
    return
  }
  if (text(relation.relpersistence) === 't') {
    refuse(
      script,
      line,
      'A temporary table cannot be made here: no session stays open to keep it. Use WITH in the query.',
    )
    return
  }
  if (body.partbound !== undefined) {
    const [whole] = bodiesOf('RangeVar', body.inhRelations)
    if (whole) callPart(script, relation, tableNameOf(script, whole), line)
    return
  }
  const name = newTableName(script, relation, line)
  if (body.partspec !== undefined) note(script, line, `Table "${name}" is one table here, without parts.`)
  const table: MadeTable = {
    kind: 'table',
    line,
    written: rawName(relation),
    name,
    called: new Map(),
    padded: new Set(),
    columns: [],
    unique: [],
    comment: undefined,
  }
  for (const parent of bodiesOf('RangeVar', body.inhRelations))
    copyColumns(script, table, tableNameOf(script, parent), line)
  for (const element of nodes(body.tableElts)) {
    const definition = as('ColumnDef', element)
    const constraint = as('Constraint', element)
    const like = as('TableLikeClause', element)
    if (definition) {
      addColumn(script, table, readColumn(script, name, definition, line), line)
    } else if (constraint) addConstraint(script, table, constraint, line)
    else if (like) copyColumns(script, table, tableNameOf(script, relationOf(like.relation)), line)
  }
  script.entries.push(table)
  script.made.set(name, table)
}

export function addColumn(script: Script, table: MadeTable, read: ReadColumn, line: number): void {
  const column = read.isKey ? keyColumn(read.column) : read.column
  const name = freeName(column.name, (taken) => table.columns.some((other) => other.name === taken))
  if (name !== column.name)
    note(script, line, `Two columns of "${table.name}" would be called "${column.name}". One is called "${name}".`)
  table.columns = [...table.columns, { ...column, name }]
  table.called.set(read.written, name)
  if (read.isPadded) table.padded.add(name)
}

/** A constraint of a table that the script makes. */
export function addConstraint(script: Script, table: MadeTable, constraint: Node, line: number): void {
  const columns = columnsOf(constraint.keys)
  switch (text(constraint.contype)) {
    case 'CONSTR_PRIMARY':
      for (const column of columns) changeColumn(table, column, keyColumn)
      return
    case 'CONSTR_UNIQUE':
      addUnique(table, columns)
      return
    case 'CONSTR_FOREIGN': {
      const [column, ...more] = columnsOf(constraint.fk_attrs)
      if (column === undefined) return
      if (more.length > 0) {
        noteWideReference(script, table.name, [column, ...more], line)
        return
      }
      const references = readReference(script, table.name, column, constraint, line)
      changeColumn(table, column, (before) => ({ ...before, references }))
      return
    }
    default:
      noteConstraint(script, table.name, constraint, line)
  }
}

export function noteWideReference(script: Script, table: string, columns: readonly string[], line: number): void {
  note(
    script,
    line,
    `The reference of ${columns.map((name) => `"${name}"`).join(', ')} of "${table}" is not kept: a reference is one column here.`,
  )
}

function addUnique(table: MadeTable, columns: readonly string[]): void {
  const [column, ...more] = columns
  if (column !== undefined && more.length === 0) changeColumn(table, column, (before) => ({ ...before, unique: true }))
  else if (!table.unique.some((set) => [...set].sort().join() === [...columns].sort().join()))
    table.unique = [...table.unique, columns]
}

/** `create index` and `create unique index`. */
export function readIndex(script: Script, body: Node, line: number): void {
  const table = tableNameOf(script, relationOf(body.relation))
  const elements = bodiesOf('IndexElem', body.indexParams)
  const called = text(body.idxname) === '' ? 'An index' : `The index "${text(body.idxname)}"`
  const columns = elements.map((element) => plainName(text(element.name), 'column'))
  const method = text(body.accessMethod)
  const isPlain = elements.every((element) => element.expr === undefined) && body.whereClause === undefined
  if (method !== '' && method !== 'btree' && method !== 'hash') {
    note(script, line, `${called} of "${table}" is not kept: there are no ${method} indexes here.`)
    return
  }
  if (!isPlain) {
    note(script, line, `${called} of "${table}" is not kept: it is over an expression, or some of the records.`)
    return
  }
  if (body.unique !== true) {
    script.indexes.push({ table, columns })
    return
  }
  const made = script.made.get(table)
  const [column = '', ...more] = columns
  if (made) addUnique(made, columns)
  else if (more.length > 0) pushEdit(script, line, { type: 'addUnique', table, columns })
  else pushEdit(script, line, { type: 'setUnique', table, column, unique: true })
}

export function readDrop(script: Script, body: Node, line: number): void {
  for (const object of nodes(body.objects)) {
    const path = names(as('List', object)?.items)
    const name = tableNameOf(script, { relname: path.at(-1) ?? '', schemaname: path.at(-2) ?? '' })
    if (body.missing_ok === true && !knownTable(script, name)) {
      note(script, line, `There is no table "${name}" to drop.`)
      continue
    }
    if (body.behavior === 'DROP_CASCADE') takeReferencesOff(script, name, line)
    settleTables(script)
    pushEdit(script, line, { type: 'dropTable', table: name })
  }
}

/** `cascade`: what refers to the table refers to nothing. */
function takeReferencesOff(script: Script, target: string, line: number): void {
  const made = script.entries.flatMap((entry) => (entry.kind === 'table' ? [entry] : []))
  for (const { name, columns } of [...script.base.tables, ...made])
    for (const column of columns)
      if (column.references?.table === target && name !== target)
        pushEdit(script, line, { type: 'setReference', table: name, column: column.name, references: null })
}

export function readComment(script: Script, body: Node, line: number): void {
  const path = names(as('List', body.object)?.items).map((part) => part ?? '')
  const comment = text(body.comment).trim().slice(0, 2000)
  const isColumn = body.objtype === 'OBJECT_COLUMN'
  if (!isColumn && body.objtype !== 'OBJECT_TABLE') return
  const column = isColumn ? plainName(path.at(-1) ?? '', 'column') : undefined
  const [relname = '', schemaname = ''] = (isColumn ? path.slice(0, -1) : path).reverse()
  const table = tableNameOf(script, { relname, schemaname })
  const made = script.made.get(table)
  if (!made) {
    pushEdit(script, line, {
      type: 'setComment',
      table,
      ...(column === undefined ? {} : { column }),
      comment: comment === '' ? null : comment,
    })
    return
  }
  const said = comment === '' ? {} : { comment }
  if (column === undefined) made.comment = comment === '' ? undefined : comment
  else changeColumn(made, column, ({ comment: _, ...before }) => ({ ...before, ...said }))
}

function keyColumn({ required: _, ...column }: ColumnSchema): ColumnSchema {
  return { ...column, primary_key: true }
}

function copyColumns(script: Script, table: MadeTable, from: string, line: number): void {
  const source = knownTable(script, from)
  if (!source) {
    refuse(script, line, `There is no table "${from}" to take columns from.`)
    return
  }
  const made = script.made.get(from)
  const writtenOf = new Map([...(made?.called ?? [])].map(([written, name]) => [name, written]))
  for (const { name, type, required, primary_key } of source.columns) {
    const column = { name, type, ...(required || primary_key ? { required: true } : {}) }
    const isPadded = made?.padded.has(name) === true
    addColumn(script, table, { column, isKey: false, written: writtenOf.get(name) ?? name, isPadded }, line)
  }
}
