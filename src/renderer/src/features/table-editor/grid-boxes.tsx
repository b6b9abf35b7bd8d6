import type { TableRecord } from '@shared/contract/records.contract'
import { CellEditor } from './cell-editor'
import { CellNote } from './cell-note'
import { wholeText } from './cell-text'
import type { GridColumn } from './grid-column'
import { columnLeft, type GridLayout } from './grid-layout'
import { GridOverlay, type OverlayRoom } from './grid-overlay'
import type { CellPosition } from './grid-position'
import { virtualTop } from './grid-window'
import type { CellEditing } from './use-cell-editing'
import type { GridWindow } from './use-grid-window'
import type { RecordChanges } from './use-record-changes'
import type { Records } from './use-record-pages'

export interface GridBoxesProps {
  readonly columns: readonly GridColumn[]
  readonly layout: GridLayout
  readonly view: GridWindow
  readonly pages: Records['pages']
  readonly changes: RecordChanges
  readonly editing: CellEditing
  readonly active: CellPosition
  readonly record: TableRecord | undefined
  /** What is wrong with the active cell of the new record. */
  readonly draftProblem: string | undefined
  readonly onFocusGrid: () => void
}

/** What an editor or a note takes at most, in px, unless its text is long. */
const boxWidth = 320
const boxHeight = 180

/** What lies over the cells: the editor, or under the active cell why it is not saved. */
export function GridBoxes(props: GridBoxesProps) {
  const { columns, layout, view, pages, editing, active, record } = props
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
    const row = editor.record ? (pages.rowOf(editor.record._id) ?? editor.row) : editor.row
    const placed = place({ row, column: editor.column })
    return (
      <GridOverlay {...placed}>
        <CellEditor
          key={`${editor.record?._id ?? 'new'} ${editor.column}`}
          column={column}
          text={editor.text}
          typed={editor.typed}
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
  return (
    <>
      {onScreen && record && column ? <Note {...props} record={record} column={column} place={place(active)} /> : null}
      {props.draftProblem ? (
        <GridOverlay below {...place(active)}>
          <p
            role="alert"
            className="absolute z-10 w-max max-w-80 rounded-md border border-border bg-bg-raised px-2 py-1 font-sans whitespace-normal text-danger shadow-float"
          >
            {props.draftProblem}
          </p>
        </GridOverlay>
      ) : null}
    </>
  )
}

function Note(
  props: GridBoxesProps & {
    readonly record: TableRecord
    readonly column: GridColumn
    readonly place: Omit<Parameters<typeof GridOverlay>[0], 'children' | 'below'>
  },
) {
  const { record, column, changes, pages } = props
  const edit = changes.edits.of(record._id)?.get(column.name)
  if (!edit || edit.state === 'saving') return null
  const done = () => {
    changes.edits.clear(record._id, column.name)
    props.onFocusGrid()
  }
  return (
    <GridOverlay below {...props.place}>
      <CellNote
        column={column}
        edit={edit}
        onEdit={() => props.editing.open(props.active)}
        onDiscard={done}
        onTakeTheirs={() => {
          if (edit.state === 'conflict') pages.replace(edit.theirs)
          done()
        }}
        onTakeMine={() => {
          if (edit.state !== 'conflict') return
          pages.replace(edit.theirs)
          changes.saveCell(edit.theirs, column.name, edit.mine, wholeText(edit.mine))
          props.onFocusGrid()
        }}
      />
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
