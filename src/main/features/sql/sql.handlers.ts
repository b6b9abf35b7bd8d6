import type { Procedures } from '../../rpc/implementer'
import { runSql } from './run-sql.service'
import { createLoginSecret } from './sql-login.service'

export function createSqlHandlers({ signedIn: { sql } }: Procedures, deps: { readonly secret: string }) {
  const secret = createLoginSecret(deps.secret)
  return {
    run: sql.run.handler(async ({ input, context: { db, caller: principal }, signal }) =>
      runSql({ db, secret, principal, signal }, input),
    ),
  }
}
