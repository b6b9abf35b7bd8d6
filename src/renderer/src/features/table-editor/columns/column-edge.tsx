import { type PointerEvent, useRef } from 'react'
import { narrowestColumn, widestColumn } from '../grid-column'

/** The right edge of a column: dragging resizes, a double-click fits. The keyboard path is in the grid's menu. */
export function ColumnEdge(props: {
  readonly width: number
  readonly onResize: (width: number) => void
  readonly onFit: () => void
}) {
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null)
  const end = () => {
    start.current = null
  }
  function move(event: PointerEvent) {
    if (!start.current) return
    const width = start.current.width + event.clientX - start.current.x
    props.onResize(Math.round(Math.min(widestColumn, Math.max(narrowestColumn, width))))
  }
  return (
    <div
      aria-hidden
      className="absolute -right-1 z-10 h-full w-2 cursor-col-resize after:absolute after:inset-y-0 after:left-1 after:w-px hover:after:w-0.5 hover:after:bg-accent active:after:w-0.5 active:after:bg-accent"
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.preventDefault()
        // The header is not dragged by its edge.
        event.stopPropagation()
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { x: event.clientX, width: props.width }
      }}
      onPointerMove={move}
      onPointerUp={end}
      onLostPointerCapture={end}
      onDoubleClick={props.onFit}
    />
  )
}
