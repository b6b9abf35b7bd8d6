import type { Procedures } from '../../rpc/implementer'
import type { WriteQuota } from '../api/quota.service'
import { runSql } from './run-sql.service'

export function createSqlHandlers({ signedIn: { sql } }: Procedures, deps: { readonly quota: WriteQuota }) {
  return {
    run: sql.run.handler(async ({ input, context: { db, caller: principal }, signal }) =>
      runSql({ db, principal, signal, quota: deps.quota }, input),
    ),
  }
}
