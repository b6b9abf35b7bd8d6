import { Button } from '@renderer/ui/button'
import type { CellEdit } from './cell-edits'
import { CellValue } from './grid-cell'
import type { GridColumn } from './grid-column'

export interface CellNoteProps {
  readonly column: GridColumn
  readonly edit: Exclude<CellEdit, { readonly state: 'saving' }>
  readonly onEdit: () => void
  readonly onDiscard: () => void
  readonly onTakeMine: () => void
  readonly onTakeTheirs: () => void
}

/** Under a cell that was not saved: why, and the ways on. */
export function CellNote({ column, edit, ...act }: CellNoteProps) {
  return (
    <div
      role="alert"
      className="absolute z-10 flex w-max max-w-100 flex-col gap-1.5 rounded-lg border border-border bg-bg-raised p-2.5 font-sans whitespace-normal shadow-float"
    >
      {edit.state === 'failed' ? (
        <>
          <p className="text-danger">{edit.reason}</p>
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
            <dt className="text-text-muted">Theirs</dt>
            <dd className="flex min-w-0 font-mono">
              <CellValue column={column} value={edit.theirs[column.name]} />
            </dd>
            <dt className="text-text-muted">Mine</dt>
            <dd className="flex min-w-0 font-mono">
              <CellValue column={column} value={edit.mine} />
            </dd>
          </dl>
          <div className="flex gap-1.5">
            <Button size="sm" onClick={act.onTakeTheirs}>
              Keep theirs
            </Button>
            <Button size="sm" variant="primary" onClick={act.onTakeMine}>
              Save mine
            </Button>
          </div>
        </>
      )}
    </div>
  )
}
