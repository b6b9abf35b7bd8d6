import type { DatabaseSchema } from '../schema-edit'
import type { ColumnSchema, TableSchema } from '../table-schema'

/** The schema as a page of Markdown: a heading and a list of columns for each table. */
export function schemaMarkdown({ tables }: DatabaseSchema, title: string): string {
  return [
    `# ${cell(title)}`,
    '',
    ...tables.map((table) => `- [${table.name}](#${table.name})`),
    '',
    ...tables.map(tablePage),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
}

function tablePage(table: TableSchema): string {
  const rows = table.columns.map(
    (column) =>
      `| ${column.name} | ${column.type} | ${rulesOf(column)} | ${cell(column.default ?? '')} | ${cell(column.comment ?? '')} |`,
  )
  const sets = (table.unique ?? []).map((set) => `Unique together: ${set.join(', ')}.\n`)
  return [
    `## ${table.name}`,
    '',
    ...(table.comment === undefined ? [] : [table.comment, '']),
    '| Column | Type | Rules | Default | Comment |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    ...sets,
  ].join('\n')
}

function rulesOf({ primary_key, unique, required, references }: ColumnSchema): string {
  return [
    ...(primary_key === true ? ['key'] : []),
    ...(required === true && primary_key !== true ? ['required'] : []),
    ...(unique === true ? ['unique'] : []),
    ...(references ? [`refers to [${references.table}](#${references.table}).${references.column}`] : []),
    ...(references?.on_delete === 'cascade' ? ['deleted with it'] : []),
    ...(references?.on_delete === 'set_null' ? ['emptied with it'] : []),
  ].join(', ')
}

function cell(text: string): string {
  return text.replace(/[\\|]/g, '\\$&').replace(/\s*\n\s*/g, ' ')
}
