import { useEffect, useState } from 'react'
import { whenNeeded } from './when-needed'

const relative = whenNeeded(() => new Intl.RelativeTimeFormat('en', { numeric: 'auto' }))
const short = whenNeeded(() => new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' }))
const exact = whenNeeded(() => new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' }))

const steps = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** `short`: "3 min. ago", for places that are narrow. */
export function timeAgo(at: string, now: number = Date.now(), style: 'long' | 'short' = 'long'): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000)
  for (const [unit, size] of steps)
    if (Math.abs(seconds) >= size)
      return (style === 'short' ? short() : relative()).format(Math.trunc(seconds / size), unit)
  return 'just now'
}

/** The moment in full, in the reader's zone. */
export function exactTime(at: string): string {
  return exact().format(new Date(at))
}

/** "3 minutes ago", kept true while it is in sight; the exact time on hover. */
export function TimeAgo({ at, className }: { readonly at: string; readonly className?: string }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <time dateTime={at} title={exactTime(at)} className={className}>
      {timeAgo(at, Math.max(now, Date.now()))}
    </time>
  )
}
