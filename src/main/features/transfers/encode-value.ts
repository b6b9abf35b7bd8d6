import { coerceValue, parseValue, renderValue } from '@shared/domain/coerce-value'
import type { Coerced } from '@shared/domain/coerced'
import type { ColumnType } from '@shared/domain/column-type'
import { coerceSecret } from '@shared/domain/secret-column'
import type { JsonValue } from '@shared/json'

/** A value as COPY's text format has it; undefined when it is not one of the type. */
export type Encode = (value: JsonValue) => string | undefined

export const copyNull = '\\N'

export interface Encoded {
  readonly type: ColumnType
  readonly isSecret: boolean
}

/** Reads a value of a file. A text without characters is no value, but in columns of text. */
export function readSourceValue({ type, isSecret }: Encoded, value: JsonValue, isText: boolean): Coerced {
  if (isSecret) return coerceSecret(value === '' ? null : value)
  if (value === '' && !isTextual(type)) return { ok: true, value: null }
  // A file may say 42 where the column keeps the text "42".
  if (value !== null && typeof value !== 'string' && isTextual(type))
    return { ok: true, value: typeof value === 'object' ? JSON.stringify(value) : String(value) }
  return isText && typeof value === 'string' ? parseValue(type, value) : coerceValue(type, value)
}

/**
 * The same rules, without an object for each value: of a million records, eight values each, the common forms are told
 * by one look and sent on as they are.
 */
export function encoderOf(column: Encoded, isText: boolean): Encode {
  const slow: Encode = (value) => {
    const coerced = readSourceValue(column, value, isText)
    return coerced.ok ? encodeCanonical(column.type, coerced.value) : undefined
  }
  const plain = column.isSecret || column.type.array ? null : plainForm(column.type)
  if (plain === null) return slow
  return (value) => {
    if (value === null) return copyNull
    return typeof value === 'string' && plain(value) ? value : slow(value)
  }
}

/** A canonical value. */
export function encodeCanonical(type: ColumnType, value: JsonValue): string {
  if (value === null) return copyNull
  return escapeCopy(renderValue(type, value))
}

export function escapeCopy(text: string): string {
  if (!special.test(text)) return text
  return text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character)
}

const special = /[\\\t\n\r]/
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** Whether Postgres reads the text as it is to the very value that the rules make of it. */
function plainForm(type: ColumnType): ((text: string) => boolean) | null {
  switch (type.base) {
    case 'smallint':
      return (text) => /^-?\d{1,4}$/.test(text)
    case 'integer':
      return (text) => /^-?\d{1,9}$/.test(text)
    case 'bigint':
      return (text) => /^-?\d{1,18}$/.test(text)
    case 'numeric': {
      const { precision, scale = 0 } = type
      const whole = precision === undefined ? 1000 : precision - scale
      const fraction = precision === undefined ? 1000 : scale
      if (whole < 1) return null
      const form =
        fraction === 0 ? new RegExp(`^-?\\d{1,${whole}}$`) : new RegExp(`^-?\\d{1,${whole}}(?:\\.\\d{1,${fraction}})?$`)
      return (text) => form.test(text)
    }
    case 'text':
      return (text) => !unplain.test(text)
    case 'varchar':
      return (text) => (type.length === undefined || text.length <= type.length) && !unplain.test(text)
    case 'boolean':
      return (text) => text === 'true' || text === 'false' || text === 't' || text === 'f'
    case 'date':
      return (text) => /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/.test(text)
    case 'timestamptz':
      return (text) =>
        /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|\+00(?::?00)?)$/.test(
          text,
        )
    case 'timestamp':
      return (text) =>
        /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?$/.test(
          text,
        )
    case 'uuid':
      return (text) => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text)
    default:
      return null
  }
}

/** What COPY needs escaped, and what may be no text at all. */
const unplain = /[\\\t\n\r\0\ud800-\udfff]/

function isTextual({ base, array }: ColumnType): boolean {
  return !array && (base === 'text' || base === 'varchar')
}
