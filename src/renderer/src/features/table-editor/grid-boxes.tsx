import { CellEditor } from './cell-editor'
import { CellNote } from './cell-note'
import type { GridColumn } from './grid-column'
import { columnLeft, type GridLayout } from './grid-layout'
import { GridOverlay, type OverlayRoom } from './grid-overlay'
import type { CellPosition } from './grid-position'
import { type GridSubject, stagedCell, targetOf } from './grid-subject'
import { virtualTop } from './grid-window'
import type { Staging } from './staged/staging'
import type { CellEditing } from './use-cell-editing'
import type { GridWindow } from './use-grid-window'
import type { Records } from './use-record-pages'

export interface GridBoxesProps {
  readonly columns: readonly GridColumn[]
  readonly layout: GridLayout
  readonly view: GridWindow
  readonly pages: Records['pages']
  readonly staging: Staging
  readonly editing: CellEditing
  readonly active: CellPosition
  /** What the active row is about. */
  readonly subject: GridSubject | undefined
  readonly onFocusGrid: () => void
}

/** What an editor or a note takes at most, in px, unless its text is long. */
const boxWidth = 320
const boxHeight = 180

/** What lies over the cells: the editor, or under the active cell why it is not saved. */
export function GridBoxes(props: GridBoxesProps) {
  const { columns, layout, view, pages, editing, active, subject } = props
  const { editor } = editing
  const place = (at: CellPosition) => ({
    layout,
    column: at.column,
    row: at.row,
    room: roomAt(props, at),
    top: at.row * layout.rowHeight - view.origin,
  })
  if (editor) {
    const column = columns[editor.column]
    if (!column) return null
    const row = editor.subject.kind === 'record' ? (pages.rowOf(editor.subject.id) ?? editor.row) : editor.row
    const placed = place({ row, column: editor.column })
    return (
      <GridOverlay {...placed}>
        <CellEditor
          key={`${editor.subject.id} ${editor.column}`}
          column={column}
          text={editor.text}
          typed={editor.typed}
          large={editor.large}
          width={layout.widths[editor.column] ?? 0}
          height={layout.rowHeight}
          room={placed.room}
          check={(text) => editing.check(column, text)}
          onCommit={editing.commit}
          onCancel={editing.cancel}
        />
      </GridOverlay>
    )
  }
  const column = columns[active.column]
  const onScreen = active.row >= view.rowSpan.first && active.row < view.rowSpan.end
  if (!onScreen || !subject || !column) return null
  const cell = stagedCell(subject, column.name)
  if (cell)
    return (
      <GridOverlay below {...place(active)}>
        <CellNote
          column={column}
          cell={cell}
          onEdit={() => editing.open(active)}
          onDiscard={() => {
            void props.staging.setCell(targetOf(subject), column.name, { kind: 'default' })
            props.onFocusGrid()
          }}
          onTake={(keep) => {
            void props.staging.settle([{ id: subject.id, column: column.name }], keep)
            props.onFocusGrid()
          }}
        />
      </GridOverlay>
    )
  const problem = subject.kind === 'new' ? subject.row.problem : undefined
  return problem === undefined ? null : (
    <GridOverlay below {...place(active)}>
      <p
        role="alert"
        className="absolute z-10 w-max max-w-80 rounded-md border border-border bg-bg-raised px-2 py-1 font-sans whitespace-normal text-danger shadow-float"
      >
        {problem}
      </p>
    </GridOverlay>
  )
}

/** Boxes open to where there is room for them, as the grid is scrolled now. */
function roomAt({ view, layout, columns }: GridBoxesProps, { row, column }: CellPosition): OverlayRoom {
  const element = view.scroller.current
  if (!element) return { toLeft: false, upwards: false }
  const { rowHeight } = layout
  const left = columnLeft(layout, column) - (column < layout.pinned ? 0 : element.scrollLeft)
  const below = virtualTop(view.geometry, element.scrollTop) + view.geometry.viewport - (row + 1) * rowHeight
  return {
    toLeft: left > boxWidth / 2 && (left + boxWidth > element.clientWidth || columns[column]?.alignRight === true),
    upwards: below < boxHeight && view.geometry.viewport - below - rowHeight > boxHeight,
  }
}
