import { type ColumnDraft, isIdentity } from './column-draft'

/** The folded part in a few words: `key · unique · default now() · to users.id`. */
export function columnSummary(column: ColumnDraft): string {
  if (isIdentity(column)) return 'key'
  const { was, unique, default: fallback, references } = column
  return [
    was?.primary_key === true ? 'key' : null,
    unique ? 'unique' : null,
    references ? `to ${references.table ?? 'itself'}.${references.column}` : null,
    fallback === null ? null : `default ${fallback === '' ? 'empty text' : fallback}`,
  ]
    .filter((part) => part !== null)
    .join(' · ')
}
