import type { ColumnType } from '@shared/domain/column-type'
import { isoTimestamp } from '../../../db/pg-types'

/** How a value of the type, in Postgres' text form, is written as canonical JSON. Arrays come as JSON already. */
export function jsonText({ base, array }: ColumnType): (text: string) => string {
  if (array || base === 'jsonb') return (text) => text
  switch (base) {
    case 'smallint':
    case 'integer':
      return (text) => text
    case 'real':
    case 'double':
      // NaN and the infinities are no JSON numbers.
      return (text) => (/^-?[\d.]/.test(text) ? String(Number(text)) : JSON.stringify(text))
    case 'boolean':
      return (text) => (text === 't' || text === 'true' ? 'true' : 'false')
    case 'timestamp':
    case 'timestamptz':
      return (text) => `"${isoTimestamp(text)}"`
    case 'time':
      return (text) => {
        const [whole = '', fraction = ''] = text.split('.')
        return `"${whole}.${fraction.padEnd(6, '0')}"`
      }
    default:
      return (text) => (escaped.test(text) ? JSON.stringify(text) : `"${text}"`)
  }
}

/** What JSON has another way of writing. Most texts have none of it, and to see that costs a third of writing it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what JSON escapes
const escaped = /["\\\u0000-\u001f\ud800-\udfff]/

/** A record as one line of JSON. */
export function recordWriter(
  columns: readonly { readonly name: string; readonly type: ColumnType }[],
): (cells: readonly (string | null)[]) => string {
  const members = columns.map(({ name, type }, at) => ({
    key: `${at === 0 ? '{' : ','}${JSON.stringify(name)}:`,
    write: jsonText(type),
  }))
  if (members.length === 0) return () => '{}'
  return (cells) => {
    let text = ''
    let at = 0
    for (const { key, write } of members) {
      const cell = cells[at++] ?? null
      text += key
      text += cell === null ? 'null' : write(cell)
    }
    return `${text}}`
  }
}
