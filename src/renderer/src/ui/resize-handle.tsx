import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { cn } from './cn'

export interface ResizeHandleProps {
  /** "Resize the sidebar". */
  readonly label: string
  readonly size: number
  readonly min: number
  readonly max: number
  /** Pixels, called while dragging. */
  readonly onResize: (size: number) => void
  /** Double-click and Enter: back to the first size, or fitted to what is in it. */
  readonly onReset?: () => void
  /** The panel lies to the right of the handle, so dragging left makes it larger. */
  readonly reversed?: boolean
  /** The edge under a panel, which is dragged up and down. */
  readonly horizontal?: boolean
  readonly className?: string
}

/** An edge to drag; arrows move it by 8 px, with Shift by 32. */
export function ResizeHandle(props: ResizeHandleProps) {
  const start = useRef<{ at: number; size: number } | null>(null)
  const sign = props.reversed ? -1 : 1
  const placeOf = (event: PointerEvent) => (props.horizontal ? event.clientY : event.clientX)
  const clamp = (size: number) => Math.round(Math.min(props.max, Math.max(props.min, size)))

  function onPointerDown(event: PointerEvent<HTMLDivElement>) {
    if (event.button !== 0) return
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    start.current = { at: placeOf(event), size: props.size }
  }
  function onPointerMove(event: PointerEvent) {
    if (start.current) props.onResize(clamp(start.current.size + sign * (placeOf(event) - start.current.at)))
  }
  function onKeyDown(event: KeyboardEvent) {
    const step = event.shiftKey ? 32 : 8
    const keys = props.horizontal ? { ArrowUp: -step, ArrowDown: step } : { ArrowLeft: -step, ArrowRight: step }
    const move = new Map(Object.entries(keys)).get(event.key)
    if (move !== undefined) props.onResize(clamp(props.size + sign * move))
    else if (event.key === 'Home') props.onResize(props.min)
    else if (event.key === 'End') props.onResize(props.max)
    else if (event.key === 'Enter' && props.onReset) props.onReset()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be moved is not a thematic break
    <div
      role="separator"
      tabIndex={0}
      aria-orientation={props.horizontal ? 'horizontal' : 'vertical'}
      aria-label={props.label}
      aria-valuenow={props.size}
      aria-valuemin={props.min}
      aria-valuemax={props.max}
      className={cn(
        'absolute z-10 transition-colors hover:bg-accent/50 focus-visible:bg-accent focus-visible:outline-none active:bg-accent',
        props.horizontal ? 'inset-x-0 bottom-0 h-1.5 cursor-row-resize' : 'inset-y-0 w-1.5 cursor-col-resize',
        props.horizontal ? '' : props.reversed ? 'left-0' : 'right-0',
        props.className,
      )}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => {
        start.current = null
      }}
      onLostPointerCapture={() => {
        start.current = null
      }}
      onDoubleClick={props.onReset}
      onKeyDown={onKeyDown}
    />
  )
}
