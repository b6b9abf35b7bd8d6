import { z } from 'zod'
import { procedure } from './base'
import { id } from './fields'

/** The database's own login for psql and other programs. */
export const sqlLogin = z.object({
  host: z.string(),
  port: z.int(),
  database: z.string(),
  user: z.string(),
  /** Where its tables are; set for the login, so no statement has to name it. */
  schema: z.string(),
  /** `postgres://user:password@host:port/database`: whoever has it can change every record. */
  url: z.string(),
})
export type SqlLogin = z.infer<typeof sqlLogin>

const path = '/api/database/{databaseId}/connection' as const
const byDatabase = z.strictObject({ databaseId: id })

export const connectionContract = {
  /** Null until somebody asked for it, and after it was revoked. */
  get: procedure
    .route({ method: 'GET', path, tags: ['Connection'] })
    .input(byDatabase)
    .output(z.object({ login: sqlLogin.nullable() })),
  create: procedure
    .route({ method: 'POST', path, successStatus: 201, tags: ['Connection'] })
    .input(byDatabase)
    .output(z.object({ login: sqlLogin })),
  /** A new password; sessions of the old one end. */
  rotate: procedure
    .route({ method: 'POST', path: `${path}/rotate`, tags: ['Connection'] })
    .input(byDatabase)
    .output(z.object({ login: sqlLogin })),
  revoke: procedure.route({ method: 'DELETE', path, successStatus: 204, tags: ['Connection'] }).input(byDatabase),
}
