import type { Pool } from 'pg'
import type { LogPosition } from './write-marks'

export const endOfLogText = "pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text"

/** Everything that was committed before the question lies before the answer. */
export async function endOfLog(primary: Pool): Promise<LogPosition> {
  const answer = await primary.query<{ position: string }>(`select ${endOfLogText} as position`)
  return BigInt(answer.rows[0]?.position ?? 0)
}
