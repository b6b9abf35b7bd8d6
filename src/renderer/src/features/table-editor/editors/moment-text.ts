import type { ColumnType } from '@shared/domain/column-type'
import { fromLocalText } from '../local-time'
import { type Day, writeDay } from './calendar-days'

/** Puts in another day and leaves the time of day, to the microsecond, alone. */
export function withDay(type: ColumnType, text: string, day: Day): string {
  const rest = /^\d{4}-\d{2}-\d{2}(.*)$/s.exec(text.trim())?.[1]
  const clock = rest ?? (type.base === 'date' ? '' : ' 00:00:00')
  return writeDay(day) + clock
}

/** `HH:MM:SS` of a text of this type, for a control that knows no finer steps. */
export function clockOf(text: string): string {
  const match = /(?:^|[T ])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(text.trim())
  return match ? `${match[1]}:${match[2]}:${match[3] ?? '00'}` : ''
}

/** Puts in another time of day; the day stays, or is today's where there is none. */
export function withClock(type: ColumnType, text: string, clock: string, today: Day): string {
  const whole = clock.length === 5 ? `${clock}:00` : clock
  if (type.base === 'time') return whole
  const day = /^\d{4}-\d{2}-\d{2}/.exec(text.trim())?.[0] ?? writeDay(today)
  return `${day} ${whole}`
}

/** "Europe/Berlin, UTC+02:00": the zone in which a moment is shown and typed, as it is at that moment. */
export function zoneAt(text: string): string {
  const utc = fromLocalText(text)
  const date = utc === null ? new Date() : new Date(`${utc.slice(0, 19)}Z`)
  const minutes = -date.getTimezoneOffset()
  const [hour, minute] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  const offset = `UTC${minutes < 0 ? '−' : '+'}${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return timeZone === 'UTC' ? 'UTC' : `${timeZone}, ${offset}`
}

/** The moment as it is stored, to show beside what is typed; null when the text names a zone itself or is none. */
export function storedMoment(text: string): string | null {
  return fromLocalText(text)?.replace(/\.?0+Z$/, 'Z') ?? null
}
