import { AppError } from '@shared/app-error'
import type { ActivityEntry } from '@shared/contract/databases.contract'
import type { Transaction } from '../../db/database'
import { type ActivityRow, listActivitySql } from './databases.sql'

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
  const before = cursor === undefined ? null : readCursor(cursor)
  // One more than asked for tells whether there is a next page.
  const rows = await tx.query<ActivityRow>(listActivitySql(projectId, before, limit + 1))
  const entries = rows.slice(0, limit)
  const last = rows.length > limit ? entries.at(-1) : undefined
  return { entries, nextCursor: last ? writeCursor(last.id) : null }
}

function writeCursor(id: string): string {
  return Buffer.from(`before:${id}`).toString('base64url')
}

function readCursor(cursor: string): string {
  const id = /^before:(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]
  if (id === undefined)
    throw new AppError('VALIDATION', '"cursor": This is not a cursor of this list. Leave it out to begin anew.', {
      details: { issues: [{ path: 'cursor', message: 'This is not a cursor of this list.' }] },
    })
  return id
}
