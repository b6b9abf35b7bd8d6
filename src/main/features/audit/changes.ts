import { z } from 'zod'

/** The channel every committed change is told on, for all projects; readers keep to their own. */
export const changesChannel = 'studio_changes'

export const changeNotice = z.object({
  projectId: z.string(),
  kind: z.enum(['records', 'tables', 'project']),
  tableId: z.string().nullable(),
})
export type ChangeNotice = z.infer<typeof changeNotice>
