import { AppError } from '@shared/app-error'
import { findColumn, findTable } from '@shared/domain/apply-edit'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import type { ColumnSchema, TableSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import { readDefault } from './default-text'
import { optional } from './describe-again'
import { designColumn, withFittingDefault } from './designed-table'
import { flagMember, isObject, type LooseObject, member, textMember, texts } from './loose'
import { readColumn, readReference } from './loose-column'
import { columnNameOf, sameName, snakeCase, tableNameOf } from './names'
import type { Remarks } from './remarks'
import { resolveColumn } from './resolve-references'
import { readType } from './type-names'

/** The kind of a model's edit; null when there is no such kind. */
export function editKind(value: JsonValue): SchemaEdit['type'] | null {
  if (!isObject(value)) return null
  const word = (textMember(value, 'type', 'op', 'action', 'kind', 'operation', 'edit') ?? '')
    .toLowerCase()
    .replace(/[^a-z]/g, '')
  return kinds.find(([pattern]) => pattern.test(word))?.[1] ?? null
}

const kinds: readonly (readonly [RegExp, SchemaEdit['type']])[] = [
  [/^(add|create|new)table$/, 'addTable'],
  [/^(drop|delete|remove)table$/, 'dropTable'],
  [/^(rename)table$/, 'renameTable'],
  [/^(add|create|new)(column|field)$/, 'addColumn'],
  [/^(drop|delete|remove)(column|field)$/, 'dropColumn'],
  [/^rename(column|field)$/, 'renameColumn'],
  [/^(change|alter|set|modify)(column|field)?(data)?type$|^(alter|modify|change)column$/, 'changeType'],
  [/^(move|reorder)column$/, 'moveColumn'],
  [/^(set|drop)?(required|notnull|nullable)$|^(set|drop)notnull$/, 'setRequired'],
  [/^(set|make)unique$|^(set|make)columnunique$/, 'setUnique'],
  [/^adduniq\w*$/, 'addUnique'],
  [/^(drop|remove)uniq\w*$/, 'dropUnique'],
  [/^(set|drop|change)default(value)?$/, 'setDefault'],
  [/^(add|set|drop|remove|create)(reference|foreignkey|relation|relationship|fk)s?$/, 'setReference'],
]

export interface EditPlace {
  /** As it is when the edit's turn has come. */
  readonly schema: DatabaseSchema
  /** Tables that have records, or may have. */
  readonly isReal: (table: string) => boolean
  readonly remarks: Remarks
}

/** The edit that is meant (all kinds but addTable); throws a sentence when it names what is not there. */
export function readEdit(value: JsonValue, place: EditPlace): SchemaEdit {
  const kind = editKind(value)
  if (kind === null || !isObject(value)) throw unknown(value)
  const table = tableOf(value, place.schema)
  const at = { table: table.name }
  switch (kind) {
    case 'dropTable':
      return { type: kind, ...at }
    case 'renameTable':
      return { type: kind, ...at, name: named(tableNameOf(newName(value)), value) }
    case 'addColumn':
      return { type: kind, ...at, column: newColumn(value, table, place), ...positionOf(value) }
    case 'renameColumn':
      return { type: kind, ...at, column: columnOf(value, table), name: named(columnNameOf(newName(value)), value) }
    case 'dropColumn':
      return { type: kind, ...at, column: columnOf(value, table) }
    case 'changeType': {
      const to =
        textMember(value, 'to', 'new_type', 'data_type', 'column_type', 'value') ?? innerColumnType(value) ?? ''
      const read = readType(to)
      if (read.isUnknown) throw new AppError('VALIDATION', `There is no type "${to.slice(0, 60)}".`)
      return { type: kind, ...at, column: columnOf(value, table), to: read.type }
    }
    case 'moveColumn':
      return { type: kind, ...at, column: columnOf(value, table), position: positionOf(value).position ?? 0 }
    case 'setRequired': {
      const nullable = flagMember(value, 'nullable')
      const isDrop = /drop|nullable/i.test(textMember(value, 'type', 'op', 'action', 'kind') ?? '')
      const required =
        flagMember(value, 'required', 'value', 'not_null') ?? (nullable === undefined ? !isDrop : !nullable)
      return { type: kind, ...at, column: columnOf(value, table), required }
    }
    case 'setUnique':
      return { type: kind, ...at, column: columnOf(value, table), unique: flagMember(value, 'unique', 'value') ?? true }
    case 'addUnique':
    case 'dropUnique': {
      const columns = texts(member(value, 'columns', 'column', 'fields')).map((name) => existing(name, table))
      const [only] = columns
      if (columns.length === 1 && only !== undefined)
        return { type: 'setUnique', ...at, column: only, unique: kind === 'addUnique' }
      return { type: kind, ...at, columns }
    }
    case 'setDefault': {
      const column = columnOf(value, table)
      const { type } = findColumn(table, column)
      return {
        type: kind,
        ...at,
        column,
        default: readDefault(member(value, 'default', 'value', 'default_value'), type) ?? null,
      }
    }
    case 'setReference':
      return setReference(value, table, place)
    default:
      throw unknown(value)
  }
}

function setReference(value: LooseObject, table: TableSchema, { schema, remarks }: EditPlace): SchemaEdit {
  const column = columnOf(value, table)
  const at = { type: 'setReference' as const, table: table.name, column }
  const to = readReference(member(value, 'references', 'reference', 'foreign_key', 'to', 'target'), value)
  if (to === undefined) return { ...at, references: null }
  const targets = { designed: [], known: schema.tables, aliases: new Map<string, string>() }
  const { references } = resolveColumn(table, { ...findColumn(table, column), to }, targets, remarks)
  if (references === undefined)
    throw new AppError(
      'VALIDATION',
      `Column "${column}" of table "${table.name}" references "${to.table.slice(0, 60)}", but there is no such table.`,
    )
  return { ...at, references }
}

function newColumn(value: LooseObject, table: TableSchema, { schema, isReal, remarks }: EditPlace): ColumnSchema {
  const inner = member(value, 'column', 'definition', 'field')
  const { type: _, op: __, action: ___, table: ____, ...flat } = value
  const given = isObject(inner)
    ? inner
    : {
        ...flat,
        name: typeof inner === 'string' ? inner : (textMember(value, 'name', 'column_name') ?? ''),
        type: textMember(value, 'data_type', 'column_type', 'datatype') ?? '',
      }
  const loose = readColumn(given)
  const name = loose === null ? null : columnNameOf(loose.name)
  if (loose === null || name === null)
    throw new AppError('VALIDATION', `A column to add to table "${table.name}" has no name.`)
  if (loose.unknownType !== undefined)
    remarks.doubt(
      `Column "${name}" of table "${table.name}" has the type "${loose.unknownType.slice(0, 60)}", which does not exist.`,
    )
  const targets = { designed: [], known: schema.tables, aliases: new Map<string, string>() }
  const resolved = resolveColumn(table, designColumn(name, loose), targets, remarks)
  const column = withFittingDefault(resolved, table.name, remarks)
  if (!isReal(table.name) || column.required !== true || column.default !== undefined) return column
  remarks.add(notRequired, `${table.name}.${column.name}`)
  return optional(column)
}

function tableOf(value: LooseObject, schema: DatabaseSchema): TableSchema {
  const given = member(value, 'table', 'table_name', 'from')
  const raw = typeof given === 'string' ? given : (textMember(value, 'name', 'old_name') ?? '')
  const snake = snakeCase(raw.replace(/^public\./i, ''), 'table') ?? raw
  const names = schema.tables.map(({ name }) => name)
  return findTable(schema, sameName(snake, names) ?? sameName(tableNameOf(raw) ?? raw, names) ?? raw.slice(0, 60))
}

function columnOf(value: LooseObject, table: TableSchema): string {
  const given = member(value, 'column', 'column_name', 'field', 'old_name', 'from', 'columns')
  const raw = isObject(given) ? textMember(given, 'name', 'column_name') : texts(given)[0]
  return existing(raw ?? textMember(value, 'name') ?? '', table)
}

function existing(raw: string, table: TableSchema): string {
  const names = table.columns.map(({ name }) => name)
  const found =
    names.find((name) => name === raw) ??
    names.find((name) => name === snakeCase(raw, 'column')) ??
    names.find((name) => name === columnNameOf(raw))
  return findColumn(table, found ?? raw.slice(0, 60)).name
}

function newName(value: LooseObject): string {
  return textMember(value, 'new_name', 'to', 'new', 'rename_to', 'name') ?? ''
}

function named(name: string | null, value: LooseObject): string {
  if (name === null)
    throw new AppError(
      'VALIDATION',
      `${JSON.stringify(newName(value).slice(0, 60))} cannot be a name: it holds no letter.`,
    )
  return name
}

function positionOf(value: LooseObject): { readonly position?: number } {
  const position = member(value, 'position', 'index')
  return typeof position === 'number' && Number.isInteger(position) && position >= 0 && position <= 1600
    ? { position }
    : {}
}

function innerColumnType(value: LooseObject): string | undefined {
  const column = member(value, 'column', 'definition')
  return isObject(column) ? textMember(column, 'type', 'data_type') : undefined
}

function unknown(value: JsonValue): AppError {
  return new AppError('VALIDATION', `There is no such edit: ${JSON.stringify(value).slice(0, 100)}.`)
}

const notRequired = (places: string) => `Not required, because records that exist have no value for it: ${places}.`
