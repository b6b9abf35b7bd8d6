import { useCommands } from '@renderer/app/commands'
import { ContextMenu, ContextMenuTrigger } from '@renderer/ui/menu'
import { toast } from '@renderer/ui/toast'
import type { TableRecord } from '@shared/contract/records.contract'
import type { Sort } from '@shared/domain/filter'
import { History } from 'lucide-react'
import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { useClipboardEvents } from './clipboard/use-clipboard-events'
import { useGridClipboard } from './clipboard/use-grid-clipboard'
import type { ColumnActions } from './columns/column-actions'
import { GridBoxes } from './grid-boxes'
import { tickPicture } from './grid-cell'
import type { GridColumn } from './grid-column'
import { GridHeader } from './grid-header'
import { pressGridKey } from './grid-keys'
import { type GridLayout, headerHeight, useGridLayout } from './grid-layout'
import { GridMenu } from './grid-menu'
import { isOneCell } from './grid-range'
import { gridRows } from './grid-rows'
import { type GridSelection, isSelected, nothingSelected, selectedCount, toggleRecords } from './grid-selection'
import type { GridSubject } from './grid-subject'
import { showWhole } from './grid-target'
import { canvasHeight } from './grid-window'
import type { Staging } from './staged/staging'
import { useStagedEdits } from './staged/use-staging'
import { summaryHeight } from './summary/summary-row'
import { useCellEditing } from './use-cell-editing'
import { useGridCursor } from './use-grid-cursor'
import { useGridPointer } from './use-grid-pointer'
import { useGridWindow } from './use-grid-window'
import { useLiveWash } from './use-live-wash'
import { useRangeEdits } from './use-range-edits'
import type { Records } from './use-record-pages'

/** What others lead the grid to. */
export interface GridHandle {
  readonly focus: () => void
  /** Makes a cell active and brings it into view; of a column that is not shown, the first. */
  readonly goTo: (row: number, column: string | null) => void
  /** To the row before or after, in the same column. */
  readonly walk: (by: 1 | -1) => void
  readonly goToNew: (id: string, column: string | null) => void
  /** The next new record takes the keys. */
  readonly followNew: () => void
}

export interface ActiveRow {
  readonly row: number
  readonly subject: GridSubject
}

export interface FooterPlace {
  readonly layout: GridLayout
  readonly firstColumn: number
  readonly endColumn: number
}

export interface GridProps {
  readonly ref?: Ref<GridHandle>
  readonly label: string
  readonly tableName: string
  readonly columns: readonly GridColumn[]
  readonly widths: Readonly<Record<string, number>>
  readonly rowHeight: number
  readonly records: Records
  readonly sort: readonly Sort[]
  readonly selection: GridSelection
  /** How many of the first columns stay at the left; null leaves it to the room there is. */
  readonly pinned: number | null
  readonly columnActions: ColumnActions
  readonly onSort: (column: string, add: boolean) => void
  readonly onSelection: (selection: GridSelection) => void
  readonly onFilterBy: (column: GridColumn, value: TableRecord[string] | undefined, op: 'eq' | 'neq') => void
  readonly onUndo: () => void
  readonly onRedo: () => void
  readonly onNewRecord: () => void
  readonly onDelete: (targets: readonly (TableRecord | string)[] | 'selected') => void
  readonly onHistory: (record: TableRecord) => void
  /** What the active row is about, and where it is; whenever that changes. */
  readonly onActive: (active: ActiveRow | null) => void
  readonly onOpenRecord: () => void
  /** Under the records, as wide as they are. */
  readonly footer: ((place: FooterPlace) => ReactNode) | null
  /** In the middle of the grid, under the header: why there are no rows. */
  readonly children?: ReactNode
}

/** The most records that are ticked one by one; more is "all". */
const mostTicked = 10_000

/** The records as rows of cells, for keys, pointers and screen readers. */
export function Grid(props: GridProps) {
  const { columns, records, selection, rowHeight } = props
  const { pages } = records
  const staging = useStagedEdits()
  const { edits } = staging
  const gridId = useId()
  const firstNew = records.count.count
  const rows = firstNew + edits.created.length
  const [available, setAvailable] = useState(0)
  const layout = useGridLayout(columns, props.widths, { rows, rowHeight, available, pinned: props.pinned })
  const view = useGridWindow({
    rows,
    rowHeight,
    headerHeight: headerHeight + (props.footer ? summaryHeight : 0),
    fixedWidth: layout.fixedWidth,
    edges: layout.edges,
  })
  useLayoutEffect(() => setAvailable(view.width), [view.width])
  useEffect(() => pages.show(view.rowSpan), [pages, view.rowSpan])
  useLiveWash(pages, gridId, columns, view.rowSpan)

  const recordAt = (row: number) => (row < firstNew ? pages.recordAt(row) : undefined)
  function subjectAt(row: number): GridSubject | undefined {
    const created = row >= firstNew ? edits.created[row - firstNew] : undefined
    if (created) return { kind: 'new', id: created.id, row: created }
    const record = recordAt(row)
    return record ? { kind: 'record', id: record._id, record, staged: edits.of(record._id) } : undefined
  }
  const focusGrid = () => view.scroller.current?.focus({ preventScroll: true })
  const cursor = useGridCursor({ columns, rows, layout, view, pages, firstNew, recordAt })
  const { active } = cursor
  const rangeInput = { columns, pages, staging, firstNew, rows, subjectAt }
  const rangeEdits = useRangeEdits(rangeInput)
  const refuse = (sentence: string) => toast.error(sentence)
  const editing = useCellEditing({
    columns,
    staging,
    subjectAt,
    currentOf: (id) => recordAt(pages.rowOf(id) ?? -1),
    fillRange: (text) => rangeEdits.type(cursor, text),
    move: cursor.move,
    focusGrid,
    refuse,
  })
  const clipboard = useGridClipboard({ ...rangeInput, tableName: props.tableName, cursor, rangeEdits, selection })
  useClipboardEvents(view.scroller, {
    copy: clipboard.onCopy,
    cut(event) {
      clipboard.onCopy(event)
      rangeEdits.clear(cursor, 'empty')
    },
    paste: clipboard.onPaste,
  })
  const subject = subjectAt(active.row)
  const activeRecord = subject?.kind === 'record' ? subject.record : undefined
  const activeColumn = columns[active.column]
  const activeOnScreen = active.row >= view.rowSpan.first && active.row < view.rowSpan.end
  const marked = selectedCount(selection, firstNew)
  const isRange = !isOneCell(cursor.range)
  useHeldRow(staging, subject)
  useActiveRow(active.row, subject, props.onActive)

  useImperativeHandle(props.ref, () => ({
    focus: focusGrid,
    goTo: (row, column) => cursor.go({ row, column: indexOf(columns, column) }),
    walk: (by) => cursor.move(active, by === 1 ? 'down' : 'up'),
    goToNew(id, column) {
      const index = edits.created.findIndex((row) => row.id === id)
      if (index >= 0) cursor.go({ row: firstNew + index, column: indexOf(columns, column) })
      focusGrid()
    },
    followNew: cursor.followNew,
  }))

  const rangeFrom = useRef(0)
  async function tick(row: number, toRange: boolean) {
    const first = recordAt(row)
    if (!first) return
    if (!toRange) {
      rangeFrom.current = row
      return props.onSelection(toggleRecords(selection, [first], !isSelected(selection, first._id)))
    }
    const span = { first: Math.min(rangeFrom.current, row), end: Math.max(rangeFrom.current, row) + 1 }
    if (span.end - span.first > mostTicked)
      return refuse('A range ticks at most 10,000 records. Tick all of them instead, or filter first.')
    const range = await pages.load(span, new AbortController().signal)
    props.onSelection(toggleRecords(selection, range, true))
  }

  /** All that are displayed; of a long table, those on screen: the toolbar offers the rest. */
  async function tickShown() {
    const span = firstNew <= mostTicked ? { first: 0, end: firstNew } : view.rowSpan
    const shown = await pages.load(span, new AbortController().signal)
    props.onSelection(toggleRecords(nothingSelected, shown, true))
  }

  function remove() {
    if (marked > 0) return props.onDelete('selected')
    void rangeEdits.within(cursor.bounds.rows, async (subjects) =>
      props.onDelete(subjects.map((one) => (one.kind === 'record' ? one.record : one.id))),
    )
  }
  function revert() {
    void rangeEdits.within(cursor.bounds.rows, (subjects) => staging.revert(subjects.map(({ id }) => id)))
  }
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
    if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === 'v')
      return clipboard.catchPaste()
    const taken = pressGridKey(event, {
      columns,
      cursor,
      editing,
      onNew: subject?.kind === 'new',
      selecting: marked > 0,
      onDelete: remove,
      onClear: (to) => rangeEdits.clear(cursor, to),
      onFillDown: () => rangeEdits.fillDown(cursor),
      onUndo: props.onUndo,
      onRedo: props.onRedo,
      onSelectShown: () => void tickShown(),
      onSelectAll: () => props.onSelection({ kind: 'all' }),
      onSelectRow: () => void tick(active.row, false),
      onClearSelection: () => props.onSelection(nothingSelected),
      onOpenRecord: props.onOpenRecord,
    })
    if (!taken) return
    event.preventDefault()
    event.stopPropagation()
  }

  const pointer = useGridPointer({
    view,
    cursor,
    editing,
    rangeEdits,
    onGutter: (row, toRange) => void tick(row, toRange),
    onDoubleClick: editing.open,
  })

  const latest = useRef({ onSelection: props.onSelection })
  latest.current = { onSelection: props.onSelection }
  const selectAll = useCallback((on: boolean) => latest.current.onSelection(on ? { kind: 'all' } : nothingSelected), [])

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
          className="group/grid relative flex h-full flex-col overflow-auto bg-bg font-mono text-sm outline-none select-none [overflow-anchor:none]"
          onScroll={view.onScroll}
          onKeyDown={onKeyDown}
          {...pointer}
          onPointerOver={(event) => showWhole(event, columns, recordAt)}
        >
          <GridHeader
            layout={layout}
            firstColumn={view.columnSpan.first}
            endColumn={view.columnSpan.end}
            sort={props.sort}
            selected={marked === 0 ? 'none' : selection.kind === 'all' ? 'all' : 'some'}
            onSort={props.onSort}
            actions={props.columnActions}
            onSelectAll={selectAll}
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
              className="relative shrink-0"
            >
              <div ref={view.layer} className="absolute inset-x-0 top-0">
                {gridRows({
                  gridId,
                  rows,
                  layout,
                  view,
                  pages,
                  edits,
                  selection,
                  firstNew,
                  active,
                  bounds: isRange ? cursor.bounds : null,
                  handle: editing.editor
                    ? nowhere
                    : { row: cursor.bounds.rows.end - 1, column: cursor.bounds.columns.end - 1 },
                })}
                <GridBoxes
                  columns={columns}
                  layout={layout}
                  view={view}
                  pages={pages}
                  staging={staging}
                  editing={editing}
                  active={active}
                  subject={subject}
                  onFocusGrid={focusGrid}
                />
              </div>
            </div>
          ) : null}
          {props.children}
          {rows > 0 && props.footer
            ? props.footer({ layout, firstColumn: view.columnSpan.first, endColumn: view.columnSpan.end })
            : null}
          {/* Pasting without formats goes only where text is written. */}
          <textarea
            ref={clipboard.catcher}
            aria-hidden
            tabIndex={-1}
            className="pointer-events-none absolute top-0 left-0 size-px resize-none opacity-0"
            onPaste={(event) => {
              clipboard.onPaste(event.nativeEvent)
              focusGrid()
            }}
            onKeyUp={focusGrid}
          />
        </div>
      </ContextMenuTrigger>
      <GridMenu
        column={activeColumn}
        subject={subject}
        isRange={isRange}
        rows={cursor.bounds.rows.end - cursor.bounds.rows.first}
        selectedCount={marked}
        onEdit={() => editing.open(active)}
        onCopy={() => clipboard.copyAs(null)}
        onCopyAs={clipboard.copyAs}
        onFillDown={() => rangeEdits.fillDown(cursor)}
        onClear={(to) => rangeEdits.clear(cursor, to)}
        onRevert={revert}
        onFilterBy={props.onFilterBy}
        columnState={{
          sorted: props.sort.find(({ column }) => column === activeColumn?.name)?.direction ?? null,
          pinned: active.column < layout.pinned,
          first: active.column === 0,
          last: active.column === columns.length - 1,
        }}
        columnActions={props.columnActions}
        onSelect={() => void tick(active.row, false)}
        onOpenRecord={props.onOpenRecord}
        onHistory={showHistory}
        onDelete={remove}
        onNewRecord={props.onNewRecord}
        onClosed={focusGrid}
      />
    </ContextMenu>
  )
}

const nowhere = Object.freeze({ row: -1, column: -1 })

function indexOf(columns: readonly GridColumn[], name: string | null): number {
  return Math.max(
    0,
    columns.findIndex((column) => column.name === name),
  )
}

/** A new record that is being written is not saved by itself before the keys leave it. */
function useHeldRow(staging: Staging, subject: GridSubject | undefined) {
  const held = subject?.kind === 'new' ? subject.id : null
  useEffect(() => staging.hold(held), [staging, held])
}

/** What is beside the grid follows its active row. */
function useActiveRow(row: number, subject: GridSubject | undefined, onActive: GridProps['onActive']) {
  const latest = useRef({ subject, onActive })
  latest.current = { subject, onActive }
  const about = subject?.kind === 'new' ? subject.row : subject?.record
  const staged = subject?.kind === 'record' ? subject.staged : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: a subject is made anew with every draw; these say what it is
  useEffect(() => {
    const { subject: now, onActive: tell } = latest.current
    tell(now ? { row, subject: now } : null)
  }, [row, about, staged])
}
