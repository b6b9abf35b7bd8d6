import type { ActivityEntry } from '@shared/contract/databases.contract'
import type { Transaction } from '../../db/database'
import { readLogCursor, writeLogCursor } from '../audit/log-cursor'
import { type ActivityRow, listActivitySql, mostCounted } from './activity.sql'

export interface ActivityPage {
  readonly entries: ActivityEntry[]
  readonly nextCursor: string | null
}

/** Who did what, newest first. `cursor` is a `nextCursor` of before. */
export async function listActivity(
  tx: Transaction,
  projectId: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<ActivityPage> {
  // One more than asked for tells whether there is a next page.
  const rows = await tx.query<ActivityRow>(listActivitySql(projectId, readLogCursor(cursor), limit + 1))
  const entries = rows.slice(0, limit).map(toEntry)
  const last = rows.length > limit ? entries.at(-1) : undefined
  return { entries, nextCursor: last ? writeLogCursor(last.id) : null }
}

function toEntry({ records, ...row }: ActivityRow): ActivityEntry {
  return { ...row, sentence: counted(row.sentence, records), operation: row.undoable ? row.operation : null }
}

/** The entry of a transaction of SQL is written at its first change, when nobody knows how many there will be. */
function counted(sentence: string, records: number | null): string {
  if (records === null) return sentence
  const many = records > mostCounted ? `More than ${mostCounted.toLocaleString('en')}` : records.toLocaleString('en')
  const what = records === 1 ? 'record' : 'records'
  return sentence.replace(/^Changed records of /, `Changed ${many.toLowerCase()} ${what} of `)
}
