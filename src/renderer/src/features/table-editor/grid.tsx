import { useCommands } from '@renderer/app/commands'
import { ContextMenu, ContextMenuTrigger } from '@renderer/ui/menu'
import { isMac } from '@renderer/ui/platform'
import { toast } from '@renderer/ui/toast'
import type { TableRecord } from '@shared/contract/records.contract'
import type { Sort } from '@shared/domain/filter'
import { History } from 'lucide-react'
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { CellEditor } from './cell-editor'
import { CellNote } from './cell-note'
import { wholeText } from './cell-text'
import { DraftRow } from './draft-row'
import { fitWidth } from './fit-width'
import { tickPicture } from './grid-cell'
import type { GridColumn } from './grid-column'
import { GridHeader } from './grid-header'
import { columnLeft, headerHeight, useGridLayout } from './grid-layout'
import { GridMenu } from './grid-menu'
import { GridOverlay, type OverlayRoom } from './grid-overlay'
import { type CellPosition, type GridStep, isTypedCharacter, moveCell, stepOfKey } from './grid-position'
import { GridRow } from './grid-row'
import { type GridSelection, isSelected, nothingSelected, selectedCount, toggleRecords } from './grid-selection'
import { canvasHeight, virtualTop } from './grid-window'
import type { RecordDraft } from './record-draft'
import { useCellEditing } from './use-cell-editing'
import { useGridWindow } from './use-grid-window'
import { useLiveWash } from './use-live-wash'
import type { RecordChanges } from './use-record-changes'
import type { Records } from './use-record-pages'

export interface GridProps {
  readonly label: string
  readonly columns: readonly GridColumn[]
  readonly widths: Readonly<Record<string, number>>
  readonly rowHeight: number
  readonly records: Records
  readonly changes: RecordChanges
  readonly sort: readonly Sort[]
  readonly selection: GridSelection
  readonly draft: RecordDraft | null
  readonly onResize: (column: string, width: number) => void
  readonly onSort: (column: string, add: boolean) => void
  readonly onSortTo: (column: string, direction: 'asc' | 'desc' | null) => void
  readonly onSelection: (selection: GridSelection) => void
  readonly onFilterBy: (column: GridColumn, value: TableRecord[string] | undefined, op: 'eq' | 'neq') => void
  readonly onDraft: (draft: RecordDraft) => void
  readonly onSaveDraft: () => void
  readonly onDiscardDraft: () => void
  readonly onNewRecord: () => void
  readonly onDelete: (records: readonly TableRecord[] | 'selected') => void
  readonly onHistory: (record: TableRecord) => void
  readonly onEditColumns: () => void
  /** In the middle of the grid, under the header: why there are no rows. */
  readonly children?: ReactNode
}

/** What a cell's editor or note takes at most, in px, unless its text is long. */
const boxWidth = 320
const boxHeight = 180

/** The most records that a Shift range ticks at once; more is "all". */
const longestRange = 10_000

export function Grid(props: GridProps) {
  const { columns, records, changes, draft, selection, rowHeight } = props
  const { pages } = records
  const gridId = useId()
  const rows = records.count.count + (draft ? 1 : 0)
  const [available, setAvailable] = useState(0)
  const layout = useGridLayout(columns, props.widths, { rows, rowHeight, available })
  const view = useGridWindow({ rows, rowHeight, headerHeight, fixedWidth: layout.fixedWidth, edges: layout.edges })
  useLayoutEffect(() => setAvailable(view.width), [view.width])
  const [cell, setCell] = useState<CellPosition>({ row: 0, column: 0 })
  const active = {
    row: Math.max(0, Math.min(rows - 1, cell.row)),
    column: Math.max(0, Math.min(columns.length - 1, cell.column)),
  }
  const rangeFrom = useRef(0)
  const tabbing = useRef(false)
  useSyncExternalStore(changes.edits.subscribe, changes.edits.version)

  const isDraftRow = (row: number) => draft !== null && row === rows - 1
  const recordAt = (row: number) => (isDraftRow(row) ? undefined : pages.recordAt(row))
  const focusGrid = () => view.scroller.current?.focus({ preventScroll: true })
  const scrollColumn = (column: number) => (column < layout.pinned ? -1 : column - layout.pinned)

  function go(to: CellPosition) {
    setCell(to)
    view.reveal({ row: to.row, column: scrollColumn(to.column) })
  }
  function move(from: CellPosition, step: GridStep) {
    const pageRows = Math.floor(view.geometry.viewport / rowHeight) - 1
    tabbing.current = step === 'next' || step === 'previous'
    if ((step === 'rowStart' || step === 'gridStart') && view.scroller.current) view.scroller.current.scrollLeft = 0
    go(moveCell(from, step, { rows, columns: columns.length, pageRows }))
  }

  const editing = useCellEditing({
    ...props,
    recordAt,
    isDraftRow,
    move,
    focusGrid,
    refuse: (sentence) => toast.error(sentence),
  })
  const { editor } = editing

  // The new row is written where it appears: at the end, in the first column that needs something.
  const hadDraft = useRef(draft !== null)
  const goLatest = useRef(go)
  goLatest.current = go
  useEffect(() => {
    if (draft && !hadDraft.current) {
      const wanted = columns.findIndex((column) => column.defaultText === null && !column.secret)
      goLatest.current({ row: rows - 1, column: Math.max(0, wanted) })
      view.scroller.current?.focus({ preventScroll: true })
    }
    hadDraft.current = draft !== null
  }, [draft, columns, rows, view.scroller])

  // What stands in the way of saving is where the keys go, and says so there.
  const problems = draft?.problems
  useEffect(() => {
    const column = columns.findIndex(({ name }) => problems?.has(name))
    if (column >= 0) goLatest.current({ row: rows - 1, column })
  }, [problems, columns, rows])

  // After a refresh the same record stays under the eye, and under the keys.
  const anchor = useRef<{ readonly id: string; readonly row: number; readonly isActive: boolean } | null>(null)
  useEffect(() => {
    const inView = active.row >= view.rowSpan.first && active.row < view.rowSpan.end
    const row = inView ? active.row : view.rowSpan.first
    const record = recordAt(row)
    anchor.current = record ? { id: record._id, row, isActive: inView } : null
  })
  useEffect(() => {
    pages.onRowsMoved = (rowOf) => {
      const kept = anchor.current
      const row = kept ? rowOf(kept.id) : null
      if (!kept || row === null || row === kept.row) return
      if (kept.isActive) setCell((old) => ({ ...old, row: old.row + row - kept.row }))
      view.scrollBy(row - kept.row)
    }
    return () => {
      pages.onRowsMoved = null
    }
  }, [pages, view.scrollBy])
  useEffect(() => pages.show(view.rowSpan), [pages, view.rowSpan])
  useLiveWash(pages, gridId, columns, view.rowSpan)

  async function select(row: number, toRange: boolean) {
    const first = recordAt(row)
    if (!first) return
    if (!toRange) {
      rangeFrom.current = row
      return props.onSelection(toggleRecords(selection, [first], !isSelected(selection, first._id)))
    }
    const span = { first: Math.min(rangeFrom.current, row), end: Math.max(rangeFrom.current, row) + 1 }
    if (span.end - span.first > longestRange)
      return toast.error('A range ticks at most 10,000 records. Tick all of them instead, or filter first.')
    const range = await pages.load(span, new AbortController().signal)
    props.onSelection(toggleRecords(selection, range, true))
  }

  async function copy(position: CellPosition) {
    const column = columns[position.column]
    if (column?.secret) return toast.error('This value is hidden and cannot be copied.')
    const record = recordAt(position.row)
    const text = isDraftRow(position.row)
      ? (draft?.inputs.get(column?.name ?? '') ?? '')
      : wholeText(record?.[column?.name ?? ''])
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      toast.error('The clipboard refused the text. Open the cell and copy it there.')
    }
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    if (event.target !== event.currentTarget || rows === 0) return
    const step = stepOfKey(event)
    const mod = isMac ? event.metaKey : event.ctrlKey
    if (step && !event.altKey) move(active, step)
    else if (event.key === 'Tab' && (tabbing.current || isDraftRow(active.row)))
      move(active, event.shiftKey ? 'previous' : 'next')
    else if (mod && event.key === 'Enter' && draft) props.onSaveDraft()
    else if (event.key === 'Enter' && isDraftRow(active.row) && event.shiftKey) props.onSaveDraft()
    else if (event.key === 'Enter' || event.key === 'F2') editing.open(active)
    else if (mod && event.key === 'Backspace') props.onDelete(selectedOr(active.row))
    else if (event.key === 'Delete' || event.key === 'Backspace') editing.setNull(active)
    else if (mod && event.key.toLowerCase() === 'c' && !event.shiftKey) void copy(active)
    else if (mod && event.key.toLowerCase() === 'z' && !event.shiftKey) void changes.undo()
    else if (mod && event.key.toLowerCase() === 'a') props.onSelection({ kind: 'all' })
    else if (event.key === ' ' && event.shiftKey) void select(active.row, false)
    else if (event.key === ' ' && editing.toggle(active)) {
      // The tick box took it.
    } else if (event.key === 'Escape') {
      if (isDraftRow(active.row)) props.onDiscardDraft()
      else if (selectedCount(selection, rows) > 0) props.onSelection(nothingSelected)
      else {
        tabbing.current = false
        return
      }
    } else if (isTypedCharacter({ ...keyOf(event), isComposing: event.nativeEvent.isComposing })) {
      const column = columns[active.column]
      if (column && !column.type.array && column.type.base === 'boolean') editing.open(active)
      else editing.open(active, event.key)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  function selectedOr(row: number): readonly TableRecord[] | 'selected' {
    const record = recordAt(row)
    return selectedCount(selection, records.count.count) > 0 || !record ? 'selected' : [record]
  }

  function onMouseDown(event: MouseEvent<HTMLDivElement>) {
    const at = cellUnder(event.target)
    if (!at) return
    tabbing.current = false
    if (at.column === null) {
      if (event.button === 0) void select(at.row, event.shiftKey)
      return
    }
    const position = { row: at.row, column: at.column }
    const again = at.row === active.row && at.column === active.column
    if (event.button === 0 && again && event.target instanceof Element && event.target.closest('[data-tick]'))
      editing.toggle(position)
    go(position)
  }

  function onDoubleClick(event: MouseEvent<HTMLDivElement>) {
    const at = cellUnder(event.target)
    if (!at || at.column === null) return
    if (event.target instanceof Element && event.target.closest('[data-tick]')) return
    editing.open({ row: at.row, column: at.column })
  }

  /** Boxes at a cell open to where there is room for them, as it is scrolled now. */
  function roomAt({ row, column }: CellPosition): OverlayRoom {
    const element = view.scroller.current
    if (!element) return { toLeft: false, upwards: false }
    const left = columnLeft(layout, column) - (column < layout.pinned ? 0 : element.scrollLeft)
    const below = virtualTop(view.geometry, element.scrollTop) + view.geometry.viewport - (row + 1) * rowHeight
    return {
      toLeft: left > boxWidth / 2 && (left + boxWidth > element.clientWidth || columns[column]?.alignRight === true),
      upwards: below < boxHeight && view.geometry.viewport - below - rowHeight > boxHeight,
    }
  }

  const rowList: ReactNode[] = []
  const { rowSpan, columnSpan, origin, pool } = view
  for (let row = rowSpan.first; row < Math.min(rowSpan.end, rows); row++) {
    const shared = {
      gridId,
      row,
      top: row * rowHeight - origin,
      layout,
      firstColumn: columnSpan.first,
      endColumn: columnSpan.end,
      activeColumn: row === active.row ? active.column : -1,
    }
    if (draft && isDraftRow(row)) {
      rowList.push(<DraftRow key="draft" {...shared} draft={draft} />)
      continue
    }
    const record = pages.recordAt(row)
    rowList.push(
      <GridRow
        key={row % pool}
        {...shared}
        record={record}
        edits={record ? changes.edits.of(record._id) : undefined}
        selected={record ? isSelected(selection, record._id) : selection.kind === 'all'}
      />,
    )
  }

  const editedColumn = editor ? columns[editor.column] : undefined
  const editedRow = editor?.record ? (pages.rowOf(editor.record._id) ?? editor.row) : (editor?.row ?? 0)
  const activeRecord = recordAt(active.row)
  const activeGridColumn = columns[active.column]
  const note = activeRecord && activeGridColumn ? changes.edits.of(activeRecord._id)?.get(activeGridColumn.name) : null
  const draftProblem =
    isDraftRow(active.row) && activeGridColumn ? draft?.problems.get(activeGridColumn.name) : undefined
  const marked = selectedCount(selection, records.count.count)
  const activeOnScreen = active.row >= rowSpan.first && active.row < rowSpan.end
  const showHistory = () => (activeRecord ? props.onHistory(activeRecord) : undefined)
  useCommands([
    {
      id: 'records.history',
      title: 'History of this record',
      group: 'Table',
      shortcut: 'Alt+H',
      icon: History,
      run: showHistory,
    },
  ])
  const latest = useRef({ columns, pages, onSelection: props.onSelection, onResize: props.onResize })
  latest.current = { columns, pages, onSelection: props.onSelection, onResize: props.onResize }
  const headerActions = useMemo(
    () => ({
      onSelectAll: (on: boolean) => latest.current.onSelection(on ? { kind: 'all' } : nothingSelected),
      onFit(index: number) {
        const column = latest.current.columns[index]
        if (column) latest.current.onResize(column.name, fitWidth(column, latest.current.pages))
      },
    }),
    [],
  )

  return (
    <ContextMenu>
      <ContextMenuTrigger>
        {/* biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow */}
        <div
          ref={view.scroller}
          role="grid"
          tabIndex={0}
          aria-label={props.label}
          aria-rowcount={rows + 1}
          aria-colcount={columns.length + 1}
          aria-multiselectable
          aria-activedescendant={
            rows > 0 && activeOnScreen && !editor ? `${gridId}-${active.row}-${active.column}` : undefined
          }
          className="group/grid relative h-full overflow-auto bg-bg font-mono text-sm outline-none select-none [overflow-anchor:none]"
          onScroll={view.onScroll}
          onKeyDown={onKeyDown}
          onMouseDown={onMouseDown}
          onDoubleClick={onDoubleClick}
          onPointerOver={(event) => showWhole(event, columns, recordAt)}
        >
          <GridHeader
            layout={layout}
            firstColumn={columnSpan.first}
            endColumn={columnSpan.end}
            sort={props.sort}
            selected={marked === 0 ? 'none' : selection.kind === 'all' ? 'all' : 'some'}
            onSort={props.onSort}
            onResize={props.onResize}
            {...headerActions}
          />
          {rows > 0 ? (
            // biome-ignore lint/a11y/useSemanticElements: see the grid
            <div
              role="rowgroup"
              style={{
                height: canvasHeight(view.geometry),
                width: layout.width,
                lineHeight: `${rowHeight - 1}px`,
                ...tickPicture,
              }}
              className="relative"
            >
              <div ref={view.layer} className="absolute inset-x-0 top-0">
                {rowList}
                {editor && editedColumn ? (
                  <GridOverlay
                    layout={layout}
                    column={editor.column}
                    row={editedRow}
                    room={roomAt({ row: editedRow, column: editor.column })}
                    top={editedRow * rowHeight - origin}
                  >
                    <CellEditor
                      key={`${editor.record?._id ?? 'new'} ${editor.column}`}
                      column={editedColumn}
                      text={editor.text}
                      typed={editor.typed}
                      width={layout.widths[editor.column] ?? 0}
                      height={rowHeight}
                      room={roomAt({ row: editedRow, column: editor.column })}
                      check={(text) => editing.check(editedColumn, text)}
                      onCommit={editing.commit}
                      onCancel={editing.cancel}
                    />
                  </GridOverlay>
                ) : null}
                {!editor && activeOnScreen && note && note.state !== 'saving' && activeRecord && activeGridColumn ? (
                  <GridOverlay
                    below
                    layout={layout}
                    column={active.column}
                    row={active.row}
                    room={roomAt(active)}
                    top={active.row * rowHeight - origin}
                  >
                    <CellNote
                      column={activeGridColumn}
                      edit={note}
                      onEdit={() => editing.open(active)}
                      onDiscard={() => {
                        changes.edits.clear(activeRecord._id, activeGridColumn.name)
                        focusGrid()
                      }}
                      onTakeTheirs={() => {
                        if (note.state === 'conflict') pages.replace(note.theirs)
                        changes.edits.clear(activeRecord._id, activeGridColumn.name)
                        focusGrid()
                      }}
                      onTakeMine={() => {
                        if (note.state !== 'conflict') return
                        pages.replace(note.theirs)
                        changes.saveCell(note.theirs, activeGridColumn.name, note.mine, wholeText(note.mine))
                        focusGrid()
                      }}
                    />
                  </GridOverlay>
                ) : null}
                {!editor && draftProblem ? (
                  <GridOverlay
                    below
                    layout={layout}
                    column={active.column}
                    row={active.row}
                    room={roomAt(active)}
                    top={active.row * rowHeight - origin}
                  >
                    <p
                      role="alert"
                      className="absolute z-10 w-max max-w-80 rounded-md border border-border bg-bg-raised px-2 py-1 font-sans whitespace-normal text-danger shadow-float"
                    >
                      {draftProblem}
                    </p>
                  </GridOverlay>
                ) : null}
              </div>
            </div>
          ) : null}
          {props.children}
        </div>
      </ContextMenuTrigger>
      <GridMenu
        column={activeGridColumn}
        record={activeRecord}
        isDraft={isDraftRow(active.row)}
        selectedCount={marked}
        sort={props.sort}
        onEdit={() => editing.open(active)}
        onCopy={() => void copy(active)}
        onSetNull={() => editing.setNull(active)}
        onFilterBy={props.onFilterBy}
        onSortTo={props.onSortTo}
        onFit={() => headerActions.onFit(active.column)}
        onWidth={(by) => {
          if (activeGridColumn)
            props.onResize(activeGridColumn.name, Math.max(64, (layout.widths[active.column] ?? 0) + by))
        }}
        onSelect={() => void select(active.row, false)}
        onHistory={showHistory}
        onDelete={() => props.onDelete(selectedOr(active.row))}
        onDiscardDraft={props.onDiscardDraft}
        onNewRecord={props.onNewRecord}
        onEditColumns={props.onEditColumns}
        onClosed={focusGrid}
      />
    </ContextMenu>
  )
}

function keyOf({ key, ctrlKey, metaKey, altKey }: KeyboardEvent) {
  return { key, ctrlKey, metaKey, altKey }
}

/** The cell a pointer is on; a null column is the gutter. */
function cellUnder(target: EventTarget): { readonly row: number; readonly column: number | null } | null {
  if (!(target instanceof Element) || target.closest('[data-overlay]')) return null
  const row = target.closest<HTMLElement>('[data-row]')?.dataset.row
  if (row === undefined) return null
  if (target.closest('[data-gutter]')) return { row: Number(row), column: null }
  const column = target.closest<HTMLElement>('[data-column]')?.dataset.column
  return column === undefined ? null : { row: Number(row), column: Number(column) }
}

/** The whole value is the cell's title only while the pointer is there: thousands of titles would slow scrolling. */
function showWhole(
  event: MouseEvent,
  columns: readonly GridColumn[],
  recordAt: (row: number) => TableRecord | undefined,
) {
  const at = cellUnder(event.target)
  const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-column]') : null
  if (!at || at.column === null || !element) return
  const column = columns[at.column]
  const value = column && !column.secret ? recordAt(at.row)?.[column.name] : undefined
  element.title = wholeText(value).slice(0, 2000)
}
