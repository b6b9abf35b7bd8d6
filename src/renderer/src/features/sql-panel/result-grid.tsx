import { useApi } from '@renderer/bridge/api'
import { mutedLooks, tickPicture } from '@renderer/features/table-editor/grid-cell'
import { canvasHeight } from '@renderer/features/table-editor/grid-window'
import { useGridSize } from '@renderer/features/table-editor/use-grid-size'
import { useGridWindow } from '@renderer/features/table-editor/use-grid-window'
import { cn } from '@renderer/ui/cn'
import { ErrorState } from '@renderer/ui/error-state'
import { countOf } from '@renderer/ui/figures'
import { ContextMenu, ContextMenuTrigger } from '@renderer/ui/menu'
import { toast } from '@renderer/ui/toast'
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react'
import { columnEdges } from '../table-editor/grid-window'
import { type CopyForm, rowsAs } from './copy-rows'
import { type GridPlace, type GridRange, isInRange, movedRange, rectangleOf } from './grid-range'
import type { Outcome } from './outcome'
import { ResultCellEditor } from './result-cell-editor'
import { resultType } from './result-columns'
import { headerHeight, ResultHeader } from './result-header'
import { ResultMenu } from './result-menu'
import { ResultRow, rowHeight } from './result-row'
import { readRows, retryRows, useResultRows } from './result-rows'
import { firstWidth, fittedWidth } from './result-widths'

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
      toast.success(`Copied ${countOf(bottom - top + 1, 'row')}.`)
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

  const fitted = (at: number) =>
    fittedWidth(
      columns[at]?.name ?? '',
      rowNumbers(rowSpan.first, rowSpan.end).map((row) => rows.row(row)?.[at]),
    )

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
          <ResultHeader
            columns={columns}
            types={types}
            widths={widths}
            gutter={gutter}
            width={width}
            shown={columnSpan}
            before={edges[columnSpan.first] ?? 0}
            onResize={(at, size) => setWidths(widths.map((old, place) => (place === at ? size : old)))}
            onFit={(at) => setWidths(widths.map((old, place) => (place === at ? fitted(at) : old)))}
            onSelect={(at) => setRange({ anchor: { row: 0, column: at }, cursor: { row: rowCount - 1, column: at } })}
          />
          {/* biome-ignore lint/a11y/useSemanticElements: see above */}
          <div role="rowgroup" style={{ height: canvasHeight(window.geometry), width }} className="relative min-w-full">
            <div ref={window.layer} role="presentation" className="absolute inset-0">
              {rowNumbers(rowSpan.first, Math.min(rowSpan.end, rowCount)).map((row) => (
                <ResultRow
                  key={row % window.pool}
                  resultId={resultId}
                  row={row}
                  values={rows.row(row)}
                  types={types}
                  widths={widths}
                  gutter={gutter}
                  width={width}
                  top={row * rowHeight - origin}
                  shown={columnSpan}
                  before={edges[columnSpan.first] ?? 0}
                  range={range}
                  onPress={onPointerDown}
                  onEnter={(place) => {
                    if (dragging.current) setRange({ anchor: range.anchor, cursor: place })
                  }}
                  onOpen={begin}
                  onSelect={(isExtended) =>
                    setRange({
                      anchor: { row: isExtended ? range.anchor.row : row, column: 0 },
                      cursor: { row, column: columns.length - 1 },
                    })
                  }
                />
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
}

function rowNumbers(first: number, end: number): readonly number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index)
}
