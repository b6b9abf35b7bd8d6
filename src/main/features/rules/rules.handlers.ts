import type { Procedures } from '../../rpc/implementer'
import { getRules, listRules, setRules } from './rules.service'
import { type TestResult, testRules } from './tester.service'

/** Carries a result out of a transaction that is rolled back. */
class Tried extends Error {
  readonly result: TestResult
  constructor(result: TestResult) {
    super('tried')
    this.result = result
  }
}

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
    test: rules.test.handler(
      async ({ input: { databaseId, ...input }, context: { db, caller: principal }, signal }) => {
        try {
          return await db.withDatabase(
            principal.account.id,
            databaseId,
            async (tx, database): Promise<TestResult> => {
              throw new Tried(await testRules(tx, { database, principal }, input))
            },
            { signal, holdSchema: true },
          )
        } catch (error) {
          if (error instanceof Tried) return { ...error.result, records: [...error.result.records] }
          throw error
        }
      },
    ),
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
