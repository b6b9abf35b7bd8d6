import type { JsonValue } from '@shared/json'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import type { WriteQuota } from '../api/quota.service'
import type { OpenTransactions } from './open-transactions'
import type { ResultSpool } from './result-spool'

export interface PanelRunInput {
  readonly databaseId: string
  readonly query: string
  readonly values: { readonly [name: string]: JsonValue }
  readonly rowLimit: number
  readonly timeoutMs: number
  readonly transactionId: string | null
  readonly confirmed: boolean
  readonly explain: 'none' | 'plan' | 'analyze'
}

export interface PanelDeps {
  readonly db: StudioDatabase
  readonly spool: ResultSpool
  readonly transactions: OpenTransactions
  readonly principal: Principal
  /** Asked before SQL that adds records; no limits when left out. */
  readonly quota?: WriteQuota | undefined
}
