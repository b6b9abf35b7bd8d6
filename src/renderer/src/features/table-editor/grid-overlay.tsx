import { cn } from '@renderer/ui/cn'
import type { ReactNode } from 'react'
import { columnLeft, type GridLayout } from './grid-layout'

/** A box near the right or the bottom edge opens towards the other side. */
export interface OverlayRoom {
  readonly toLeft: boolean
  readonly upwards: boolean
}

/** Lies over a cell and scrolls with it; under it, with `below`. A pinned column's stays in sight like the column. */
export function GridOverlay(props: {
  readonly layout: GridLayout
  readonly column: number
  /** Distance of the row from the layer's top, in px. */
  readonly top: number
  readonly below?: boolean
  readonly row: number
  /** Towards which edges there is room. */
  readonly room: OverlayRoom
  readonly children: ReactNode
}) {
  const { layout, column, room } = props
  const width = room.toLeft ? (layout.widths[column] ?? 0) : 0
  // Upwards, what is in it hangs from this line.
  const top = props.top + (Boolean(props.below) === room.upwards ? 0 : layout.rowHeight)
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
        className={cn(
          'pointer-events-auto size-0 leading-5',
          isPinned ? 'sticky z-10' : 'absolute',
          room.toLeft && '*:right-0',
          room.upwards && '*:bottom-0',
        )}
        style={{ left: columnLeft(layout, column) + width }}
      >
        {props.children}
      </div>
    </div>
  )
}
