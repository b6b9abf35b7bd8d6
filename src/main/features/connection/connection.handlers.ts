import type { Procedures } from '../../rpc/implementer'
import { createConnection, getConnection, revokeConnection, rotateConnection } from './connection.service'

export function createConnectionHandlers({ signedIn: { connection } }: Procedures) {
  return {
    get: connection.get.handler(async ({ input, context: { db, caller: principal }, signal }) =>
      getConnection({ db, principal, signal }, input.databaseId),
    ),
    create: connection.create.handler(async ({ input, context: { db, caller: principal }, signal }) =>
      createConnection({ db, principal, signal }, input.databaseId),
    ),
    rotate: connection.rotate.handler(async ({ input, context: { db, caller: principal }, signal }) =>
      rotateConnection({ db, principal, signal }, input.databaseId),
    ),
    revoke: connection.revoke.handler(async ({ input, context: { db, caller: principal }, signal }) =>
      revokeConnection({ db, principal, signal }, input.databaseId),
    ),
  }
}
