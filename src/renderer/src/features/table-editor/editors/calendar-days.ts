/** A day of the calendar, without a time or a zone. */
export interface Day {
  readonly year: number
  /** From 1. */
  readonly month: number
  readonly day: number
}

export function readDay(text: string): Day | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text.trim())
  if (!match) return null
  const [year, month, day] = match.slice(1).map(Number)
  const read = { year: year ?? 0, month: month ?? 0, day: day ?? 0 }
  return writeDay(addDays(read, 0)) === match[0] ? read : null
}

export function writeDay({ year, month, day }: Day): string {
  return `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}`
}

export function today(now = new Date()): Day {
  return { year: now.getFullYear(), month: now.getMonth() + 1, day: now.getDate() }
}

export function addDays(day: Day, days: number): Day {
  return fromDate(toDate({ ...day, day: day.day + days }))
}

/** The same day of another month, or its last one where it is shorter. */
export function addMonths({ year, month, day }: Day, months: number): Day {
  const last = toDate({ year, month: month + months + 1, day: 0 }).getUTCDate()
  return fromDate(toDate({ year, month: month + months, day: Math.min(day, last) }))
}

/** Six weeks around the month, from a Monday. */
export function weeksOf({ year, month }: Day): readonly (readonly Day[])[] {
  const first = toDate({ year, month, day: 1 })
  const monday = addDays(fromDate(first), -((first.getUTCDay() + 6) % 7))
  return Array.from({ length: 6 }, (_, week) =>
    Array.from({ length: 7 }, (_, weekday) => addDays(monday, week * 7 + weekday)),
  )
}

export function sameDay(a: Day | null, b: Day | null): boolean {
  return a !== null && b !== null && writeDay(a) === writeDay(b)
}

function toDate({ year, month, day }: Day): Date {
  const date = new Date(Date.UTC(2000, 0, 1))
  date.setUTCFullYear(year, month - 1, day)
  return date
}

function fromDate(date: Date): Day {
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

function pad(value: number): string {
  return String(value).padStart(2, '0')
}
