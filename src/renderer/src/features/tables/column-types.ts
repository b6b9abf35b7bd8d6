import { type BaseType, formatColumnType, parseColumnType } from '@shared/domain/column-type'

export interface TypeChoice {
  readonly base: BaseType
  readonly hint: string
  /** Other words for it. */
  readonly keywords: readonly string[]
}

/** The ones that are wanted most come first. */
export const typeChoices: readonly TypeChoice[] = [
  { base: 'text', hint: 'Text of any length', keywords: ['string'] },
  { base: 'integer', hint: 'Whole number', keywords: ['int', 'number'] },
  { base: 'boolean', hint: 'True or false', keywords: ['bool', 'yes', 'tick'] },
  { base: 'timestamptz', hint: 'Moment in time', keywords: ['datetime', 'date', 'time'] },
  { base: 'date', hint: 'Day', keywords: ['birthday'] },
  { base: 'numeric', hint: 'Exact decimal, as for money', keywords: ['decimal', 'money', 'price', 'number'] },
  { base: 'uuid', hint: 'Unique id', keywords: ['guid', 'id'] },
  { base: 'jsonb', hint: 'JSON value', keywords: ['object', 'document'] },
  { base: 'varchar', hint: 'Text up to a length', keywords: ['string', 'char'] },
  { base: 'bigint', hint: 'Whole number, up to 19 digits', keywords: ['int8', 'long', 'number'] },
  { base: 'smallint', hint: 'Whole number, up to 32,767', keywords: ['int2', 'short', 'number'] },
  { base: 'double', hint: 'Decimal of 15 digits', keywords: ['float', 'float8', 'number'] },
  { base: 'real', hint: 'Decimal of 6 digits', keywords: ['float', 'float4', 'number'] },
  { base: 'timestamp', hint: 'Day and time without zone', keywords: ['datetime'] },
  { base: 'time', hint: 'Time of day', keywords: ['hour', 'clock'] },
  { base: 'interval', hint: 'Span of time', keywords: ['duration'] },
  { base: 'bytea', hint: 'Bytes', keywords: ['binary', 'blob', 'file'] },
]

/** What people often choose as the default of such a column. */
export function defaultSuggestions(type: string): readonly string[] {
  const parsed = parseColumnType(type)
  if (!parsed) return []
  if (parsed.array) return ['{}']
  switch (parsed.base) {
    case 'uuid':
      return ['gen_random_uuid()']
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return ['now()']
    case 'boolean':
      return ['false', 'true']
    case 'jsonb':
      return ['{}', '[]']
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'numeric':
    case 'real':
    case 'double':
      return ['0']
    default:
      return []
  }
}

/** The type with another length, or as a list; the text as it is when it is no type. */
export function withLength(type: string, length: string): string {
  const parsed = parseColumnType(type)
  if (!parsed) return type
  const { length: _, ...rest } = parsed
  return formatColumnType(Number(length) >= 1 ? { ...rest, length: Number(length) } : rest)
}

export function withDigits(type: string, precision: string, scale: string): string {
  const parsed = parseColumnType(type)
  if (!parsed) return type
  const { precision: _, scale: __, ...rest } = parsed
  const digits = Math.min(Number(precision), 1000)
  return formatColumnType(digits >= 1 ? { ...rest, precision: digits, scale: Math.min(Number(scale), digits) } : rest)
}

export function asList(type: string, array: boolean): string {
  const parsed = parseColumnType(type)
  return parsed ? formatColumnType({ ...parsed, array }) : type
}
