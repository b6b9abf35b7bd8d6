import type { ColumnType } from '@shared/domain/column-type'
import type { JsonValue } from '@shared/json'
import { shortenClock, toLocalText } from './local-time'

/** How a value is told in a cell: its form says what it is before it is read. */
export type CellText =
  | { readonly form: 'null' }
  /** A text of no characters shows as nothing. */
  | { readonly form: 'empty' }
  | { readonly form: 'boolean'; readonly checked: boolean }
  | { readonly form: 'json'; readonly text: string }
  | { readonly form: 'text' | 'number' | 'time' | 'uuid' | 'bytes'; readonly text: string }

/** Enough for the widest column; more would only slow the row down. The value itself is never cut. */
const shownCharacters = 400

export function cellText(type: ColumnType, value: JsonValue | undefined): CellText {
  if (value === null || value === undefined) return { form: 'null' }
  if (type.array) return { form: 'json', text: oneLine(value) }
  switch (type.base) {
    case 'boolean':
      return { form: 'boolean', checked: value === true }
    case 'jsonb':
      return { form: 'json', text: oneLine(value) }
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'numeric':
    case 'real':
    case 'double':
      return { form: 'number', text: plain(value) }
    case 'timestamptz':
      return { form: 'time', text: toLocalText(plain(value)) }
    case 'timestamp':
    case 'time':
      return { form: 'time', text: shortenClock(plain(value)) }
    case 'date':
    case 'interval':
      return { form: 'time', text: plain(value) }
    case 'uuid':
      return { form: 'uuid', text: shortenMiddle(plain(value)) }
    case 'bytea':
      return { form: 'bytes', text: plain(value).slice(0, shownCharacters) }
    case 'text':
    case 'varchar': {
      const text = plain(value)
      return text === '' ? { form: 'empty' } : { form: 'text', text: visible(text.slice(0, shownCharacters)) }
    }
  }
}

/** The whole value as text: what is copied, and what hovering shows. */
export function wholeText(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return ''
  return plain(value)
}

/** What a screen reader says of a cell; short, and the state last. */
export function spokenText(cell: CellText): string {
  switch (cell.form) {
    case 'null':
      return 'NULL'
    case 'empty':
      return 'empty'
    case 'boolean':
      return cell.checked ? 'true' : 'false'
    default:
      return cell.text
  }
}

/** `7d444840…5ffdce74fad2`: both ends are what people compare. */
export function shortenMiddle(uuid: string): string {
  return uuid.length > 20 ? `${uuid.slice(0, 8)}…${uuid.slice(-6)}` : uuid
}

function plain(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function oneLine(value: JsonValue): string {
  return JSON.stringify(value).slice(0, shownCharacters)
}

/** A line break in a cell of one line shows as a sign. */
function visible(text: string): string {
  return text.includes('\n') ? text.replace(/\r?\n/g, ' ↵ ') : text
}
