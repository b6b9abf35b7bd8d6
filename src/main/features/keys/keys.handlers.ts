import { AppError } from '@shared/app-error'
import type { Principal } from '../../context'
import type { StudioDatabase, Transaction } from '../../db/database'
import type { Procedures } from '../../rpc/implementer'
import type { Writer } from '../tables/tables.service'
import { createApiKey, listKeys, revokeKey, rotateKey, snippetKey } from './keys.service'

export interface KeysHandlersDeps {
  /** Makes the key of the studio's own snippets. */
  readonly secret: string
}

interface Called {
  readonly db: StudioDatabase
  readonly caller: Principal
}

export function createKeysHandlers({ signedIn: { keys } }: Procedures, { secret }: KeysHandlersDeps) {
  async function write<T>(
    { db, caller: principal }: Called,
    databaseId: string,
    work: (tx: Transaction, writer: Writer) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    return db.withDatabase(principal.account.id, databaseId, (tx, database) => work(tx, { database, principal }), {
      signal,
      holdSchema: true,
    })
  }

  return {
    list: keys.list.handler(async ({ input, context: { db, caller }, signal }) => ({
      keys: await db.withDatabase(caller.account.id, input.databaseId, (tx, database) => listKeys(tx, { database }), {
        signal,
        readOnly: true,
        holdSchema: true,
      }),
    })),
    create: keys.create.handler(({ input: { databaseId, ...input }, context, signal }) =>
      write(context, databaseId, (tx, writer) => createApiKey(tx, writer, input), signal),
    ),
    revokeNamed: keys.revokeNamed.handler(async ({ input: { params, query, body }, context, signal }) => {
      const id = query?.id ?? query?.keyId ?? body?.id ?? body?.keyId
      if (id === undefined) throw new AppError('VALIDATION', 'Say which key to revoke: "id" in the query or the body.')
      await write(context, params.databaseId, (tx, writer) => revokeKey(tx, writer, id), signal)
    }),
    revoke: keys.revoke.handler(async ({ input, context, signal }) => {
      await write(context, input.databaseId, (tx, writer) => revokeKey(tx, writer, input.keyId), signal)
    }),
    rotate: keys.rotate.handler(({ input: { databaseId, ...input }, context, signal }) =>
      write(context, databaseId, (tx, writer) => rotateKey(tx, writer, input), signal),
    ),
    snippet: keys.snippet.handler(({ input: { databaseId }, context, signal }) =>
      write(context, databaseId, (tx, writer) => snippetKey(tx, writer, secret), signal),
    ),
  }
}
