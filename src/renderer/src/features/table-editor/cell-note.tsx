import { Button } from '@renderer/ui/button'
import { CellValue } from './grid-cell'
import type { GridColumn } from './grid-column'
import type { StagedCell } from './staged/staged-record'

export interface CellNoteProps {
  readonly column: GridColumn
  readonly cell: StagedCell
  readonly onEdit: () => void
  readonly onDiscard: () => void
  readonly onTake: (keep: 'mine' | 'theirs') => void
}

/** Under a cell that was not saved: why, and the ways on. */
export function CellNote({ column, cell, ...act }: CellNoteProps) {
  const reason = cell.kind === 'unfit' ? cell.reason : cell.kind === 'value' ? cell.problem : undefined
  if (cell.kind !== 'conflict' && reason === undefined) return null
  return (
    <div
      role="alert"
      className="absolute z-10 flex w-max max-w-100 flex-col gap-1.5 rounded-lg border border-border bg-bg-raised p-2.5 font-sans whitespace-normal shadow-float"
    >
      {cell.kind !== 'conflict' ? (
        <>
          <p className="text-danger">{reason}</p>
          <div className="flex gap-1.5">
            <Button size="sm" onClick={act.onEdit}>
              Correct it
            </Button>
            <Button size="sm" variant="ghost" onClick={act.onDiscard}>
              Discard
            </Button>
          </div>
        </>
      ) : (
        <>
          <p>Somebody else changed this cell while you edited it.</p>
          <dl className="grid grid-cols-[auto_1fr] items-center gap-x-3 gap-y-1">
            <dt className="text-text-muted">Before</dt>
            <dd className="flex min-w-0 font-mono">
              <CellValue column={column} value={cell.base} />
            </dd>
            <dt className="text-text-muted">Theirs</dt>
            <dd className="flex min-w-0 font-mono">
              <CellValue column={column} value={cell.theirs} />
            </dd>
            <dt className="text-text-muted">Mine</dt>
            <dd className="flex min-w-0 font-mono">
              <CellValue column={column} value={cell.value} />
            </dd>
          </dl>
          <div className="flex gap-1.5">
            <Button size="sm" onClick={() => act.onTake('theirs')}>
              Keep theirs
            </Button>
            <Button size="sm" variant="primary" onClick={() => act.onTake('mine')}>
              Keep mine
            </Button>
          </div>
        </>
      )}
    </div>
  )
}
