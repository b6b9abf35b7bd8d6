import { createHash } from 'node:crypto'
import { assertNever } from '@shared/assert-never'
import { typeOf } from '@shared/domain/check-table'
import { renderValue } from '@shared/domain/coerce-value'
import { columnDefault } from '@shared/domain/column-default'
import { sqlTypeName } from '@shared/domain/column-type'
import { type ColumnSchema, primaryKeyOf, type TableSchema } from '@shared/domain/table-schema'

/** The tables as plain Postgres has them, for files: nothing of it is ever run by the studio. */

/** An index that somebody asked for: columns, and paths into jsonb. */
export interface PlainIndex {
  readonly columns: readonly { readonly name: string; readonly path: readonly string[] }[]
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

export function qualified(table: string): string {
  return `public.${quoteName(table)}`
}

export function createTableText(table: TableSchema): string {
  const columns = table.columns.map((column) => `  ${columnText(column)}`)
  return `CREATE TABLE ${qualified(table.name)} (\n${columns.join(',\n')}\n);\n`
}

function columnText(column: ColumnSchema): string {
  const fallback = defaultText(column)
  const required = column.required === true || column.primary_key === true
  return [
    quoteName(column.name),
    sqlTypeName(typeOf(column)),
    ...(fallback === null ? [] : [`DEFAULT ${fallback}`]),
    ...(required ? ['NOT NULL'] : []),
  ].join(' ')
}

function defaultText(column: ColumnSchema): string | null {
  const fallback = columnDefault(column)
  switch (fallback.kind) {
    case 'none':
    case 'misfit':
      return null
    case 'uuid':
      return 'gen_random_uuid()'
    case 'now':
      return 'now()'
    case 'value':
      if (fallback.value === null) return null
      return `${quoteText(renderValue(typeOf(column), fallback.value))}::${sqlTypeName(typeOf(column))}`
    default:
      return assertNever(fallback)
  }
}

/** Keys and unique sets, once the records are there. */
export function constraintTexts(table: TableSchema): readonly string[] {
  const key = primaryKeyOf(table)
  const sets = [
    ...table.columns
      .filter((column) => column.unique === true && !(key.length === 1 && key[0] === column))
      .map(({ name }) => [name]),
    ...(table.unique ?? []),
  ]
  const alter = `ALTER TABLE ONLY ${qualified(table.name)}\n  ADD CONSTRAINT`
  return [
    ...(key.length === 0
      ? []
      : [
          `${alter} ${quoteName(constraintName(table.name, [], 'pkey'))} PRIMARY KEY (${list(key.map(({ name }) => name))});\n`,
        ]),
    ...sets.map(
      (names) => `${alter} ${quoteName(constraintName(table.name, names, 'key'))} UNIQUE (${list(names)});\n`,
    ),
  ]
}

/** Only to tables that are in the file as well. */
export function referenceTexts(table: TableSchema, known: ReadonlySet<string>): readonly string[] {
  return table.columns.flatMap(({ name, references }) => {
    if (references === undefined || !known.has(references.table)) return []
    const action = { cascade: ' ON DELETE CASCADE', set_null: ' ON DELETE SET NULL', restrict: ' ON DELETE RESTRICT' }[
      references.on_delete ?? 'restrict'
    ]
    return [
      `ALTER TABLE ONLY ${qualified(table.name)}\n  ADD CONSTRAINT ${quoteName(constraintName(table.name, [name], 'fkey'))} FOREIGN KEY (${quoteName(name)}) REFERENCES ${qualified(references.table)} (${quoteName(references.column)})${action};\n`,
    ]
  })
}

export function indexTexts(table: TableSchema, indexes: readonly PlainIndex[]): readonly string[] {
  return indexes.map(({ columns }) => {
    const parts = columns.map(({ name, path }) =>
      path.length === 0
        ? quoteName(name)
        : `(${quoteName(name)} #> ${quoteText(`{${path.map((step) => JSON.stringify(step)).join(',')}}`)})`,
    )
    return `CREATE INDEX ON ${qualified(table.name)} (${parts.join(', ')});\n`
  })
}

/** At most 63 bytes, as Postgres makes them itself; of long ones the end is a digest. */
function constraintName(table: string, columns: readonly string[], kind: 'pkey' | 'key' | 'fkey'): string {
  const name = [table, ...columns, kind].join('_')
  if (name.length <= 63) return name
  return `${name.slice(0, 46)}_${createHash('sha256').update(name).digest('hex').slice(0, 10)}_${kind}`
}

function list(names: readonly string[]): string {
  return names.map(quoteName).join(', ')
}
