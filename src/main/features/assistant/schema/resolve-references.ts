import { comparable, isUniqueColumn, typeOf } from '@shared/domain/check-table'
import { hasSecretColumn } from '@shared/domain/secret-column'
import { type ColumnSchema, primaryKeyOf, type TableSchema } from '@shared/domain/table-schema'
import { asSchema, type DesignedColumn, type DesignedTable, withFittingDefault } from './designed-table'
import { sameName, snakeCase, tableNameOf } from './names'
import type { Remarks } from './remarks'

/** All tables that a reference may point to, new and there already. */
export interface Targets {
  readonly designed: readonly DesignedTable[]
  readonly known: readonly TableSchema[]
  /** From what the model calls a table to its name here. */
  readonly aliases: ReadonlyMap<string, string>
}

/** The new tables with references that can be kept, and the columns that have to change for that. */
export function resolveReferences(targets: Targets, remarks: Remarks): readonly TableSchema[] {
  const unique = new Set<string>()
  const tables = targets.designed.map((table) => {
    const rename = new Map<string, string>()
    const columns = table.columns.map((column) => {
      const resolved = resolveColumn(table, column, targets, remarks, unique)
      if (resolved.name !== column.name) rename.set(column.name, resolved.name)
      return withFittingDefault(resolved, table.name, remarks)
    })
    const own = (name: string) => {
      const known = table.aliases.get(name) ?? snakeCase(name, 'column') ?? name
      return rename.get(known) ?? known
    }
    const sets = [...table.unique, ...table.loose.unique].map((names) => [...new Set(names.map(own))])
    const there = (name: string) => columns.some((column) => column.name === name)
    const whole = sets.filter((names) => names.every(there))
    return {
      ...asSchema(
        { ...table, unique: distinct(whole.filter((names) => names.length > 1 && names.length <= 32)) },
        columns.map((column) =>
          whole.some((names) => names.length === 1 && names[0] === column.name && !column.primary_key)
            ? { ...column, unique: true }
            : column,
        ),
      ),
    }
  })
  return tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) =>
      unique.has(`${table.name}.${column.name}`) ? { ...column, unique: true } : column,
    ),
  }))
}

/** `unique` collects columns of new tables that others refer to. */
export function resolveColumn(
  table: { readonly name: string; readonly columns: readonly { readonly name: string }[] },
  { to, ...column }: DesignedColumn,
  targets: Targets,
  remarks: Remarks,
  unique: Set<string> = new Set(),
): ColumnSchema {
  const at = `${table.name}.${column.name}`
  const wanted = to ?? impliedReference(table.name, column, targets)
  if (wanted === undefined) return column
  const name = targetName(wanted.table, targets)
  if (name === undefined) {
    remarks.doubt(
      `Column "${column.name}" of table "${table.name}" references "${wanted.table.slice(0, 60)}", but there is no such table.`,
    )
    return column
  }
  const target = targetColumn(name, wanted.column, targets, unique)
  if (target === undefined) {
    remarks.doubt(`Column "${column.name}" of table "${table.name}" references "${name}", which has no single key.`)
    return column
  }
  if (to === undefined) remarks.add(implied, at)
  const isComparable = comparable(typeOf(column), typeOf(target))
  if (!isComparable) remarks.add(retyped, `${at} is ${target.type}`)
  let onDelete = wanted.onDelete
  if (onDelete === 'set_null' && column.required === true) {
    onDelete = 'restrict'
    remarks.add(notNull, at)
  }
  const suffixed = `${column.name}_id`
  const isSuffixed =
    target.name !== 'id' ||
    /(^|_)id$/.test(column.name) ||
    suffixed.length > 63 ||
    table.columns.some((other) => other.name === suffixed)
  if (!isSuffixed) remarks.add(suffix, `${at} is ${suffixed}`)
  const { default: fallback, ...rest } = column
  return {
    ...rest,
    // A generated uuid refers to nothing.
    ...(fallback === undefined || fallback === 'gen_random_uuid()' ? {} : { default: fallback }),
    name: isSuffixed ? column.name : suffixed,
    type: isComparable ? column.type : target.type,
    references: { table: name, column: target.name, ...(onDelete === undefined ? {} : { on_delete: onDelete }) },
  }
}

export function targetName(raw: string, { aliases, designed, known }: Targets): string | undefined {
  const alias = aliases.get(raw)
  if (alias !== undefined) return alias
  const names = [...designed.map(({ name }) => name), ...known.map(({ name }) => name)]
  const snake = snakeCase(raw, 'table')
  const named = tableNameOf(raw)
  return (snake === null ? undefined : sameName(snake, names)) ?? (named === null ? undefined : sameName(named, names))
}

/** The column named, when records can be told apart by it, or the key. */
function targetColumn(
  table: string,
  raw: string | undefined,
  targets: Targets,
  unique: Set<string>,
): ColumnSchema | undefined {
  const designed = targets.designed.find(({ name }) => name === table)
  if (designed !== undefined) {
    const name = raw === undefined ? 'id' : (designed.aliases.get(raw) ?? snakeCase(raw, 'column') ?? 'id')
    const column =
      designed.columns.find((each) => each.name === name) ?? designed.columns.find((each) => each.name === 'id')
    if (column === undefined || typeOf(column).array) return designed.columns.find((each) => each.name === 'id')
    if (column.primary_key !== true) unique.add(`${table}.${column.name}`)
    return column
  }
  const known = targets.known.find(({ name }) => name === table)
  if (known === undefined) return undefined
  const named = known.columns.find(({ name }) => name === (snakeCase(raw ?? '', 'column') ?? ''))
  const isSecret = named?.name === 'password_hash' && hasSecretColumn(known)
  if (named !== undefined && !isSecret && isUniqueColumn(known, named)) return named
  const key = primaryKeyOf(known)
  return key.length === 1 ? key[0] : undefined
}

/** `customer_id` beside a table customers, and `parent_id` of a table's own records. */
function impliedReference(table: string, column: ColumnSchema, targets: Targets): DesignedColumn['to'] {
  const base = /^(.+)_id$/.exec(column.name)?.[1]
  if (base === undefined || !/^(uuid|smallint|integer|bigint)$/.test(column.type)) return undefined
  if (base === 'parent') return { table, column: undefined, onDelete: undefined }
  const names = [...targets.designed, ...targets.known].map(({ name }) => name)
  const name = sameName(base, names)
  return name === undefined ? undefined : { table: name, column: undefined, onDelete: undefined }
}

function distinct(sets: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const seen = new Set<string>()
  return sets.filter((names) => {
    const key = [...names].sort().join(',')
    return !seen.has(key) && seen.add(key)
  })
}

const implied = (places: string) => `Understood as references, by their names: ${places}.`
const retyped = (places: string) => `Given the type of what they reference: ${places}.`
const notNull = (places: string) =>
  `A required column cannot become NULL when what it references is deleted, so that is refused: ${places}.`
const suffix = (places: string) => `References end in _id: ${places}.`
