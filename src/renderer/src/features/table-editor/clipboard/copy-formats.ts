import type { JsonObject, JsonValue } from '@shared/json'
import { wholeText } from '../cell-text'
import type { GridColumn } from '../grid-column'
import { writeBlock } from './block-text'
import { sqlLiteral, sqlName } from './sql-literal'

export const copyFormats = ['csv', 'json', 'markdown', 'sql', 'typescript'] as const
export type CopyFormat = (typeof copyFormats)[number]

export const formatNames: Readonly<Record<CopyFormat, string>> = {
  csv: 'CSV',
  json: 'JSON',
  markdown: 'Markdown table',
  sql: 'SQL insert',
  typescript: 'TypeScript',
}

export interface CopiedCells {
  readonly tableName: string
  readonly columns: readonly GridColumn[]
  readonly rows: readonly (readonly JsonValue[])[]
}

export function copyText(format: CopyFormat, copied: CopiedCells): string {
  switch (format) {
    case 'csv':
      return writeBlock([copied.columns.map(({ name }) => name), ...copied.rows.map((row) => row.map(textOf))], ',')
    case 'json':
      return JSON.stringify(objectsOf(copied), null, 2)
    case 'markdown':
      return markdownText(copied)
    case 'sql':
      return sqlText(copied)
    case 'typescript':
      return typescriptText(copied)
  }
}

function textOf(value: JsonValue): string | null {
  return value === null ? null : wholeText(value)
}

function objectsOf({ columns, rows }: CopiedCells): readonly JsonObject[] {
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])))
}

function markdownText({ columns, rows }: CopiedCells): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const cell = (value: JsonValue) =>
    value === null ? '' : wholeText(value).replace(/[\\|]/g, '\\$&').replace(/\r?\n/g, '<br>')
  return [
    line(columns.map(({ name }) => name)),
    line(columns.map(({ alignRight }) => (alignRight ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(cell))),
  ].join('\n')
}

function sqlText({ tableName, columns, rows }: CopiedCells): string {
  const names = columns.map(({ name }) => sqlName(name)).join(', ')
  const tuples = rows.map((row) => `  (${columns.map(({ type }, index) => sqlLiteral(type, row[index])).join(', ')})`)
  return `insert into ${sqlName(tableName)} (${names}) values\n${tuples.join(',\n')};`
}

function typescriptText(copied: CopiedCells): string {
  const { tableName, columns } = copied
  const name = tableName.replace(/(^|_)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase())
  const fields = columns.map((column) => `  ${column.name}: ${typeName(column)}${column.nullable ? ' | null' : ''}`)
  return `interface ${name} {\n${fields.join('\n')}\n}\n\nconst ${tableName}: ${name}[] = ${JSON.stringify(objectsOf(copied), null, 2)}`
}

function typeName({ type }: GridColumn): string {
  const one = scalarName(type.base)
  return type.array ? `${one}[]` : one
}

/** What is exact travels as text: bigint and numeric too. */
function scalarName(base: string): string {
  if (['smallint', 'integer', 'real', 'double'].includes(base)) return 'number'
  if (base === 'boolean') return 'boolean'
  return base === 'jsonb' ? 'unknown' : 'string'
}
