import type { StudioDatabase } from '../../db/database'
import { emptyBinSql } from './projects.sql'

export interface EmptiedBin {
  readonly projects: number
  readonly tables: number
}

/** Removes for good what has been in the bin for 30 days. The app calls it when it starts, and daily. */
export async function emptyBin(db: StudioDatabase): Promise<EmptiedBin> {
  const [gone] = await db.withoutTenant((tx) => tx.query<EmptiedBin>(emptyBinSql()))
  return gone ?? { projects: 0, tables: 0 }
}
