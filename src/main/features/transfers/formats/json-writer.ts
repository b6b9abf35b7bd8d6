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
      return (text) => JSON.stringify(text)
  }
}

/** A record as one line of JSON. */
export function recordWriter(
  columns: readonly { readonly name: string; readonly type: ColumnType }[],
): (cells: readonly (string | null)[]) => string {
  const members = columns.map(({ name, type }) => ({ key: `${JSON.stringify(name)}:`, write: jsonText(type) }))
  return (cells) => {
    let text = '{'
    for (const [at, { key, write }] of members.entries()) {
      const cell = cells[at] ?? null
      text += `${at === 0 ? '' : ','}${key}${cell === null ? 'null' : write(cell)}`
    }
    return `${text}}`
  }
}
