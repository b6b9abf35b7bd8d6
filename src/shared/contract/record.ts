import { z } from 'zod'
import { id, json } from './fields'

/** The table's columns plus `_id` (uuid, the record's identity) and `_revision` (counts its writes from 1). */
export const record = z.object({ _id: id, _revision: z.int() }).catchall(json)
export type TableRecord = z.infer<typeof record>
