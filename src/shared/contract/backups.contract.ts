import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { procedure } from './base'
import { id, timestamp } from './fields'
import { project } from './projects.contract'
import { transferProgress } from './transfers.contract'

export const backup = z.object({
  id,
  created_at: timestamp,
  kind: z.enum(['asked', 'scheduled']),
  bytes: z.int(),
  records: z.int(),
  tables: z.int(),
  /** When a test restore had the same tables with as many records; null when it has not, and `problem` says why. */
  proven_at: timestamp.nullable(),
  problem: z.string().nullable(),
})
export type Backup = z.infer<typeof backup>

export const backupPlan = z.object({ every: z.enum(['off', 'daily', 'weekly']), keep: z.int().min(1).max(365) })
export type BackupPlan = z.infer<typeof backupPlan>

/** The project that one was restored from. */
export const restoredFrom = z.object({ id, name: z.string() })
export type RestoredFrom = z.infer<typeof restoredFrom>

const databaseId = id
const made = <T extends z.ZodType>(result: T) =>
  eventIterator(z.union([transferProgress, z.object({ kind: z.literal('done'), result })]))

/** Copies of a whole project: beside it on the disk of the studio, or as another project. */
export const backupsContract = {
  list: procedure.input(z.strictObject({ databaseId })).output(
    z.object({
      backups: z.array(backup),
      plan: backupPlan,
      available: z.boolean(),
      restoredFrom: restoredFrom.nullable(),
    }),
  ),
  /** Writes a backup, restores it into a project that nobody sees for longer, and counts. */
  create: procedure.input(z.strictObject({ databaseId })).output(made(backup)),
  delete: procedure.input(z.strictObject({ databaseId, backupId: id })).output(z.object({})),
  setPlan: procedure.input(z.strictObject({ databaseId, plan: backupPlan })).output(z.object({ plan: backupPlan })),
  /** Into a new project, whose name says what it is. */
  restore: procedure.input(z.strictObject({ databaseId, backupId: id })).output(made(z.object({ project }))),
  /** Gives a restored project the address, keys, settings and name of the one it was restored from, which goes to the bin. */
  takePlace: procedure.input(z.strictObject({ databaseId })).output(z.object({ project })),
  /** The same tables in a new project, with their records or without. */
  duplicate: procedure
    .input(z.strictObject({ databaseId, name: z.string().trim().min(1).max(100), records: z.boolean() }))
    .output(made(z.object({ project }))),
}
