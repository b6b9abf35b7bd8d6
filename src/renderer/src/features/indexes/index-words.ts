import { countOf, formatBytes, formatCount } from '@renderer/ui/figures'
import { assertNever } from '@shared/assert-never'
import type { TableIndex, TableStorage } from '@shared/contract/indexes.contract'

/** Where the records of a table are, in one sentence. */
export function storageSentence({ tier, moving, records, bytes }: TableStorage): string {
  const size = `${countOf(records, 'record')}, ${formatBytes(bytes)}`
  if (moving) {
    const progress = `${formatCount(moving.done)} of ${countOf(moving.total, 'record')}`
    return moving.to === 'dedicated'
      ? `Moving to its own storage: ${progress}.`
      : `Moving back to the other small tables: ${progress}.`
  }
  return tier === 'dedicated' ? `Has its own storage: ${size}.` : `Kept with other small tables: ${size}.`
}

export type StorageChoice = 'auto' | TableStorage['tier']

/** What somebody chose; where it is on its way to counts as chosen. */
export function storageChoice({ tier, pinned, moving }: TableStorage): StorageChoice {
  return pinned ? (moving?.to ?? tier) : 'auto'
}

/** Why an index is there. */
export function originWords(origin: TableIndex['origin']): string {
  switch (origin) {
    case 'key':
      return 'Key of the table'
    case 'unique':
      return 'Unique rule'
    case 'reference':
      return 'Reference'
    case 'asked':
      return 'Asked for'
    default:
      return assertNever(origin)
  }
}

export function usageWords(scans: number): string {
  return scans === 0 ? 'Not used yet' : `Used ${countOf(scans, 'time')}`
}

/** "status, created_at": as a name of the index. */
export function columnWords(columns: readonly string[]): string {
  return columns.join(', ')
}
