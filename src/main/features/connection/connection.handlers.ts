import type { Procedures } from '../../rpc/implementer'
import { createLoginSecret } from '../sql/sql-login.service'
import { createConnection, getConnection, revokeConnection, rotateConnection } from './connection.service'

export function createConnectionHandlers({ signedIn: { connection } }: Procedures, deps: { readonly secret: string }) {
  const secret = createLoginSecret(deps.secret)
  return {
    get: connection.get.handler(async ({ input, context: { db, caller: principal }, signal }) =>
      getConnection({ db, secret, principal, signal }, input.databaseId),
    ),
    create: connection.create.handler(async ({ input, context: { db, caller: principal }, signal }) =>
      createConnection({ db, secret, principal, signal }, input.databaseId),
    ),
    rotate: connection.rotate.handler(async ({ input, context: { db, caller: principal }, signal }) =>
      rotateConnection({ db, secret, principal, signal }, input.databaseId),
    ),
    revoke: connection.revoke.handler(async ({ input, context: { db, caller: principal }, signal }) =>
      revokeConnection({ db, secret, principal, signal }, input.databaseId),
    ),
  }
}
