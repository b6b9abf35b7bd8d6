import { IconButton } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { whenNeeded } from '@renderer/ui/when-needed'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { addDays, addMonths, type Day, sameDay, today, weeksOf, writeDay } from './calendar-days'

export interface CalendarProps {
  readonly value: Day | null
  readonly onPick: (day: Day) => void
}

const monthName = whenNeeded(() => new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' }))
const dayName = whenNeeded(() => new Intl.DateTimeFormat('en', { dateStyle: 'full', timeZone: 'UTC' }))
const weekdays = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su']

/** A month of days. Arrows go by day and week, Page Up and Page Down by month, with Shift by year. */
export function Calendar({ value, onPick }: CalendarProps) {
  const [active, setActive] = useState(value ?? today())
  const grid = useRef<HTMLDivElement>(null)
  const walked = useRef(false)
  const written = value ? writeDay(value) : null
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows what is typed, by its text
  useEffect(() => {
    if (value) setActive(value)
  }, [written])
  useEffect(() => {
    if (!walked.current) return
    walked.current = false
    grid.current?.querySelector<HTMLElement>(`[data-day="${writeDay(active)}"]`)?.focus()
  }, [active])

  function onKeyDown(event: KeyboardEvent) {
    const next = stepFrom(active, event)
    if (!next) return
    event.preventDefault()
    event.stopPropagation()
    walked.current = true
    setActive(next)
  }

  return (
    <div className="flex flex-col gap-1 p-2 font-sans text-base">
      <div className="flex items-center justify-between">
        <IconButton
          size="sm"
          label="Previous month"
          icon={ChevronLeft}
          onClick={() => setActive(addMonths(active, -1))}
        />
        <span aria-live="polite" className="font-medium">
          {monthName().format(dateOf(active))}
        </span>
        <IconButton size="sm" label="Next month" icon={ChevronRight} onClick={() => setActive(addMonths(active, 1))} />
      </div>
      <div aria-hidden className="grid grid-cols-7 text-center text-xs text-text-muted">
        {weekdays.map((name) => (
          <span key={name} className="leading-6">
            {name}
          </span>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a calendar is a grid of buttons */}
      <div ref={grid} role="group" aria-label="Days" className="grid grid-cols-7" onKeyDown={onKeyDown}>
        {weeksOf(active)
          .flat()
          .map((day) => {
            const chosen = sameDay(day, value)
            return (
              <button
                key={writeDay(day)}
                type="button"
                data-day={writeDay(day)}
                tabIndex={sameDay(day, active) ? 0 : -1}
                aria-label={dayName().format(dateOf(day))}
                aria-pressed={chosen}
                aria-current={sameDay(day, today()) ? 'date' : undefined}
                className={cn(
                  'h-7 rounded-md tabular-nums',
                  chosen
                    ? 'bg-accent text-on-accent'
                    : 'hover:bg-bg-hover aria-[current=date]:font-semibold aria-[current=date]:text-accent-text',
                  !chosen && day.month !== active.month && 'text-text-muted',
                )}
                onClick={() => onPick(day)}
              >
                {day.day}
              </button>
            )
          })}
      </div>
    </div>
  )
}

function stepFrom(day: Day, { key, shiftKey }: KeyboardEvent): Day | null {
  switch (key) {
    case 'ArrowLeft':
      return addDays(day, -1)
    case 'ArrowRight':
      return addDays(day, 1)
    case 'ArrowUp':
      return addDays(day, -7)
    case 'ArrowDown':
      return addDays(day, 7)
    case 'PageUp':
      return addMonths(day, shiftKey ? -12 : -1)
    case 'PageDown':
      return addMonths(day, shiftKey ? 12 : 1)
    case 'Home':
      return { ...day, day: 1 }
    case 'End':
      return addDays(addMonths({ ...day, day: 1 }, 1), -1)
    default:
      return null
  }
}

function dateOf(day: Day): Date {
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(day.year, day.month - 1, day.day)
  return date
}
