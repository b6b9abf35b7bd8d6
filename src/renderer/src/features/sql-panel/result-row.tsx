import { cn } from '@renderer/ui/cn'
import type { JsonValue } from '@shared/json'
import type { PointerEvent } from 'react'
import { type GridPlace, type GridRange, isInRange } from './grid-range'
import { ResultCell } from './result-cell'
import { isNumeric } from './result-columns'
import type { ResultColumnsProps } from './result-header'

export const rowHeight = 28

/** One row of a result, at its place; its values come when they are read. */
export function ResultRow(
  props: ResultColumnsProps & {
    readonly resultId: string
    readonly row: number
    readonly values: readonly JsonValue[] | undefined
    readonly top: number
    readonly range: GridRange
    readonly onPress: (event: PointerEvent, place: GridPlace) => void
    readonly onEnter: (place: GridPlace) => void
    readonly onOpen: (place: GridPlace) => void
    /** The whole row; `isExtended`: from where the range begins. */
    readonly onSelect: (isExtended: boolean) => void
  },
) {
  const { resultId, row, values, types, widths, gutter, width, shown, before, range } = props
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow
    // biome-ignore lint/a11y/useFocusableInteractive: the grid keeps the focus
    <div
      role="row"
      aria-rowindex={row + 2}
      style={{ top: props.top, height: rowHeight, width }}
      className="absolute flex min-w-full border-b border-border"
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <div
        role="rowheader"
        aria-colindex={1}
        style={{ width: gutter }}
        className="sticky left-0 z-10 flex shrink-0 items-center justify-end border-r border-border bg-bg-subtle pr-2 text-text-muted tabular-nums"
        onPointerDown={(event) => props.onSelect(event.shiftKey)}
      >
        {row + 1}
      </div>
      <div style={{ width: before }} className="shrink-0" />
      {Array.from({ length: Math.max(0, Math.min(shown.end, types.length) - shown.first) }, (_, index) => {
        const column = shown.first + index
        const type = types[column] ?? { base: 'text', array: false }
        const isCursor = row === range.cursor.row && column === range.cursor.column
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
            onPointerDown={(event) => props.onPress(event, { row, column })}
            onPointerEnter={() => props.onEnter({ row, column })}
            onDoubleClick={() => props.onOpen({ row, column })}
          >
            <ResultCell type={type} value={values?.[column]} />
          </div>
        )
      })}
    </div>
  )
}
