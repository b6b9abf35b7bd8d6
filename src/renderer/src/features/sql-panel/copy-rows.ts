import { wholeText } from '@renderer/features/table-editor/cell-text'
import type { JsonValue } from '@shared/json'

export type CopyForm = 'tsv' | 'csv' | 'json' | 'markdown' | 'insert'

/** Rows as text for elsewhere; `names` are their columns. */
export function rowsAs(
  form: CopyForm,
  names: readonly string[],
  rows: readonly (readonly JsonValue[])[],
  { headers, table }: { readonly headers: boolean; readonly table: string | null },
): string {
  switch (form) {
    case 'tsv': {
      const lines = rows.map((row) => row.map((value) => tsvCell(wholeText(value))).join('\t'))
      return [...(headers ? [names.map(tsvCell).join('\t')] : []), ...lines].join('\n')
    }
    case 'csv': {
      const lines = rows.map((row) => row.map((value) => csvCell(value)).join(','))
      return [names.map((name) => csvCell(name)).join(','), ...lines].join('\r\n')
    }
    case 'json':
      return JSON.stringify(
        rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? null]))),
        null,
        2,
      )
    case 'markdown': {
      const line = (cells: readonly string[]) =>
        `| ${cells.map((cell) => cell.replace(/\|/g, '\\|').replace(/\n/g, ' ')).join(' | ')} |`
      return [line(names), line(names.map(() => '---')), ...rows.map((row) => line(row.map(wholeText)))].join('\n')
    }
    case 'insert': {
      const list = names.map(quoted).join(', ')
      const values = rows.map((row) => `  (${row.map(literal).join(', ')})`).join(',\n')
      return `insert into ${quoted(table ?? 'table_name')} (${list}) values\n${values};`
    }
  }
}

function tsvCell(text: string): string {
  return /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function csvCell(value: JsonValue): string {
  if (value === null) return ''
  const text = wholeText(value)
  return text === '' || /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

function literal(value: JsonValue): string {
  if (value === null) return 'null'
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return `'${wholeText(value).replaceAll("'", "''")}'`
}
