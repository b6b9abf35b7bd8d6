import { type ColumnDraft, isIdentity } from './column-draft'

/** The folded part in a few words: `key · unique · default now() · to users.id`. */
export function columnSummary(column: ColumnDraft): string {
  if (isIdentity(column)) return 'key'
  const { inKey, unique, default: fallback, references } = column
  return [
    inKey ? 'key' : null,
    unique ? 'unique' : null,
    references ? `to ${references.table ?? 'itself'}.${references.column}` : null,
    fallback === null ? null : `default ${fallback === '' ? 'empty text' : fallback}`,
  ]
    .filter((part) => part !== null)
    .join(' · ')
}
