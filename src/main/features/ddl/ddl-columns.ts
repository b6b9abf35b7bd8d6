import { columnDefault } from '@shared/domain/column-default'
import type { ColumnReference, ColumnSchema } from '@shared/domain/table-schema'
import { type Node, names, text } from '../sql/syntax'
import { readDefault } from './ddl-defaults'
import { plainName } from './ddl-names'
import { bodiesOf, relationOf } from './ddl-nodes'
import { note, noteSerial, noteType, type Script, tableNameOf } from './ddl-script'
import { readType } from './ddl-types'

export interface ReadColumn {
  readonly column: ColumnSchema
  /** It says so itself; a key over several columns is the table's. */
  readonly isKey: boolean
  /** As the script calls it. */
  readonly written: string
  readonly isPadded: boolean
}

/** A column of `create table` or `add column`, with the rules that are written behind it. */
export function readColumn(script: Script, table: string, definition: Node, line: number): ReadColumn {
  const written = text(definition.colname)
  const name = plainName(written, 'column')
  const at = `Column "${name}" of "${table}"`
  if (name !== written && !script.hasRecords)
    note(
      script,
      line,
      `Column "${written}" of "${table}" is called "${name}": names are in lower case here, of letters, digits and underscores.`,
    )
  const type = readType(definition.typeName, script.types, script.hasRecords)
  noteType(script, line, at, type)
  let column: ColumnSchema = { name, type: type.type, ...(definition.is_not_null === true ? { required: true } : {}) }
  let isKey = false
  for (const constraint of bodiesOf('Constraint', definition.constraints)) {
    const kind = text(constraint.contype)
    switch (kind) {
      case 'CONSTR_NOTNULL':
        column = { ...column, required: true }
        break
      case 'CONSTR_DEFAULT':
        column = withDefault(script, table, column, constraint.raw_expr, line)
        break
      case 'CONSTR_PRIMARY':
        isKey = true
        break
      case 'CONSTR_UNIQUE':
        column = { ...column, unique: true }
        break
      case 'CONSTR_FOREIGN':
        column = { ...column, references: readReference(script, table, name, constraint, line) }
        break
      case 'CONSTR_IDENTITY':
        noteSerial(script, line, at)
        break
      case 'CONSTR_GENERATED':
        note(script, line, `${at} was computed from other columns. Here it is a column like any other.`)
        break
      default:
        noteConstraint(script, table, constraint, line)
    }
  }
  return { column, isKey, written, isPadded: type.isPadded }
}

export function withDefault(
  script: Script,
  table: string,
  { default: _, ...column }: ColumnSchema,
  expression: unknown,
  line: number,
): ColumnSchema {
  const at = `Column "${column.name}" of "${table}"`
  const fallback = readDefault(expression)
  if (fallback.kind === 'none') return column
  if (fallback.kind === 'serial') {
    noteSerial(script, line, at)
    return column
  }
  if (fallback.kind === 'text') {
    const next = { ...column, default: fallback.text }
    if (columnDefault(next).kind !== 'misfit') return next
  }
  note(script, line, `${at} has no default here: a default is a constant, now() or gen_random_uuid().`)
  return column
}

/** The column it refers to may be left out: it is the key, which may come later in the script. */
export function readReference(
  script: Script,
  table: string,
  column: string,
  constraint: Node,
  line: number,
): ColumnReference {
  script.referenceLines.set(`${table}.${column}`, line)
  const target = tableNameOf(script, relationOf(constraint.pktable))
  const [key] = names(constraint.pk_attrs)
  return {
    table: target,
    column: key ? plainName(key, 'column') : '',
    ...actionOf(script, table, column, text(constraint.fk_del_action), line),
  }
}

function actionOf(
  script: Script,
  table: string,
  column: string,
  action: string,
  line: number,
): Pick<ColumnReference, 'on_delete'> {
  if (action === 'c') return { on_delete: 'cascade' }
  if (action === 'n') return { on_delete: 'set_null' }
  if (action === 'd')
    note(
      script,
      line,
      `"${table}"."${column}" refuses to let its target be deleted: there is no "on delete set default" here.`,
    )
  return {}
}

/** Constraints that nothing here holds; those without an effect are not worth a word. */
export function noteConstraint(script: Script, table: string, constraint: Node, line: number): void {
  const kind = text(constraint.contype)
  const name = text(constraint.conname)
  const called = name === '' ? '' : ` "${name}"`
  if (kind === 'CONSTR_CHECK')
    note(
      script,
      line,
      `The check${called} of "${table}" is not kept: records are held to types, required, unique and references.`,
    )
  if (kind === 'CONSTR_EXCLUSION') note(script, line, `The exclusion rule${called} of "${table}" is not kept.`)
}
