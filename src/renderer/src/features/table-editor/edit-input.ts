import { misfitSentence, readEditText, readSecretText } from './edit-text'
import type { GridColumn } from './grid-column'
import type { CellInput } from './staged/staged-record'

/** What a text becomes in a column: its value, or itself with the reason why it does not fit. Null is NULL. */
export function readInput(column: GridColumn, text: string | null): CellInput {
  if (text === null)
    return column.nullable ? { kind: 'value', value: null } : { kind: 'unfit', input: '', reason: required }
  const read = column.secret ? readSecretText(text) : readEditText(column.type, text)
  if (!read.ok) return { kind: 'unfit', input: text, reason: misfitSentence(read.reason) }
  if (read.value === null && !column.nullable) return { kind: 'unfit', input: text, reason: required }
  return { kind: 'value', value: read.value }
}

const required = 'This column is required, so it needs a value.'
