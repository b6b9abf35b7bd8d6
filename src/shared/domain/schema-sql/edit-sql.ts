import { assertNever } from '../../assert-never'
import { applyEdit, findColumn, findTable } from '../apply-edit'
import { uniqueSetKey } from '../check-table'
import type { DatabaseSchema, SchemaEdit } from '../schema-edit'
import { type ColumnSchema, primaryKeyOf, type TableSchema } from '../table-schema'
import { castSql, columnSql, defaultSql, referenceSql, typeSqlOf } from './column-sql'
import { constraintKey, constraintsOf, type NamedConstraint, uniqueSetsOf } from './constraint-names'
import { sqlName, sqlNames, sqlText } from './sql-names'

/**
 * What an edit is in plain Postgres, for a database whose tables are as `schema` says and were made by such statements:
 * one statement each, without the semicolon. Throws as `applyEdit`.
 */
export function editSql(schema: DatabaseSchema, edit: SchemaEdit): readonly string[] {
  const after = applyEdit(schema, edit)
  const names = { before: constraintsOf(schema), after: constraintsOf(after) }
  const { early, late } = renamedConstraints(names, edit)
  return [...early, ...statementsOf(schema, after, edit, names), ...late]
}

interface Names {
  readonly before: readonly NamedConstraint[]
  readonly after: readonly NamedConstraint[]
}

function statementsOf(
  schema: DatabaseSchema,
  after: DatabaseSchema,
  edit: SchemaEdit,
  names: Names,
): readonly string[] {
  if (edit.type === 'addTable') {
    const table = after.tables.at(-1)
    return table ? [createTableSql(table, names.after), ...commentsOf(table)] : []
  }
  const alter = `alter table ${sqlName(edit.table)}`
  const named = (kind: NamedConstraint['kind'], columns: readonly string[], of: keyof Names) =>
    sqlName(nameOf(names[of], edit.table, kind, columns))
  switch (edit.type) {
    case 'dropTable':
      return [`drop table ${sqlName(edit.table)}`]
    case 'renameTable':
      return edit.table === edit.name ? [] : [`${alter} rename to ${sqlName(edit.name)}`]
    case 'addColumn': {
      const column = findColumn(findTable(after, edit.table), edit.column.name)
      const rules = columnRules(edit.table, column, names.after)
      return [[`${alter} add column ${columnSql(column)}`, ...rules].join(' '), ...commentOf(edit.table, column)]
    }
    case 'dropColumn':
      return [`${alter} drop column ${sqlName(edit.column)}`]
    case 'renameColumn':
      return edit.column === edit.name
        ? []
        : [`${alter} rename column ${sqlName(edit.column)} to ${sqlName(edit.name)}`]
    case 'changeType':
      return changeTypeSql(
        edit.table,
        findColumn(findTable(schema, edit.table), edit.column),
        findColumn(findTable(after, edit.table), edit.column),
        edit.unfit ?? 'refuse',
      )
    case 'moveColumn':
      // Postgres lists columns in the order they were added in.
      return []
    case 'setRequired': {
      const { primary_key, required } = findColumn(findTable(schema, edit.table), edit.column)
      if (primary_key === true || (required ?? false) === edit.required) return []
      return [`${alter} alter column ${sqlName(edit.column)} ${edit.required ? 'set' : 'drop'} not null`]
    }
    case 'setUnique': {
      const isUnique = findColumn(findTable(schema, edit.table), edit.column).unique === true
      return isUnique === edit.unique ? [] : uniqueSql(schema, edit, [edit.column], edit.unique, names)
    }
    case 'addUnique':
      return uniqueSql(schema, edit, edit.columns, true, names)
    case 'dropUnique':
      return uniqueSql(schema, edit, edit.columns, false, names)
    case 'setDefault': {
      const fallback = defaultSql(findColumn(findTable(after, edit.table), edit.column))
      const change = fallback === null ? 'drop default' : `set default ${fallback}`
      return [`${alter} alter column ${sqlName(edit.column)} ${change}`]
    }
    case 'setReference': {
      const { references } = findColumn(findTable(schema, edit.table), edit.column)
      const drop = references ? [`drop constraint ${named('reference', [edit.column], 'before')}`] : []
      const add = edit.references
        ? [
            `add constraint ${named('reference', [edit.column], 'after')} foreign key (${sqlName(edit.column)}) ${referenceSql(edit.references)}`,
          ]
        : []
      return [...drop, ...add].map((change) => `${alter} ${change}`)
    }
    case 'setComment': {
      const at =
        edit.column === undefined ? `table ${sqlName(edit.table)}` : `column ${columnPath(edit.table, edit.column)}`
      return [commentSql(at, edit.comment)]
    }
    default:
      return assertNever(edit)
  }
}

function uniqueSql(
  schema: DatabaseSchema,
  { table }: { readonly table: string },
  columns: readonly string[],
  isAdded: boolean,
  names: Names,
): readonly string[] {
  const key = primaryKeyOf(findTable(schema, table)).map(({ name }) => name)
  if (uniqueSetKey(columns) === uniqueSetKey(key)) return []
  const name = sqlName(nameOf(isAdded ? names.after : names.before, table, 'unique', columns))
  const change = isAdded ? `add constraint ${name} unique (${sqlNames(columns)})` : `drop constraint ${name}`
  return [`alter table ${sqlName(table)} ${change}`]
}

function createTableSql(table: TableSchema, names: readonly NamedConstraint[]): string {
  const isComposite = table.columns.filter(({ primary_key }) => primary_key === true).length > 1
  const columns = table.columns.map((column) => {
    const key = column.primary_key === true && !isComposite ? [ruleSql(table.name, 'key', [column.name], names)] : []
    return [columnSql(column), ...key, ...columnRules(table.name, column, names)].join(' ')
  })
  const key = names.find(({ table: of, kind }) => of === table.name && kind === 'key')
  const rules = [
    ...(isComposite && key ? [`${ruleSql(table.name, 'key', key.columns, names)} (${sqlNames(key.columns)})`] : []),
    ...uniqueSetsOf(table)
      .filter((set) => set.length > 1)
      .map((set) => `${ruleSql(table.name, 'unique', set, names)} (${sqlNames(set)})`),
  ]
  return `create table ${sqlName(table.name)} (\n  ${[...columns, ...rules].join(',\n  ')}\n)`
}

/** `unique` and `references ...` behind a column. */
function columnRules(table: string, column: ColumnSchema, names: readonly NamedConstraint[]): readonly string[] {
  return [
    ...(column.unique === true && hasOwnRule(table, column, names)
      ? [ruleSql(table, 'unique', [column.name], names)]
      : []),
    ...(column.references
      ? [`${named(table, 'reference', [column.name], names)}${referenceSql(column.references)}`]
      : []),
  ]
}

function hasOwnRule(table: string, { name }: ColumnSchema, names: readonly NamedConstraint[]): boolean {
  const key = constraintKey({ kind: 'unique', columns: [name] })
  return names.some((one) => one.table === table && constraintKey(one) === key)
}

function ruleSql(
  table: string,
  kind: 'key' | 'unique',
  columns: readonly string[],
  names: readonly NamedConstraint[],
): string {
  return `${named(table, kind, columns, names)}${kind === 'key' ? 'primary key' : 'unique'}`
}

/** `constraint name ` where Postgres would not choose the name itself. */
function named(
  table: string,
  kind: NamedConstraint['kind'],
  columns: readonly string[],
  names: readonly NamedConstraint[],
): string {
  const { name, isUsual } = constraintIn(names, table, kind, columns)
  return isUsual ? '' : `constraint ${sqlName(name)} `
}

function changeTypeSql(
  table: string,
  from: ColumnSchema,
  to: ColumnSchema,
  unfit: 'refuse' | 'null',
): readonly string[] {
  if (from.type === to.type) return []
  const column = `alter column ${sqlName(from.name)}`
  const [old, next] = [defaultSql(from), defaultSql(to)]
  const type = `${column} type ${typeSqlOf(to)} using ${castSql(from, to, unfit)}`
  // A default is not cast by itself.
  const changes =
    old === null && next === null
      ? [type]
      : [`${column} drop default`, type, ...(next === null ? [] : [`${column} set default ${next}`])]
  return [`alter table ${sqlName(table)} ${changes.join(', ')}`]
}

function commentsOf(table: TableSchema): readonly string[] {
  const own = table.comment === undefined ? [] : [commentSql(`table ${sqlName(table.name)}`, table.comment)]
  return [...own, ...table.columns.flatMap((column) => commentOf(table.name, column))]
}

function commentOf(table: string, { name, comment }: ColumnSchema): readonly string[] {
  return comment === undefined ? [] : [commentSql(`column ${columnPath(table, name)}`, comment)]
}

function commentSql(at: string, comment: string | null): string {
  return `comment on ${at} is ${comment === null ? 'null' : sqlText(comment)}`
}

function columnPath(table: string, column: string): string {
  return `${sqlName(table)}.${sqlName(column)}`
}

/**
 * Constraints that are there before and after the edit, under another name: `early` those that give a name away that the
 * edit takes, `late` those that may take one that it gives away.
 */
function renamedConstraints(
  { before, after }: Names,
  edit: SchemaEdit,
): { readonly early: readonly string[]; readonly late: readonly string[] } {
  const nameAfter = new Map(after.map((one) => [`${one.table}/${constraintKey(one)}`, one]))
  const early: string[] = []
  const late: string[] = []
  for (const old of before) {
    const isRenamed = edit.type === 'renameTable' && edit.table === old.table
    const table = isRenamed ? edit.name : old.table
    const columns = old.columns.map((name) =>
      edit.type === 'renameColumn' && edit.table === old.table && edit.column === name ? edit.name : name,
    )
    const next = nameAfter.get(`${table}/${constraintKey({ ...old, columns })}`)
    if (!next || next.name === old.name) continue
    const isEarly = !next.isUsual || (edit.type === 'renameTable' && edit.name === old.name)
    const at = sqlName(isEarly ? old.table : table)
    const rename = `alter table ${at} rename constraint ${sqlName(old.name)} to ${sqlName(next.name)}`
    if (isEarly) early.push(rename)
    else late.push(rename)
  }
  return { early, late }
}

function nameOf(
  names: readonly NamedConstraint[],
  table: string,
  kind: NamedConstraint['kind'],
  columns: readonly string[],
): string {
  return constraintIn(names, table, kind, columns).name
}

function constraintIn(
  names: readonly NamedConstraint[],
  table: string,
  kind: NamedConstraint['kind'],
  columns: readonly string[],
): NamedConstraint {
  const key = constraintKey({ kind, columns })
  const found = names.find((one) => one.table === table && constraintKey(one) === key)
  if (!found) throw new Error(`There is no constraint ${key} of ${table}`)
  return found
}
