import type { DatabaseRow, Transaction } from '../../db/database'
import type { Procedures } from '../../rpc/implementer'
import type { HostInfo } from '../host/server-status'
import { listActivity } from './activity.service'
import { createDatabase, getOverview } from './databases.service'
import { noticeKey, recentChanges } from './recent-changes.service'
import { watchChanges } from './watch-changes'

/** Entries of one page of the log. */
const activityPage = 50

import { readSpace } from './space.service'

export function createDatabasesHandlers(
  { signedIn: { databases } }: Procedures,
  { info }: { readonly info: () => HostInfo },
) {
  return {
    create: databases.create.handler(({ input: { projectId }, context: { db, caller }, signal }) =>
      db.withProject(caller.account.id, projectId, (tx) => createDatabase(tx, caller, projectId), {
        signal,
        role: 'store',
      }),
    ),
    get: databases.get.handler(async ({ input, context: { db, caller }, signal }) => {
      const overview = await db.withDatabase(caller.account.id, input.databaseId, getOverview, {
        signal,
        readOnly: true,
        staleness: 'bounded',
      })
      const { apiUrl, database } = info()
      return { ...overview, connection: { api_url: apiUrl, server: database.address, embedded: database.embedded } }
    }),
    space: databases.space.handler(({ input: { databaseId }, context: { db, caller }, signal }) =>
      db.withDatabase(caller.account.id, databaseId, readSpace, { signal, readOnly: true, staleness: 'bounded' }),
    ),
    audit: databases.audit.handler(({ input: { databaseId, cursor }, context: { db, caller }, signal }) =>
      db.withDatabase(
        caller.account.id,
        databaseId,
        (tx, { project_id }) => listActivity(tx, project_id, { limit: activityPage, cursor }),
        { signal, readOnly: true, staleness: 'bounded' },
      ),
    ),
    watch: databases.watch.handler(async ({ input: { databaseId }, context: { db, caller, principal }, signal }) => {
      const read = <T>(work: (tx: Transaction, database: DatabaseRow) => Promise<T>) =>
        db.withDatabase(caller.account.id, databaseId, work, { signal, readOnly: true })
      const project = await read(async (tx, { project_id: projectId }) => ({ projectId, key: await noticeKey(tx) }))
      return watchChanges(db, {
        ...project,
        recent: () => read(recentChanges),
        principal,
        signal,
      })
    }),
  }
}
