import type { Procedures } from '../../rpc/implementer'
import type { HostInfo } from '../host/server-status'
import { listRequests, readSettings, readTraffic, shownSettings, writeDocument, writeSettings } from './api.service'
import type { Quotas } from './quota.service'
import type { RateSettings } from './rates'
import type { RequestLog } from './request-log'
import { tryCall } from './try-call.service'

export interface ApiHandlersDeps {
  readonly info: () => HostInfo
  readonly quotas: Quotas
  readonly rates: RateSettings
  readonly requests: Pick<RequestLog, 'flush'>
}

export function createApiHandlers(
  { signedIn: { api } }: Procedures,
  { info, quotas, rates, requests }: ApiHandlersDeps,
) {
  return {
    settings: api.settings.handler(async ({ input: { databaseId }, context: { db, caller }, signal }) => {
      await requests.flush()
      const row = await db.withDatabase(caller.account.id, databaseId, readSettings, { signal, readOnly: true })
      const usage = await quotas.measure({ accountId: caller.account.id, databaseId })
      return { settings: shownSettings(row, rates), plan: { ...quotas.planOf(row.plan) }, usage: { ...usage } }
    }),
    setSettings: api.setSettings.handler(
      async ({ input: { databaseId, ...input }, context: { db, caller: principal }, signal }) => ({
        settings: shownSettings(
          await db.withDatabase(
            principal.account.id,
            databaseId,
            (tx, database) => writeSettings(tx, { database, principal }, input),
            { signal, holdSchema: true },
          ),
          rates,
        ),
      }),
    ),
    requests: api.requests.handler(async ({ input: { databaseId, ...input }, context: { db, caller }, signal }) => {
      await requests.flush()
      return db.withDatabase(caller.account.id, databaseId, (tx, database) => listRequests(tx, database, input), {
        signal,
        readOnly: true,
      })
    }),
    traffic: api.traffic.handler(
      async ({ input: { databaseId, span, ...filter }, context: { db, caller }, signal }) => {
        await requests.flush()
        return {
          points: await db.withDatabase(
            caller.account.id,
            databaseId,
            (tx, database) => readTraffic(tx, database, span, filter),
            { signal, readOnly: true },
          ),
        }
      },
    ),
    tryCall: api.tryCall.handler(({ input, context: { db, caller }, signal }) => tryCall(db, caller, input, signal)),
    document: api.document.handler(({ input: { databaseId, format }, context: { db, caller }, signal }) => {
      const { version, apiUrl } = info()
      return db.withDatabase(
        caller.account.id,
        databaseId,
        (tx, database) => writeDocument(tx, database, format, { version, apiUrl }),
        { signal, readOnly: true, holdSchema: true },
      )
    }),
  }
}
