import { AppError } from '@shared/app-error'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import type { Procedures } from '../../rpc/implementer'
import { progressStream } from '../transfers/progress-stream'
import type { Spool } from '../transfers/spool'
import { type BackupDeps, createBackup, deleteBackup, listBackups, setPlan } from './backups.service'
import { duplicateProject } from './copy-project.service'
import { restoreBackup, takePlace } from './restore-backup.service'

export interface BackupsHandlersDeps {
  readonly spool: Spool
  /** Null on a shared server, whose owner keeps its backups. */
  readonly folder: () => string | null
}

export function createBackupsHandlers({ signedIn: { backups } }: Procedures, { spool, folder }: BackupsHandlersDeps) {
  const deps = (db: StudioDatabase, principal: Principal): BackupDeps => {
    const place = folder()
    if (place === null)
      throw new AppError(
        'FORBIDDEN',
        'Backups on the disk are made by the built-in server. Export the database, or ask whoever runs this server.',
      )
    return { db, principal, spool, folder: place }
  }
  /** NOT_FOUND for a database of others, before anything else is said. */
  const ownDatabase = (db: StudioDatabase, caller: Principal, databaseId: string) =>
    db.withDatabase(caller.account.id, databaseId, async (_, { id }) => id, { readOnly: true })

  return {
    list: backups.list.handler(async ({ input, context: { db, caller: principal } }) => ({
      ...(await listBackups({ db, principal }, input.databaseId)),
      available: folder() !== null,
    })),
    create: backups.create.handler(async ({ input, context: { db, caller }, signal }) => {
      const id = await ownDatabase(db, caller, input.databaseId)
      const all = deps(db, caller)
      return progressStream((report, stop) => createBackup(all, id, 'asked', { signal: stop, report }), signal)
    }),
    delete: backups.delete.handler(async ({ input, context: { db, caller } }) => {
      const id = await ownDatabase(db, caller, input.databaseId)
      await deleteBackup(deps(db, caller), id, input.backupId)
      return {}
    }),
    setPlan: backups.setPlan.handler(async ({ input, context: { db, caller: principal } }) => {
      await setPlan({ db, principal }, input.databaseId, input.plan)
      return { plan: input.plan }
    }),
    restore: backups.restore.handler(async ({ input, context: { db, caller }, signal }) => {
      const id = await ownDatabase(db, caller, input.databaseId)
      const all = deps(db, caller)
      return progressStream(
        async (report, stop) => ({ project: await restoreBackup(all, id, input.backupId, { signal: stop, report }) }),
        signal,
      )
    }),
    takePlace: backups.takePlace.handler(async ({ input, context: { db, caller: principal } }) => ({
      project: await takePlace({ db, principal }, input.databaseId),
    })),
    duplicate: backups.duplicate.handler(async ({ input, context: { db, caller: principal }, signal }) => {
      const id = await ownDatabase(db, principal, input.databaseId)
      const all = { db, principal, spool }
      return progressStream(
        async (report, stop) => ({ project: await duplicateProject(all, id, input, { signal: stop, report }) }),
        signal,
      )
    }),
  }
}
