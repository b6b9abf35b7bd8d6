import type { ShownError } from '@renderer/bridge/api'
import { z } from 'zod'

/** A record that somebody changed after the operation that is to be undone. */
const changedRecord = z.object({ id: z.string(), table: z.string().optional() })
export type ChangedRecord = z.infer<typeof changedRecord>

const details = z.object({ records: z.array(changedRecord) })

/** The records that stand in the way of an undo; null when it failed for another reason. */
export function changedSince(error: ShownError): readonly ChangedRecord[] | null {
  if (error.code !== 'CONFLICT') return null
  return details.safeParse(error.details).data?.records ?? null
}
