import type { ReactNode } from 'react'
import { columnLeft, type GridLayout } from './grid-layout'

/** Lies over a cell and scrolls with it; under it, with `below`. A pinned column's stays in sight like the column. */
export function GridOverlay(props: {
  readonly layout: GridLayout
  readonly column: number
  /** Distance of the row from the layer's top, in px. */
  readonly top: number
  readonly below?: boolean
  readonly row: number
  readonly children: ReactNode
}) {
  const { layout, column } = props
  const top = props.top + (props.below ? layout.rowHeight : 0)
  const isPinned = column < layout.pinned
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are placed, which table elements do not allow
    // biome-ignore lint/a11y/useFocusableInteractive: what is in it has the focus
    <div
      role="row"
      aria-rowindex={props.row + 2}
      className="pointer-events-none absolute top-0 left-0 z-10 h-0 w-full"
      style={{ transform: `translateY(${top}px)` }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <div
        role="gridcell"
        aria-colindex={column + 2}
        data-overlay
        className={isPinned ? 'pointer-events-auto sticky z-10 size-0' : 'pointer-events-auto absolute size-0'}
        style={{ left: columnLeft(layout, column) }}
      >
        {props.children}
      </div>
    </div>
  )
}
