import { cn } from '@renderer/ui/cn'
import type { JsonValue } from '@shared/json'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { type CellText, cellText } from './cell-text'
import type { GridColumn } from './grid-column'
import { jsonPieces } from './json-pieces'

const pieceHues = {
  key: 'text-type-uuid',
  string: 'text-type-json',
  number: 'text-type-integer',
  word: 'text-type-boolean',
  mark: 'text-text-muted',
} as const

/** The inside of a cell: the value told by its form. */
export function CellContent({ column, value }: { readonly column: GridColumn; readonly value: JsonValue | undefined }) {
  if (column.secret) return <Muted>hidden</Muted>
  const cell = cellText(column.type, value)
  if (column.schema.references && cell.form !== 'null') return <Chip>{textOf(cell)}</Chip>
  switch (cell.form) {
    case 'null':
      return <Muted>NULL</Muted>
    case 'empty':
      return null
    case 'boolean':
      return <TickBox checked={cell.checked} />
    case 'json':
      return (
        <span className="truncate">
          {jsonPieces(cell.text).map((piece) => (
            <span key={piece.at} className={pieceHues[piece.kind]}>
              {piece.text}
            </span>
          ))}
        </span>
      )
    default:
      return <span className="truncate">{cell.text}</span>
  }
}

/** Muted and in the small face of the interface: this is no value. */
export function Muted({ italic, children }: { readonly italic?: boolean; readonly children: ReactNode }) {
  return <span className={cn('truncate font-sans text-xs text-text-muted', italic && 'italic')}>{children}</span>
}

function Chip({ children }: { readonly children: ReactNode }) {
  return (
    <span className="truncate rounded-sm border border-border bg-bg-subtle px-1.5 leading-5 text-text">{children}</span>
  )
}

function TickBox({ checked }: { readonly checked: boolean }) {
  return (
    <span
      data-tick
      className={cn(
        'inline-flex size-4 items-center justify-center rounded-sm border',
        checked ? 'border-accent bg-accent text-on-accent' : 'border-border-strong bg-bg',
      )}
    >
      {checked ? <Check aria-hidden strokeWidth={3} className="size-3" /> : null}
      <span className="sr-only">{checked ? 'true' : 'false'}</span>
    </span>
  )
}

function textOf(cell: CellText): string {
  return 'text' in cell ? cell.text : cell.form === 'boolean' ? String(cell.checked) : ''
}
