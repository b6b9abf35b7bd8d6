import type { RecordChange } from '@shared/contract/changes.contract'
import { type JsonValue, sameJson } from '@shared/json'

/** What restoring a version would do to a record. */
export type VersionDifference =
  /** It is that version already. */
  | { readonly kind: 'none' }
  | { readonly kind: 'fields'; readonly fields: RecordChange['fields'] }
  /** The record is deleted: all of it comes back. */
  | { readonly kind: 'bringBack'; readonly fields: RecordChange['fields'] }

/**
 * From the record as it is to what it was right after `changes[index]`. The changes are those of one record, newest
 * first and without a gap, so what was written since tells everything.
 */
export function differenceTo(changes: readonly RecordChange[], index: number): VersionDifference {
  const now = new Map<string, JsonValue>()
  const then = new Map<string, JsonValue>()
  for (const { fields } of changes.slice(0, index))
    for (const { column, before, after } of fields) {
      if (!now.has(column)) now.set(column, after)
      then.set(column, before)
    }
  const fields = [...then].flatMap(([column, value]) => {
    const current = now.get(column) ?? null
    return sameJson(current, value) ? [] : [{ column, before: current, after: value }]
  })
  if (changes[0]?.op === 'delete') return { kind: 'bringBack', fields }
  return fields.length === 0 ? { kind: 'none' } : { kind: 'fields', fields }
}
