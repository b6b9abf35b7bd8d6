import { AppError } from '@shared/app-error'
import type { JsonValue } from '@shared/json'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import { parseAccept, parsePrefer } from '../rest/prefer'
import { parseQuery } from '../rest/request-grammar'
import { runCall } from '../rest/rest.service'
import type { RestCall } from '../rest/rest-call'
import { restErrorBody, toRestError } from '../rest/rest-error'
import type { ApiCaller } from '../rules/access'
import { loadRules } from '../rules/rules.service'

export interface TryInput {
  readonly databaseId: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly tableName: string
  /** Behind the question mark. */
  readonly search: string
  readonly body?: JsonValue | undefined
  readonly as: 'anonymous' | 'secret' | { readonly user: string }
}

export interface TryResult {
  readonly status: number
  readonly ms: number
  readonly body: JsonValue
}

/** A call of the data API from the studio's own page: the same code and the same rules, as whoever is chosen. */
export async function tryCall(
  db: StudioDatabase,
  principal: Principal,
  input: TryInput,
  signal: AbortSignal | undefined,
): Promise<TryResult> {
  const started = performance.now()
  const userId = typeof input.as === 'object' ? input.as.user.toLowerCase() : null
  const role = input.as === 'secret' ? 'secret' : userId === null ? 'anonymous' : 'user'
  const caller: ApiCaller = { role, userId, scopes: null }
  try {
    const known: Omit<RestCall, 'rules'> = {
      method: input.method,
      tableName: input.tableName,
      query: parseQuery(input.search),
      prefer: parsePrefer(input.method === 'GET' ? undefined : 'return=representation'),
      accept: parseAccept(undefined),
      range: null,
      body: input.body,
      caller,
      principal,
    }
    const { status, body } = await db.withDatabase(
      principal.account.id,
      input.databaseId,
      async (tx, database) => runCall(tx, database, { ...known, rules: await loadRules(tx, database) }),
      { signal, readOnly: input.method === 'GET', holdSchema: true },
    )
    return { status, ms: performance.now() - started, body: body === null ? null : JSON.parse(body) }
  } catch (error) {
    // That there is no such database is the call's own failure, and no answer of it.
    if (error instanceof AppError && (error.code === 'NOT_FOUND' || error.code === 'CANCELLED')) throw error
    const failed = toRestError(error)
    if (!failed) throw error
    return { status: failed.status, ms: performance.now() - started, body: JSON.parse(restErrorBody(failed)) }
  }
}
