/** Moments are stored in UTC with microseconds and shown in the reader's zone; both ways keep every digit. */

const utcMoment = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?Z$/
const localMoment = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,6}))?)?)?$/

/** `2026-01-31 15:30:00` (with a fraction where there is one); the text itself when it is no moment in UTC. */
export function toLocalText(utc: string): string {
  const match = utcMoment.exec(utc)
  if (!match) return utc
  const date = new Date(`${match[1]}Z`)
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`
  return `${day} ${clock}${trimFraction(match[2] ?? '')}`
}

/** The moment in UTC that a local text means; null when the text names a zone itself or is no date and time. */
export function fromLocalText(text: string): string | null {
  const match = localMoment.exec(text.trim())
  if (!match) return null
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0))
  const date = new Date(2000, 0, 1)
  date.setFullYear(year ?? 0, (month ?? 1) - 1, day)
  date.setHours(hour ?? 0, minute ?? 0, second ?? 0, 0)
  // The calendar rolls 31 February over; the server should see what was typed and say what is wrong with it.
  if (date.getMonth() + 1 !== month || date.getDate() !== day || (hour ?? 0) > 23) return null
  if (Number.isNaN(date.getTime())) return null
  return `${date.toISOString().slice(0, 19)}.${(match[7] ?? '').padEnd(6, '0')}Z`
}

/** `14:30:00.250000` as `14:30:00.25`, a whole second without its fraction. */
export function shortenClock(text: string): string {
  return text.replace('T', ' ').replace(/\.(\d{1,6})$/, (_, fraction: string) => trimFraction(fraction))
}

/** Now, to the precision of the clock, as a moment in UTC. */
export function nowInUtc(now: Date = new Date()): string {
  return `${now.toISOString().slice(0, 23)}000Z`
}

function trimFraction(digits: string): string {
  const kept = digits.replace(/0+$/, '')
  return kept === '' ? '' : `.${kept}`
}

function pad(value: number, length = 2): string {
  return String(value).padStart(length, '0')
}
