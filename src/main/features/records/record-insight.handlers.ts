import type { Principal } from '../../context'
import type { DatabaseRow, StudioDatabase, Transaction } from '../../db/database'
import type { Procedures } from '../../rpc/implementer'
import { completeValues, listChoices } from './completion.service'
import { distribute } from './distribution.service'
import { findText } from './find.service'
import { summariseRecords } from './summary.service'

interface Called {
  readonly input: { readonly databaseId: string }
  readonly context: { readonly db: StudioDatabase; readonly caller: Principal }
  readonly signal?: AbortSignal | undefined
}

/** What only reads may be a little old, and ends with its caller. */
function reading<T>(
  { input, context: { db, caller }, signal }: Called,
  work: (tx: Transaction, database: DatabaseRow) => Promise<T>,
): Promise<T> {
  const options = { signal, readOnly: true, holdSchema: true, staleness: 'bounded' } as const
  return db.withDatabase(caller.account.id, input.databaseId, work, options)
}

export function createRecordInsightHandlers({ signedIn: { records } }: Procedures) {
  return {
    summary: records.summary.handler((call) => reading(call, (tx, at) => summariseRecords(tx, at, call.input))),
    distribution: records.distribution.handler((call) => reading(call, (tx, at) => distribute(tx, at, call.input))),
    values: records.values.handler((call) => reading(call, (tx, at) => completeValues(tx, at, call.input))),
    references: records.references.handler((call) => reading(call, (tx, at) => listChoices(tx, at, call.input))),
    find: records.find.handler((call) => reading(call, (tx, at) => findText(tx, at, call.input))),
  }
}
