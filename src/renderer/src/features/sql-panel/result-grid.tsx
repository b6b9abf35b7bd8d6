import { useApi } from '@renderer/bridge/api'
import { mutedLooks, tickPicture } from '@renderer/features/table-editor/grid-cell'
import { narrowestColumn, widestColumn } from '@renderer/features/table-editor/grid-column'
import { canvasHeight } from '@renderer/features/table-editor/grid-window'
import { useGridSize } from '@renderer/features/table-editor/use-grid-size'
import { useGridWindow } from '@renderer/features/table-editor/use-grid-window'
import { cn } from '@renderer/ui/cn'
import { ErrorState } from '@renderer/ui/error-state'
import { ContextMenu, ContextMenuTrigger } from '@renderer/ui/menu'
import { ResizeHandle } from '@renderer/ui/resize-handle'
import { toast } from '@renderer/ui/toast'
import { TypeMark } from '@renderer/ui/type-mark'
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react'
import { columnEdges } from '../table-editor/grid-window'
import { type CopyForm, rowsAs } from './copy-rows'
import { type GridPlace, type GridRange, isInRange, movedRange, rectangleOf } from './grid-range'
import type { Outcome } from './outcome'
import { ResultCell } from './result-cell'
import { ResultCellEditor } from './result-cell-editor'
import { isNumeric, resultType, shortType } from './result-columns'
import { ResultMenu } from './result-menu'
import { readRows, retryRows, useResultRows } from './result-rows'

const rowHeight = 28
const headerHeight = 32
/** Cells that one copy takes: the clipboard is no export. */
const mostCopied = 200_000

export interface ResultGridProps {
  readonly databaseId: string
  readonly outcome: Outcome & { readonly resultId: string }
}

/** The rows of one result: as many as there are, in the memory of a screen of them. */
export function ResultGrid({ databaseId, outcome }: ResultGridProps) {
  const { client } = useApi()
  const { resultId, rowCount, columns, editing } = outcome
  const types = useMemo(() => columns.map(({ type }) => resultType(type)), [columns])
  const [widths, setWidths] = useState<readonly number[]>(() => columns.map(firstWidth))
  const gutter = Math.max(44, 20 + String(rowCount).length * 8)
  const edges = useMemo(() => columnEdges(widths), [widths])
  const { scroller, size } = useGridSize('result')
  const window = useGridWindow({ scroller, size, rows: rowCount, rowHeight, headerHeight, fixedWidth: gutter, edges })
  const { rowSpan, columnSpan, origin } = window
  const rows = useResultRows(
    client,
    { databaseId, resultId, rowCount, isGrowing: outcome.state === 'running' },
    rowSpan.first,
    rowSpan.end,
  )
  const [range, setRange] = useState<GridRange>({ anchor: { row: 0, column: 0 }, cursor: { row: 0, column: 0 } })
  const [edited, setEdited] = useState<GridPlace | null>(null)
  const dragging = useRef(false)
  const grid = window.scroller
  const width = gutter + (edges.at(-1) ?? 0)
  const { cursor } = range

  async function copy(form: CopyForm, options: { readonly headers: boolean } = { headers: false }) {
    const { top, bottom, left, right } = rectangleOf(range)
    if ((bottom - top + 1) * (right - left + 1) > mostCopied) {
      toast.error('These are too many cells for the clipboard. Export the result as a file.')
      return
    }
    try {
      const read = await readRows(client, { databaseId, resultId }, top, bottom + 1)
      const names = columns.slice(left, right + 1).map(({ name }) => name)
      const text = rowsAs(
        form,
        names,
        read.map((row) => row.slice(left, right + 1)),
        { headers: options.headers, table: editing?.table ?? null },
      )
      await navigator.clipboard.writeText(text)
      const count = bottom - top + 1
      toast.success(count === 1 ? 'Copied one row.' : `Copied ${count.toLocaleString()} rows.`)
    } catch {
      toast.error('The clipboard refused the rows. Export the result as a file.')
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    if (edited !== null || event.target !== event.currentTarget) return
    const mod = event.ctrlKey || event.metaKey
    const page = Math.max(1, Math.floor(window.geometry.viewport / rowHeight) - 1)
    const next = movedRange(
      range,
      { key: event.key, shift: event.shiftKey, mod },
      { rows: rowCount, columns: columns.length, page },
    )
    if (next !== null) {
      setRange(next)
      window.reveal(next.cursor)
    } else if (mod && event.key.toLowerCase() === 'c') void copy('tsv')
    else if (mod && event.key.toLowerCase() === 'a')
      setRange({ anchor: { row: 0, column: 0 }, cursor: { row: rowCount - 1, column: columns.length - 1 } })
    else if (event.key === 'Enter' || event.key === 'F2') begin(cursor)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function begin(place: GridPlace) {
    if (rows.row(place.row) !== undefined) setEdited(place)
  }

  function onPointerDown(event: PointerEvent, place: GridPlace) {
    if (event.button === 2 && isInRange(range, place.row, place.column)) return
    setRange({ anchor: event.shiftKey ? range.anchor : place, cursor: place })
    dragging.current = event.button === 0
  }

  if (columns.length === 0) return null
  return (
    <ContextMenu>
      <ContextMenuTrigger asChild>
        {/* biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow */}
        <div
          ref={grid}
          role="grid"
          tabIndex={0}
          aria-label="Result"
          aria-rowcount={rowCount + 1}
          aria-colcount={columns.length + 1}
          aria-readonly={editing === null}
          aria-activedescendant={`${resultId}-${cursor.row}-${cursor.column}`}
          className="relative h-full overflow-auto bg-bg font-mono text-sm outline-none focus-visible:outline-none"
          style={tickPicture}
          onScroll={window.onScroll}
          onKeyDown={onKeyDown}
          onPointerUp={() => {
            dragging.current = false
          }}
        >
          {/* biome-ignore lint/a11y/useSemanticElements: see above */}
          <div role="rowgroup" className="sticky top-0 z-20 font-sans">
            {/* biome-ignore lint/a11y/useSemanticElements: see above */}
            {/* biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus */}
            <div
              role="row"
              aria-rowindex={1}
              style={{ height: headerHeight, width }}
              className="flex min-w-full border-b border-border bg-bg-subtle"
            >
              {/* biome-ignore lint/a11y/useSemanticElements: see above */}
              {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
              <div
                role="columnheader"
                aria-label="Row"
                aria-colindex={1}
                style={{ width: gutter }}
                className="sticky left-0 z-10 flex shrink-0 items-center justify-end border-r border-border bg-bg-subtle pr-2 text-text-muted"
              >
                #
              </div>
              <div style={{ width: edges[columnSpan.first] ?? 0 }} className="shrink-0" />
              {columns.slice(columnSpan.first, columnSpan.end).map((column, index) => {
                const at = columnSpan.first + index
                return (
                  // biome-ignore lint/a11y/useSemanticElements: see above
                  // biome-ignore lint/a11y/useFocusableInteractive: see above
                  <div
                    key={at}
                    role="columnheader"
                    aria-colindex={at + 2}
                    style={{ width: widths[at] }}
                    title={`${column.name}: ${column.type}`}
                    className="relative flex shrink-0 items-center gap-1.5 border-r border-border px-2"
                    onPointerDown={() =>
                      setRange({ anchor: { row: 0, column: at }, cursor: { row: rowCount - 1, column: at } })
                    }
                  >
                    <TypeMark base={types[at]?.base ?? 'text'} />
                    <span className="truncate font-medium">{column.name}</span>
                    <span className="truncate text-xs text-text-muted">{shortType(column.type)}</span>
                    <ResizeHandle
                      label={`Resize ${column.name}`}
                      size={widths[at] ?? narrowestColumn}
                      min={narrowestColumn}
                      max={widestColumn}
                      onResize={(size) => setWidths(widths.map((old, place) => (place === at ? size : old)))}
                      onReset={() => setWidths(widths.map((old, place) => (place === at ? fittedWidth(at) : old)))}
                      className="-right-[3px]"
                    />
                  </div>
                )
              })}
            </div>
          </div>
          {/* biome-ignore lint/a11y/useSemanticElements: see above */}
          <div role="rowgroup" style={{ height: canvasHeight(window.geometry), width }} className="relative min-w-full">
            <div ref={window.layer} role="presentation" className="absolute inset-0">
              {rowNumbers(rowSpan.first, Math.min(rowSpan.end, rowCount)).map((row) => (
                // biome-ignore lint/a11y/useSemanticElements: see above
                // biome-ignore lint/a11y/useFocusableInteractive: see above
                <div
                  key={row % window.pool}
                  role="row"
                  aria-rowindex={row + 2}
                  style={{ top: row * rowHeight - origin, height: rowHeight, width }}
                  className="absolute flex min-w-full border-b border-border"
                >
                  {/* biome-ignore lint/a11y/useSemanticElements: see above */}
                  {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
                  <div
                    role="rowheader"
                    aria-colindex={1}
                    style={{ width: gutter }}
                    className="sticky left-0 z-10 flex shrink-0 items-center justify-end border-r border-border bg-bg-subtle pr-2 text-text-muted tabular-nums"
                    onPointerDown={(event) =>
                      setRange({
                        anchor: { row: event.shiftKey ? range.anchor.row : row, column: 0 },
                        cursor: { row, column: columns.length - 1 },
                      })
                    }
                  >
                    {row + 1}
                  </div>
                  <div style={{ width: edges[columnSpan.first] ?? 0 }} className="shrink-0" />
                  {columns.slice(columnSpan.first, columnSpan.end).map((_, index) => {
                    const column = columnSpan.first + index
                    const type = types[column] ?? { base: 'text', array: false }
                    const isCursor = row === cursor.row && column === cursor.column
                    return (
                      // biome-ignore lint/a11y/useSemanticElements: see above
                      // biome-ignore lint/a11y/useFocusableInteractive: see above
                      <div
                        key={column}
                        id={`${resultId}-${row}-${column}`}
                        role="gridcell"
                        aria-colindex={column + 2}
                        aria-selected={isInRange(range, row, column)}
                        style={{ width: widths[column] }}
                        className={cn(
                          'flex shrink-0 items-center border-r border-border px-2 whitespace-pre',
                          isNumeric(type) && 'justify-end tabular-nums',
                          isInRange(range, row, column) && 'bg-selection',
                          isCursor && 'z-[1] outline-2 -outline-offset-2 outline-focus',
                        )}
                        onPointerDown={(event) => onPointerDown(event, { row, column })}
                        onPointerEnter={() => {
                          if (dragging.current) setRange({ anchor: range.anchor, cursor: { row, column } })
                        }}
                        onDoubleClick={() => begin({ row, column })}
                      >
                        <ResultCell type={type} value={rows.row(row)?.[column]} />
                      </div>
                    )
                  })}
                </div>
              ))}
            </div>
          </div>
          {rowCount === 0 && outcome.state === 'done' ? (
            <p className={cn('sticky left-0 px-4 py-6 text-base', mutedLooks)}>No rows.</p>
          ) : null}
          {rows.failure ? (
            <ErrorState
              error={rows.failure}
              title="The rows could not be read"
              className="absolute inset-0 bg-bg font-sans text-base"
              onRetry={() => retryRows(resultId)}
            />
          ) : null}
          {edited ? (
            <ResultCellEditor
              databaseId={databaseId}
              outcome={outcome}
              place={edited}
              row={rows.row(edited.row) ?? []}
              isCut={rows.isCut(edited.row, edited.column)}
              type={types[edited.column] ?? { base: 'text', array: false }}
              onClose={() => {
                setEdited(null)
                grid.current?.focus()
              }}
            />
          ) : null}
        </div>
      </ContextMenuTrigger>
      <ResultMenu
        canEdit={editing !== null && editing.columns[cursor.column] !== null}
        notEditable={outcome.notEditable}
        onCopy={(form, headers) => void copy(form, { headers })}
        onEdit={() => begin(cursor)}
      />
    </ContextMenu>
  )

  /** Wide enough for what is on screen. */
  function fittedWidth(column: number): number {
    let most = (columns[column]?.name.length ?? 0) + 10
    for (let row = rowSpan.first; row < rowSpan.end; row += 1) {
      const value = rows.row(row)?.[column]
      most = Math.max(most, typeof value === 'string' ? value.length : (JSON.stringify(value ?? null)?.length ?? 0))
    }
    return Math.min(widestColumn, Math.max(narrowestColumn, most * 7.5 + 18))
  }
}

function rowNumbers(first: number, end: number): readonly number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index)
}

const widthsByBase: Readonly<Record<string, number>> = {
  boolean: 96,
  uuid: 168,
  jsonb: 260,
  timestamptz: 190,
  timestamp: 190,
  text: 200,
  varchar: 200,
}

function firstWidth({ name, type }: { readonly name: string; readonly type: string }): number {
  const byType = widthsByBase[resultType(type).base] ?? 120
  return Math.min(320, Math.max(byType, 44 + name.length * 8 + shortType(type).length * 6))
}
