import { cn } from '@renderer/ui/cn'
import { TypeMark } from '@renderer/ui/type-mark'
import { parseColumnType } from '@shared/domain/column-type'
import { isSecretColumn } from '@shared/domain/secret-column'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { KeyRound, Link2, Lock, MessageSquareText } from 'lucide-react'

/** The picture before a column's name: key, reference, secret, or its type. */
export function ColumnMark({ table, column }: { readonly table: string; readonly column: ColumnSchema }) {
  const looks = 'size-3.5 shrink-0'
  if (column.primary_key) return <KeyRound aria-hidden className={cn(looks, 'text-warning')} />
  if (column.references) return <Link2 aria-hidden className={cn(looks, 'text-accent-text')} />
  if (isSecretColumn(table, column.name)) return <Lock aria-hidden className={cn(looks, 'text-text-muted')} />
  return <TypeMark base={parseColumnType(column.type)?.base ?? 'text'} />
}

/** Something is written about it; to be read on hover. */
export function CommentMark({ comment }: { readonly comment: string }) {
  return (
    <span title={comment} className="flex shrink-0 text-text-muted">
      <MessageSquareText aria-hidden className="size-3" />
    </span>
  )
}

/** "text, required, unique, default draft, refers to users.id": a column as it is read aloud. */
export function columnWords(column: ColumnSchema): string {
  const { references } = column
  return [
    column.type,
    column.primary_key ? 'key' : null,
    column.required && !column.primary_key ? 'required' : null,
    column.unique ? 'unique' : null,
    column.default === undefined ? null : `default ${column.default === '' ? 'empty text' : column.default}`,
    references ? `refers to ${references.table}.${references.column}` : null,
    column.comment === undefined ? null : `comment ${column.comment}`,
  ]
    .filter((part) => part !== null)
    .join(', ')
}
