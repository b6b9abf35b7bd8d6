import { useCommands } from '@renderer/app/commands'
import { ContextMenu, ContextMenuTrigger } from '@renderer/ui/menu'
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
import { wholeText } from './cell-text'
import { fitWidth } from './fit-width'
import { GridBoxes } from './grid-boxes'
import { tickPicture } from './grid-cell'
import type { GridColumn } from './grid-column'
import { GridHeader } from './grid-header'
import { pressGridKey } from './grid-keys'
import { headerHeight, useGridLayout } from './grid-layout'
import { GridMenu } from './grid-menu'
import { gridRows } from './grid-rows'
import { type GridSelection, isSelected, nothingSelected, selectedCount, toggleRecords } from './grid-selection'
import { cellUnder, isTick, showWhole } from './grid-target'
import { canvasHeight } from './grid-window'
import type { RecordDraft } from './record-draft'
import { useCellEditing } from './use-cell-editing'
import { useGridCursor } from './use-grid-cursor'
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

/** The most records that a Shift range ticks at once; more is "all". */
const longestRange = 10_000

/** The records as rows of cells, for keys, pointers and screen readers. */
export function Grid(props: GridProps) {
  const { columns, records, changes, draft, selection, rowHeight } = props
  const { pages } = records
  const gridId = useId()
  const rows = records.count.count + (draft ? 1 : 0)
  const [available, setAvailable] = useState(0)
  const layout = useGridLayout(columns, props.widths, { rows, rowHeight, available })
  const view = useGridWindow({ rows, rowHeight, headerHeight, fixedWidth: layout.fixedWidth, edges: layout.edges })
  useLayoutEffect(() => setAvailable(view.width), [view.width])
  useSyncExternalStore(changes.edits.subscribe, changes.edits.version)
  useEffect(() => pages.show(view.rowSpan), [pages, view.rowSpan])
  useLiveWash(pages, gridId, columns, view.rowSpan)

  const isDraftRow = (row: number) => draft !== null && row === rows - 1
  const recordAt = (row: number) => (isDraftRow(row) ? undefined : pages.recordAt(row))
  const focusGrid = () => view.scroller.current?.focus({ preventScroll: true })
  const cursor = useGridCursor({ columns, rows, layout, view, pages, draft, recordAt })
  const { active } = cursor
  const editing = useCellEditing({
    ...props,
    recordAt,
    isDraftRow,
    move: cursor.move,
    focusGrid,
    refuse: (sentence) => toast.error(sentence),
  })
  const activeRecord = recordAt(active.row)
  const activeColumn = columns[active.column]
  const activeOnScreen = active.row >= view.rowSpan.first && active.row < view.rowSpan.end
  const marked = selectedCount(selection, records.count.count)

  const rangeFrom = useRef(0)
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

  async function copy() {
    if (activeColumn?.secret) return toast.error('This value is hidden and cannot be copied.')
    const text = isDraftRow(active.row)
      ? (draft?.inputs.get(activeColumn?.name ?? '') ?? '')
      : wholeText(activeRecord?.[activeColumn?.name ?? ''])
    try {
      await navigator.clipboard.writeText(text)
    } catch {
      toast.error('The clipboard refused the text. Open the cell and copy it there.')
    }
  }

  const remove = () => props.onDelete(marked > 0 || !activeRecord ? 'selected' : [activeRecord])
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

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    if (event.target !== event.currentTarget || rows === 0) return
    const taken = pressGridKey(event, {
      columns,
      cursor,
      editing,
      drafting: draft !== null,
      onDraft: isDraftRow(active.row),
      selecting: marked > 0,
      onSaveDraft: props.onSaveDraft,
      onDiscardDraft: props.onDiscardDraft,
      onDelete: remove,
      onCopy: () => void copy(),
      onUndo: () => void changes.undo(),
      onSelectAll: () => props.onSelection({ kind: 'all' }),
      onSelectRow: () => void select(active.row, false),
      onClearSelection: () => props.onSelection(nothingSelected),
    })
    if (!taken) return
    event.preventDefault()
    event.stopPropagation()
  }

  function onMouseDown(event: MouseEvent<HTMLDivElement>) {
    const at = cellUnder(event.target)
    if (!at) return
    cursor.tabbing.current = false
    if (at.column === null) {
      if (event.button === 0) void select(at.row, event.shiftKey)
      return
    }
    const position = { row: at.row, column: at.column }
    const again = at.row === active.row && at.column === active.column
    if (event.button === 0 && again && isTick(event.target)) editing.toggle(position)
    cursor.go(position)
  }

  function onDoubleClick(event: MouseEvent<HTMLDivElement>) {
    const at = cellUnder(event.target)
    if (at && at.column !== null && !isTick(event.target)) editing.open({ row: at.row, column: at.column })
  }

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
            rows > 0 && activeOnScreen && !editing.editor ? `${gridId}-${active.row}-${active.column}` : undefined
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
            firstColumn={view.columnSpan.first}
            endColumn={view.columnSpan.end}
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
                {gridRows({ gridId, rows, layout, view, pages, changes, selection, draft, active })}
                <GridBoxes
                  columns={columns}
                  layout={layout}
                  view={view}
                  pages={pages}
                  changes={changes}
                  editing={editing}
                  active={active}
                  record={activeRecord}
                  draftProblem={isDraftRow(active.row) ? draft?.problems.get(activeColumn?.name ?? '') : undefined}
                  onFocusGrid={focusGrid}
                />
              </div>
            </div>
          ) : null}
          {props.children}
        </div>
      </ContextMenuTrigger>
      <GridMenu
        column={activeColumn}
        record={activeRecord}
        isDraft={isDraftRow(active.row)}
        selectedCount={marked}
        sort={props.sort}
        onEdit={() => editing.open(active)}
        onCopy={() => void copy()}
        onSetNull={() => editing.setNull(active)}
        onFilterBy={props.onFilterBy}
        onSortTo={props.onSortTo}
        onFit={() => headerActions.onFit(active.column)}
        onWidth={(by) => {
          if (activeColumn) props.onResize(activeColumn.name, Math.max(64, (layout.widths[active.column] ?? 0) + by))
        }}
        onSelect={() => void select(active.row, false)}
        onHistory={showHistory}
        onDelete={remove}
        onDiscardDraft={props.onDiscardDraft}
        onNewRecord={props.onNewRecord}
        onEditColumns={props.onEditColumns}
        onClosed={focusGrid}
      />
    </ContextMenu>
  )
}
