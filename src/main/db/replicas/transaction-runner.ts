import type { Pool } from 'pg'
import type { DatabaseRow, Transaction, TransactionOptions } from '../database'
import { isConnectionLoss, toAppError } from '../pg-error'
import { runTransaction, type Server } from '../run-transaction'
import type { TenantScope } from '../tenant-scope'
import type { Replicas } from './replicas'

export type RunTransaction = <T>(
  scope: TenantScope,
  work: (tx: Transaction, found: DatabaseRow | undefined) => Promise<T>,
  options: TransactionOptions,
) => Promise<T>

export interface PrimaryPools {
  /** As studio_app. */
  readonly work: Pool
  /** As studio_store. */
  readonly store: Pool
  readonly control: Pool
  /** Milliseconds between two looks whether the server still answers. */
  readonly silence: number
}

/**
 * Runs what may be a little old on a replica that is fit for it, and everything else on the primary. Whatever fails on
 * a replica is run again on the primary, whose answer counts: the replica may be gone, have broken off what stood in
 * the way of its replaying, or not have got yet what was asked for.
 */
export function transactionRunner({ work, store, ...both }: PrimaryPools, replicas: Replicas | null): RunTransaction {
  function primary(scope: TenantScope, options: TransactionOptions): Server {
    const pool = options.role === 'store' ? store : work
    const server = { ...both, work: pool, isReplica: false }
    return replicas === null ? server : { ...server, committed: (position) => replicas.wrote(scope, position) }
  }

  return async (scope, run, options) => {
    const mayBeOld = options.staleness === 'bounded' && options.readOnly === true && options.role !== 'store'
    const replica = mayBeOld ? (replicas?.pick(scope) ?? null) : null
    if (replica !== null) {
      try {
        return await runTransaction(replica, scope, run, options)
      } catch (error) {
        if (options.signal?.aborted === true || toAppError(error).code === 'TIMEOUT') throw error
        if (isConnectionLoss(error)) replicas?.drop(replica, error)
      }
    }
    return runTransaction(primary(scope, options), scope, run, options)
  }
}
