import type { ShownError } from '@renderer/bridge/api'
import { z } from 'zod'

/** A record that somebody changed after the operation that is to be undone. */
const changedRecord = z.object({ id: z.string(), table: z.string().optional() })
export type ChangedRecord = z.infer<typeof changedRecord>

/** Of very many only some are named; `count` is all of them. */
const details = z.object({ records: z.array(changedRecord), count: z.int().optional() })

export interface ChangedSince {
  readonly records: readonly ChangedRecord[]
  readonly count: number
}

/** The records that stand in the way of an undo; null when it failed for another reason. */
export function changedSince(error: ShownError): ChangedSince | null {
  if (error.code !== 'CONFLICT') return null
  const read = details.safeParse(error.details).data
  return read ? { records: read.records, count: read.count ?? read.records.length } : null
}
