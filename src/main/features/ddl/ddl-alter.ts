import type { ColumnSchema } from '@shared/domain/table-schema'
import { as, isNode, type Node, text } from '../sql/syntax'
import { noteConstraint, readColumn, readReference, withDefault } from './ddl-columns'
import { addColumn, addConstraint, noteWideReference } from './ddl-create'
import { plainName } from './ddl-names'
import { bodiesOf, columnsOf, relationOf } from './ddl-nodes'
import {
  callPart,
  changeColumn,
  knownTable,
  type MadeTable,
  note,
  noteSerial,
  noteType,
  pushEdit,
  refuse,
  type Script,
  settleTables,
  tableNameOf,
} from './ddl-script'
import { readType } from './ddl-types'

/** `alter table`, each of its commands. */
export function readAlterTable(script: Script, body: Node, line: number): void {
  if (body.objtype !== undefined && body.objtype !== 'OBJECT_TABLE') return
  const table = tableNameOf(script, relationOf(body.relation))
  if (body.missing_ok === true && !knownTable(script, table)) {
    note(script, line, `There is no table "${table}" to change.`)
    return
  }
  for (const command of bodiesOf('AlterTableCmd', body.cmds)) readCommand(script, table, command, line)
}

function readCommand(script: Script, table: string, command: Node, line: number): void {
  const made = script.made.get(table)
  const column = plainName(text(command.name), 'column')
  switch (text(command.subtype)) {
    case 'AT_AddColumn': {
      const known = knownTable(script, table)
      const definition = as('ColumnDef', command.def) ?? {}
      const added = readColumn(script, table, definition, line)
      if (command.missing_ok === true && known?.columns.some(({ name }) => name === added.column.name)) {
        note(script, line, `Table "${table}" has a column "${added.column.name}" already.`)
        return
      }
      if (made) addColumn(script, made, added, line)
      else if (added.isKey) refuse(script, line, keySentence(table))
      else pushEdit(script, line, { type: 'addColumn', table, column: added.column })
      return
    }
    case 'AT_DropColumn': {
      if (command.missing_ok === true && !knownTable(script, table)?.columns.some(({ name }) => name === column)) {
        note(script, line, `Table "${table}" has no column "${column}" to drop.`)
        return
      }
      pushDrop(script, table, column, command.behavior === 'DROP_CASCADE', line)
      return
    }
    case 'AT_SetNotNull':
    case 'AT_DropNotNull': {
      const required = command.subtype === 'AT_SetNotNull'
      if (made) changeColumn(made, column, (before) => (before.primary_key ? before : { ...before, required }))
      else pushEdit(script, line, { type: 'setRequired', table, column, required })
      return
    }
    case 'AT_ColumnDefault':
      readNewDefault(script, table, made, column, command.def, line)
      return
    case 'AT_AlterColumnType': {
      const type = readType(as('ColumnDef', command.def)?.typeName, script.types, script.hasRecords)
      noteType(script, line, `Column "${column}" of "${table}"`, type)
      if (made) changeColumn(made, column, (before) => ({ ...before, type: type.type }))
      else pushEdit(script, line, { type: 'changeType', table, column, to: type.type })
      return
    }
    case 'AT_AddConstraint':
      readNewConstraint(script, table, made, as('Constraint', command.def) ?? {}, line)
      return
    case 'AT_DropConstraint':
      readDropConstraint(script, table, text(command.name), command.missing_ok === true, line)
      return
    case 'AT_AddIdentity':
      noteSerial(script, line, `Column "${column}" of "${table}"`)
      return
    case 'AT_AttachPartition':
      callPart(script, relationOf(as('PartitionCmd', command.def)?.name), table, line)
      return
    default:
      // Owners, statistics, storage, triggers, row security: nothing that a logical table has.
      if (!quiet.test(text(command.subtype)))
        refuse(script, line, `This change of table "${table}" cannot be made here.`)
  }
}

function readNewDefault(
  script: Script,
  table: string,
  made: MadeTable | undefined,
  column: string,
  expression: unknown,
  line: number,
): void {
  if (made) {
    changeColumn(made, column, (before) => withDefault(script, table, before, expression, line))
    return
  }
  const known: ColumnSchema = knownTable(script, table)?.columns.find(({ name }) => name === column) ?? {
    name: column,
    type: 'text',
  }
  const next = isNode(expression) ? withDefault(script, table, known, expression, line).default : undefined
  pushEdit(script, line, { type: 'setDefault', table, column, default: next ?? null })
}

function readNewConstraint(
  script: Script,
  table: string,
  made: MadeTable | undefined,
  constraint: Node,
  line: number,
): void {
  if (made) {
    addConstraint(script, made, constraint, line)
    return
  }
  const keys = columnsOf(constraint.keys)
  switch (text(constraint.contype)) {
    case 'CONSTR_PRIMARY':
      refuse(script, line, keySentence(table))
      return
    case 'CONSTR_UNIQUE': {
      const [column = '', ...more] = keys
      if (more.length === 0) pushEdit(script, line, { type: 'setUnique', table, column, unique: true })
      else pushEdit(script, line, { type: 'addUnique', table, columns: keys })
      return
    }
    case 'CONSTR_FOREIGN': {
      const columns = columnsOf(constraint.fk_attrs)
      const [column = ''] = columns
      if (columns.length !== 1) noteWideReference(script, table, columns, line)
      else
        pushEdit(script, line, {
          type: 'setReference',
          table,
          column,
          references: readReference(script, table, column, constraint, line),
        })
      return
    }
    case 'CONSTR_NOTNULL':
      for (const column of keys) pushEdit(script, line, { type: 'setRequired', table, column, required: true })
      return
    default:
      noteConstraint(script, table, constraint, line)
  }
}

/** Constraints have no names here; one is found by the name that Postgres gives it. */
function readDropConstraint(script: Script, table: string, name: string, isOptional: boolean, line: number): void {
  const known = knownTable(script, table)
  const made = script.made.get(table)
  const ending = (suffix: string) => (columns: readonly string[]) => `${table}_${columns.join('_')}_${suffix}` === name
  const unique = known?.columns.find((column) => ending('key')([column.name]))
  const reference = known?.columns.find((column) => ending('fkey')([column.name]))
  const set = known?.unique?.find((names) => ending('key')(names))
  if (reference) {
    if (made) changeColumn(made, reference.name, ({ references: _, ...before }) => before)
    else pushEdit(script, line, { type: 'setReference', table, column: reference.name, references: null })
  } else if (unique) {
    if (made) changeColumn(made, unique.name, ({ unique: _, ...before }) => before)
    else pushEdit(script, line, { type: 'setUnique', table, column: unique.name, unique: false })
  } else if (set) {
    if (made) made.unique = made.unique.filter((other) => other.join() !== set.join())
    else pushEdit(script, line, { type: 'dropUnique', table, columns: set })
  } else if (isOptional) note(script, line, `There is no constraint "${name}" of "${table}" to drop.`)
  else
    refuse(
      script,
      line,
      `There is no constraint "${name}" of "${table}". Unique rules are called ${table}_<column>_key here, references ${table}_<column>_fkey.`,
    )
}

function pushDrop(script: Script, table: string, column: string, cascades: boolean, line: number): void {
  const made = script.made.get(table)
  if (made?.columns.some(({ name }) => name === column)) {
    made.columns = made.columns.filter(({ name }) => name !== column)
    made.unique = made.unique.filter((set) => !set.includes(column))
    return
  }
  if (cascades)
    for (const other of script.base.tables)
      for (const { name, references } of other.columns)
        if (references?.table === table && references.column === column)
          pushEdit(script, line, { type: 'setReference', table: other.name, column: name, references: null })
  pushEdit(script, line, { type: 'dropColumn', table, column })
}

/** `alter table ... rename`. */
export function readRename(script: Script, body: Node, line: number): void {
  const table = tableNameOf(script, relationOf(body.relation))
  const written = text(body.newname)
  if (body.renameType === 'OBJECT_TABLE') {
    const name = plainName(written, 'table')
    settleTables(script)
    script.called.set(written, name)
    pushEdit(script, line, { type: 'renameTable', table, name })
  } else if (body.renameType === 'OBJECT_COLUMN') {
    const name = plainName(written, 'column')
    settleTables(script)
    pushEdit(script, line, { type: 'renameColumn', table, column: plainName(text(body.subname), 'column'), name })
  } else if (body.renameType !== 'OBJECT_TABCONSTRAINT' && body.renameType !== 'OBJECT_INDEX')
    refuse(script, line, 'Only tables and their columns can be renamed here.')
}

function keySentence(table: string): string {
  return `The key of table "${table}" cannot change: a key is chosen when a table is made.`
}

const quiet =
  /^AT_(ChangeOwner|SetStatistics|SetStorage|ClusterOn|DropCluster|SetTableSpace|(Re)?SetRelOptions|SetOptions|ResetOptions|ReplicaIdentity|(Enable|Disable|Force|NoForce)\w*|ValidateConstraint|SetLogged|SetUnLogged|SetAccessMethod|SetCompression|AlterConstraint|SetIdentity|DropIdentity|DropExpression)$/
