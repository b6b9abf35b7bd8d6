import { cellText } from '@renderer/features/table-editor/cell-text'
import { mutedLooks } from '@renderer/features/table-editor/grid-cell'
import { jsonPieces } from '@renderer/features/table-editor/json-pieces'
import { Skeleton } from '@renderer/ui/skeleton'
import type { ColumnType } from '@shared/domain/column-type'
import type { JsonValue } from '@shared/json'

const pieceHues = {
  key: 'text-type-uuid',
  string: 'text-type-json',
  number: 'text-type-integer',
  word: 'text-type-boolean',
  mark: 'text-text-muted',
} as const

/** A value told by its form; undefined is one that has not come yet. */
export function ResultCell({ type, value }: { readonly type: ColumnType; readonly value: JsonValue | undefined }) {
  if (value === undefined) return <Skeleton className="h-3 w-2/3" />
  const cell = cellText(type, value)
  if (cell.form === 'null') return <span className={mutedLooks}>NULL</span>
  if (cell.form === 'empty') return null
  if (cell.form === 'boolean')
    return (
      <span
        role="img"
        aria-label={cell.checked ? 'true' : 'false'}
        data-tick={cell.checked}
        className="inline-block size-4 rounded-sm border border-border-strong bg-bg bg-center bg-no-repeat data-[tick=true]:border-accent data-[tick=true]:bg-accent data-[tick=true]:bg-(image:--tick)"
      />
    )
  if (cell.form !== 'json') return <span className="truncate">{cell.text}</span>
  return (
    <span className="truncate">
      {jsonPieces(cell.text).map((piece) => (
        <span key={piece.at} className={pieceHues[piece.kind]}>
          {piece.text}
        </span>
      ))}
    </span>
  )
}
