import type { ColumnType } from '@shared/domain/column-type'
import type { JsonValue } from '@shared/json'

const datePart = String.raw`\s*\d{4}-\d{1,2}-\d{1,2}`
const clockPart = String.raw`\s*\d{1,2}:\d[\d:.,]*`
const zonePart = String.raw`\s*(?:[zZ]|[+-][\d:]+)`
/** What Postgres reads of a text, and in the group what it keeps. */
const excess: Readonly<Partial<Record<ColumnType['base'], RegExp>>> = {
  date: new RegExp(`^(${datePart})[tT ]${clockPart}(?:${zonePart})?\\s*$`),
  timestamp: new RegExp(`^(${datePart}[tT ]${clockPart})${zonePart}\\s*$`),
  time: new RegExp(`^(${clockPart})${zonePart}\\s*$`),
}

/** As Postgres reads it: without the time of day where there is only a date, and the zone where there is none. */
export function withoutExcess({ base }: Pick<ColumnType, 'base'>, text: string): string {
  return excess[base]?.exec(text)?.[1] ?? text
}

/** As Postgres reads a value of JSON for a column: of other forms it takes the text. Undefined where nothing changes. */
export function lenientValue(type: ColumnType, value: JsonValue): JsonValue | undefined {
  if (value === null) return undefined
  if (type.array) return lenientItems(type, value)
  switch (type.base) {
    case 'text':
    case 'varchar':
      return typeof value === 'string' ? undefined : JSON.stringify(value)
    case 'boolean':
      return typeof value === 'number' ? String(value) : undefined
    case 'date':
    case 'time':
    case 'timestamp': {
      const text = typeof value === 'string' ? withoutExcess(type, value) : value
      return text === value ? undefined : text
    }
    default:
      return undefined
  }
}

function lenientItems(type: ColumnType, value: JsonValue): JsonValue | undefined {
  if (!Array.isArray(value)) return undefined
  const items: readonly JsonValue[] = value
  const read = items.map((item) => lenientValue({ ...type, array: false }, item))
  return read.every((item) => item === undefined) ? undefined : items.map((item, at) => read[at] ?? item)
}
