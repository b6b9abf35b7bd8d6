import type { ColumnType } from '@shared/domain/column-type'
import { editText } from '../edit-text'
import { nowInUtc } from '../local-time'

/** What Mod+; puts in: now in the reader's zone, today, the clock, or a new uuid. */
export function presentText(type: ColumnType): string {
  const now = nowInUtc()
  if (type.base === 'uuid') return crypto.randomUUID()
  const local = editText({ base: 'timestamptz', array: false }, now)
  if (type.base === 'date') return local.slice(0, 10)
  return type.base === 'time' ? local.slice(11) : local
}
