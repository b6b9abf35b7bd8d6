import { z } from 'zod'
import { procedure } from './base'
import { id, timestamp } from './fields'

export const project = z.object({
  id,
  name: z.string(),
  description: z.string().nullable(),
  created_at: timestamp,
  /** The project's database; null until it is made. */
  database_id: id.nullable(),
  /** Set while the project is in the bin. */
  deleted_at: timestamp.nullable(),
  /** Whole days until a deleted project is removed for good. */
  days_left: z.int().nullable(),
})
export type Project = z.infer<typeof project>

const projectName = z.string().trim().min(1, 'Give the project a name.').max(100, 'Use at most 100 characters.')
const description = z.string().max(2000, 'Use at most 2,000 characters.')
const one = z.object({ project })
const byId = z.strictObject({ projectId: id })

export const projectsContract = {
  list: procedure
    .route({ method: 'GET', path: '/api/projects', tags: ['Projects'] })
    .input(z.strictObject({ deleted: z.stringbool().or(z.boolean()).optional() }).optional())
    .output(z.object({ projects: z.array(project) })),
  create: procedure
    .route({ method: 'POST', path: '/api/projects', successStatus: 201, tags: ['Projects'] })
    .input(z.strictObject({ name: projectName, description: description.optional() }))
    .output(one),
  get: procedure
    .route({ method: 'GET', path: '/api/projects/{projectId}', tags: ['Projects'] })
    .input(byId)
    .output(one),
  update: procedure
    .route({ method: 'PATCH', path: '/api/projects/{projectId}', tags: ['Projects'] })
    .input(
      z.strictObject({ projectId: id, name: projectName.optional(), description: description.nullable().optional() }),
    )
    .output(one),
  /** Moves the project to the bin. */
  delete: procedure
    .route({ method: 'DELETE', path: '/api/projects/{projectId}', tags: ['Projects'] })
    .input(byId)
    .output(one),
  restore: procedure
    .route({ method: 'POST', path: '/api/projects/{projectId}/restore', tags: ['Projects'] })
    .input(byId)
    .output(one),
}
