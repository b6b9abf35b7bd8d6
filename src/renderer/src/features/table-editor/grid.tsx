import { useCommands } from '@renderer/app/commands'
import { ContextMenu, ContextMenuTrigger } from '@renderer/ui/menu'
import { toast } from '@renderer/ui/toast'
import { History } from 'lucide-react'
import { type KeyboardEvent, useCallback, useEffect, useId, useRef } from 'react'
import { useClipboardEvents } from './clipboard/use-clipboard-events'
import { useGridClipboard } from './clipboard/use-grid-clipboard'
import { GridBoxes } from './grid-boxes'
import { tickPicture } from './grid-cell'
import { GridHeader } from './grid-header'
import { pressGridKey } from './grid-keys'
import { headerHeight, useGridLayout } from './grid-layout'
import { GridMenu } from './grid-menu'
import type { GridProps } from './grid-props'
import { isOneCell } from './grid-range'
import { gridRows } from './grid-rows'
import { nothingSelected, selectedCount } from './grid-selection'
import type { GridSubject } from './grid-subject'
import { showWhole } from './grid-target'
import { canvasHeight } from './grid-window'
import { useStagedEdits } from './staged/use-staging'
import { summaryHeight } from './summary/summary-row'
import { useActiveRow } from './use-active-row'
import { useCellEditing } from './use-cell-editing'
import { useGridCursor } from './use-grid-cursor'
import { useGridHandle } from './use-grid-handle'
import { useGridPointer } from './use-grid-pointer'
import { useGridSize } from './use-grid-size'
import { useGridWindow } from './use-grid-window'
import { useLiveWash } from './use-live-wash'
import { useRangeEdits } from './use-range-edits'
import { useRowTicks } from './use-row-ticks'

/** The records as rows of cells, for keys, pointers and screen readers. */
export function Grid(props: GridProps) {
  const { columns, records, selection, rowHeight } = props
  const { pages } = records
  const staging = useStagedEdits()
  const { edits } = staging
  const gridId = useId()
  const firstNew = records.count.count
  const rows = firstNew + edits.created.length
  const { scroller, size } = useGridSize('records')
  const layout = useGridLayout(columns, props.widths, {
    rows,
    rowHeight,
    available: size.width,
    pinned: props.pinned,
  })
  const view = useGridWindow({
    scroller,
    size,
    rows,
    rowHeight,
    headerHeight: headerHeight + (props.footer ? summaryHeight : 0),
    fixedWidth: layout.fixedWidth,
    edges: layout.edges,
  })
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
    onSave: props.onSave,
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
  useActiveRow(active.row, subject, { staging, onActive: props.onActive })

  useGridHandle(props.ref, { columns, edits, firstNew, cursor, focusGrid })
  const { tick, tickShown } = useRowTicks({
    pages,
    records: firstNew,
    onScreen: view.rowSpan,
    selection,
    recordAt,
    onSelection: props.onSelection,
    refuse,
  })

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
