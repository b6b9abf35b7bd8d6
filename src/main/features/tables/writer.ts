import type { Principal } from '../../context'
import type { DatabaseRow } from '../../db/database'

/** What a write needs to know about who does it and where. */
export interface Writer {
  readonly database: DatabaseRow
  readonly principal: Principal
}
