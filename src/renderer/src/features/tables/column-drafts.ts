import { type ColumnDraft, type ColumnPatch, isBlank, newColumn } from './column-draft'

export type DraftAction =
  | { readonly type: 'change'; readonly key: string; readonly patch: ColumnPatch }
  | { readonly type: 'add'; readonly column: ColumnDraft; readonly after: string | null }
  | { readonly type: 'remove' | 'keep'; readonly key: string }
  | { readonly type: 'move'; readonly key: string; readonly over: string }

/** What a person does to the list of columns. */
export function changeDrafts(columns: readonly ColumnDraft[], action: DraftAction): readonly ColumnDraft[] {
  switch (action.type) {
    case 'change':
      return columns.map((column) => (column.key === action.key ? { ...column, ...action.patch } : column))
    case 'add': {
      const at = columns.findIndex(({ key }) => key === action.after)
      return at < 0
        ? [...columns, action.column]
        : [...columns.slice(0, at + 1), action.column, ...columns.slice(at + 1)]
    }
    case 'remove':
      return columns.flatMap((column) => {
        if (column.key !== action.key) return [column]
        return column.was === null ? [] : [{ ...column, dropped: true }]
      })
    case 'keep':
      return columns.map((column) => (column.key === action.key ? { ...column, dropped: false } : column))
    case 'move': {
      const moved = columns.find(({ key }) => key === action.key)
      const to = columns.findIndex(({ key }) => key === action.over)
      if (!moved || to < 0) return columns
      const others = columns.filter((column) => column !== moved)
      return [...others.slice(0, to), moved, ...others.slice(to)]
    }
  }
}

/** The blank column that follows, or a new one: where typing goes on after Enter. */
export function nextColumn(columns: readonly ColumnDraft[], key: string): ColumnDraft {
  const next = columns[columns.findIndex((column) => column.key === key) + 1]
  return next && isBlank(next) ? next : newColumn()
}

/** Where the focus goes when a column leaves the list; null when it was the last. */
export function neighbourOf(columns: readonly ColumnDraft[], key: string): string | null {
  const at = columns.findIndex((column) => column.key === key)
  return (columns[at + 1] ?? columns[at - 1])?.key ?? null
}
