import type { ColumnDraft } from './column-draft'

/** The folded part in a few words: `key · unique · default now() · to users.id`. */
export function columnSummary({ was, unique, default: fallback, references }: ColumnDraft): string {
  return [
    was?.primary_key === true ? 'key' : null,
    unique ? 'unique' : null,
    references ? `to ${references.table ?? 'itself'}.${references.column}` : null,
    fallback === null ? null : `default ${fallback === '' ? 'empty text' : fallback}`,
  ]
    .filter((part) => part !== null)
    .join(' · ')
}
