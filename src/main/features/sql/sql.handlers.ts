import type { Procedures } from '../../rpc/implementer'
import type { WriteQuota } from '../api/quota.service'
import { runSql } from './run-sql.service'
import { createLoginSecret } from './sql-login.service'

export function createSqlHandlers(
  { signedIn: { sql } }: Procedures,
  deps: { readonly secret: string; readonly quota: WriteQuota },
) {
  const secret = createLoginSecret(deps.secret)
  return {
    run: sql.run.handler(async ({ input, context: { db, caller: principal }, signal }) =>
      runSql({ db, secret, principal, signal, quota: deps.quota }, input),
    ),
  }
}
