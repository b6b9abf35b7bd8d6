import { cn } from '@renderer/ui/cn'

/** Where a relation is drawn from: at both ends of a row, seen when it is pointed at. */
export function Ports() {
  return (
    <>
      <span aria-hidden data-port className={cn(portLooks, '-left-[7px]')} />
      <span aria-hidden data-port className={cn(portLooks, '-right-[7px]')} />
    </>
  )
}

const portLooks =
  'nodrag nopan absolute top-1/2 z-10 size-3.5 -translate-y-1/2 cursor-crosshair rounded-full border-2 border-bg-raised bg-accent opacity-0 group-hover/header:opacity-100 group-hover/row:opacity-100'
