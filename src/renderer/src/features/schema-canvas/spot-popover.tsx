import { Popover, PopoverAnchor, PopoverContent } from '@renderer/ui/popover'
import { type ReactNode, useRef } from 'react'
import type { SchemaSpot } from './canvas-ui'

export interface SpotPopoverProps {
  readonly spot: SchemaSpot
  readonly label: string
  readonly title: string
  /** A sentence of why the last change cannot be. */
  readonly problem: string | null
  readonly onEnd: () => void
  readonly children: ReactNode
}

/** Details beside the row they are of: on the canvas when that is drawn there, else in the outline. */
export function SpotPopover({ spot, label, title, problem, onEnd, children }: SpotPopoverProps) {
  const anchor = useRef<Element | null>(null)
  anchor.current = rowOf(spot)
  return (
    <Popover open onOpenChange={(open) => !open && onEnd()}>
      <PopoverAnchor virtualRef={anchor as React.RefObject<HTMLElement>} />
      <PopoverContent aria-label={label} side="right" sideOffset={12} className="w-104 py-3">
        <h3 className="truncate px-8 pb-1 font-semibold">{title}</h3>
        {children}
        {problem ? (
          <p role="alert" className="mx-8 mt-1 rounded-md bg-danger-subtle px-2 py-1 text-sm text-danger">
            {problem}
          </p>
        ) : null}
      </PopoverContent>
    </Popover>
  )
}

function rowOf({ table, column }: SchemaSpot): Element | null {
  const name = column === null ? table : `${table}.${column}`
  return document.querySelector(`[data-spot=${JSON.stringify(name)}]`)
}
