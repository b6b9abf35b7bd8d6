import type { Procedures } from '../../rpc/implementer'
import { getRules, listRules, setRules } from './rules.service'

export function createRulesHandlers({ signedIn: { rules } }: Procedures) {
  return {
    get: rules.get.handler(({ input, context: { db, caller }, signal }) =>
      db.withDatabase(caller.account.id, input.databaseId, (tx, database) => getRules(tx, database, input.tableId), {
        signal,
        readOnly: true,
        holdSchema: true,
      }),
    ),
    list: rules.list.handler(async ({ input, context: { db, caller }, signal }) => ({
      tables: await db.withDatabase(caller.account.id, input.databaseId, listRules, {
        signal,
        readOnly: true,
        holdSchema: true,
      }),
    })),
    set: rules.set.handler(async ({ input, context: { db, caller: principal }, signal }) => {
      const { databaseId, tableId, ...rest } = input
      return db.withDatabase(
        principal.account.id,
        databaseId,
        (tx, database) => setRules(tx, { database, principal }, tableId, rest),
        { signal, holdSchema: true },
      )
    }),
  }
}
