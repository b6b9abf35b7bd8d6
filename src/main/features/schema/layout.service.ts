import { AppError } from '@shared/app-error'
import type { CanvasLayout } from '@shared/contract/schema.contract'
import type { DatabaseRow, Transaction } from '../../db/database'
import { openSchema } from '../tables/open-schema.service'
import { type LayoutRow, saveLayoutSql, selectLayoutSql } from './layout.sql'

const empty: CanvasLayout = { tables: {}, areas: {}, notes: {} }

/** Places are stored by the table's id and told by its name, so that they follow it whoever renames it. */

export async function getLayout(tx: Transaction, database: DatabaseRow): Promise<LayoutRow> {
  const { tables } = await openSchema(tx, database)
  const [row] = await tx.query<LayoutRow>(selectLayoutSql(database.project_id, database.id))
  if (!row) return { layout: empty, revision: 0 }
  const names = new Map(tables.map(({ id, schema }) => [id, schema.name]))
  return { layout: renamed(row.layout, (id) => names.get(id) ?? (isId(id) ? null : id)), revision: row.revision }
}

/** Its new revision. CONFLICT when there is another than the one that was read. */
export async function saveLayout(tx: Transaction, database: DatabaseRow, next: LayoutRow): Promise<number> {
  const { tables } = await openSchema(tx, database)
  const ids = new Map(tables.map(({ id, schema }) => [schema.name, id]))
  const layout = renamed(next.layout, (name) => ids.get(name) ?? name)
  const { revision } = next
  const [saved] = await tx.query<{ revision: number }>(
    saveLayoutSql(database.project_id, database.id, { layout, revision }),
  )
  if (saved) return saved.revision
  throw new AppError('CONFLICT', 'Somebody else moved things on this canvas meanwhile. Take theirs, then move yours.', {
    details: await getLayout(tx, database),
  })
}

/** Under other keys; without those that have none. */
function renamed(layout: CanvasLayout, keyOf: (key: string) => string | null): CanvasLayout {
  const tables = Object.entries(layout.tables).flatMap(([key, place]) => {
    const other = keyOf(key)
    return other === null ? [] : [[other, place] as const]
  })
  return { ...layout, tables: Object.fromEntries(tables) }
}

/** Names of tables have no hyphens. */
function isId(key: string): boolean {
  return key.includes('-')
}
