import { AppError } from '@shared/app-error'
import type { CanvasLayout } from '@shared/contract/schema.contract'
import type { DatabaseRow, Transaction } from '../../db/database'
import { type LayoutRow, saveLayoutSql, selectLayoutSql } from './layout.sql'

const empty: CanvasLayout = { tables: {}, areas: [], notes: [] }

export async function getLayout(tx: Transaction, database: DatabaseRow): Promise<LayoutRow> {
  const [row] = await tx.query<LayoutRow>(selectLayoutSql(database.project_id, database.id))
  return row ?? { layout: empty, revision: 0 }
}

/** Its new revision. CONFLICT when there is another than the one that was read. */
export async function saveLayout(tx: Transaction, database: DatabaseRow, next: LayoutRow): Promise<number> {
  const [saved] = await tx.query<{ revision: number }>(saveLayoutSql(database.project_id, database.id, next))
  if (saved) return saved.revision
  throw new AppError('CONFLICT', 'Somebody else moved things on this canvas meanwhile. Take theirs, then move yours.', {
    details: await getLayout(tx, database),
  })
}
