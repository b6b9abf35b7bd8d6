import { useEffect, useState } from 'react'
import { cn } from './cn'

/** Waits shorter than this show nothing at all. */
const quietMs = 100

/** A quiet line at the top of a panel (which needs `relative`); it appears when the wait is worth showing. */
export function ProgressBar(props: { readonly active: boolean; readonly label?: string; readonly className?: string }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    if (!props.active) return setLate(false)
    const timer = setTimeout(() => setLate(true), quietMs)
    return () => clearTimeout(timer)
  }, [props.active])
  if (!props.active || !late) return null
  return (
    <div
      role="progressbar"
      aria-label={props.label ?? 'Loading'}
      className={cn('pointer-events-none absolute inset-x-0 top-0 z-20 h-0.5 overflow-hidden', props.className)}
    >
      <div className="h-full w-[30%] animate-slide bg-accent" />
    </div>
  )
}
