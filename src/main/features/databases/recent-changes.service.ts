import type { DatabaseChange } from '@shared/contract/databases.contract'
import type { DatabaseRow, Transaction } from '../../db/database'
import { noticeKeySql, type RecentRow, recentChangesSql } from './activity.sql'

/** What a watcher of the project opens its notices with. */
export async function noticeKey(tx: Transaction): Promise<string> {
  const [row] = await tx.query<{ key: string }>(noticeKeySql())
  if (!row) throw new Error('The project has no key for its notices')
  return row.key
}

export function recentChanges(tx: Transaction, { project_id }: DatabaseRow): Promise<readonly DatabaseChange[]> {
  return tx.query<RecentRow>(recentChangesSql(project_id))
}
