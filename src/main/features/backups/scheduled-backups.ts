import type { Logger } from 'pino'
import type { StudioDatabase } from '../../db/database'
import { localOwner } from '../accounts/accounts.service'
import type { Spool } from '../transfers/spool'
import { createBackup, dropOldBackups } from './backups.service'
import { dueBackupsSql } from './backups.sql'

/** Makes the backups that are due, one after the other, and drops those that are more than their plan keeps. */
export async function makeDueBackups(
  db: StudioDatabase,
  {
    spool,
    folder,
    logger,
    signal,
  }: {
    readonly spool: Spool
    readonly folder: string
    readonly logger: Logger
    readonly signal: AbortSignal
  },
): Promise<void> {
  const due = await db.withoutTenant((tx) => tx.query<{ account_id: string; database_id: string }>(dueBackupsSql))
  if (due.length === 0) return
  const principal = await db.withoutTenant((tx) => localOwner(tx))
  for (const { account_id, database_id } of due) {
    if (signal.aborted || account_id !== principal.account.id) continue
    const deps = { db, principal, spool, folder }
    try {
      await createBackup(deps, database_id, 'scheduled', { signal, report: () => undefined })
      await dropOldBackups(deps, database_id)
    } catch (error) {
      if (!signal.aborted) logger.warn({ err: error }, 'a scheduled backup was not made')
    }
  }
}
