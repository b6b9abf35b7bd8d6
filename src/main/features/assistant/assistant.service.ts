import { AppError } from '@shared/app-error'
import type { Consent } from '@shared/contract/assistant.contract'
import type { DatabaseSchema } from '@shared/domain/schema-edit'
import { isSecretColumn } from '@shared/domain/secret-column'
import type { TableSchema } from '@shared/domain/table-schema'
import type { JsonValue } from '@shared/json'
import type { Principal } from '../../context'
import type { StudioDatabase, Transaction } from '../../db/database'
import type { RateLimit } from '../accounts/rate-limit'
import { queryRecords } from '../records/records.service'
import { planSql } from '../sql/plan-sql.service'
import { loadTables, schemaOf } from '../tables/tables.service'
import type { Asking } from './ask-model'
import { createModelClient, type ModelClient } from './model/model-client'
import { type AssistantDeps, openModel } from './settings.service'
import type { SqlContext } from './sql/generate-sql.service'
import { relevantTables } from './sql/relevant-tables'
import type { KnownTable } from './sql/sql-prompt'

export interface AssistantAsk {
  readonly db: StudioDatabase
  readonly principal: Principal
  readonly databaseId: string
  readonly signal: AbortSignal | undefined
}

export interface AssistantService {
  readonly deps: AssistantDeps
  readonly limit: RateLimit
}

/** What every question to the model needs: the model, what may be told, and the database's tables. */
export interface Assistant {
  readonly client: ModelClient
  readonly asking: Asking
  readonly consent: Consent
  readonly schema: DatabaseSchema
  readonly sql: SqlContext
  /** The table as a prompt describes it. */
  known(table: TableSchema): Promise<KnownTable>
}

/** Records of a table that a prompt holds, and characters of each value. */
const sampleRecords = 3
const sampleText = 80

/** Fails with what is missing, with RATE_LIMITED, or with NOT_FOUND when the database is not the person's. */
export async function openAssistant({ deps, limit }: AssistantService, ask: AssistantAsk): Promise<Assistant> {
  const { db, principal, databaseId, signal } = ask
  const accountId = principal.account.id
  // Whose it is comes first: nobody learns from the settings that a database exists.
  const tables = await db.withDatabase(accountId, databaseId, (tx, database) => loadTables(tx, database.id), {
    signal,
    readOnly: true,
  })
  const { place, settings } = await openModel(deps, db, accountId)
  await limit.take(accountId)
  const client = createModelClient(place)
  const schema = schemaOf(tables)
  const known = async (table: TableSchema): Promise<KnownTable> =>
    settings.consent === 'samples' ? { schema: table, samples: await samplesOf(ask, table) } : { schema: table }
  return {
    client,
    asking: { client, signal },
    consent: settings.consent,
    schema,
    known,
    sql: {
      consent: settings.consent,
      today: new Date().toISOString().slice(0, 10),
      relevant: (words) => Promise.all(relevantTables(words, schema.tables).map(known)),
      plan: (query) => planSql({ db, principal, signal }, databaseId, query),
    },
  }
}

async function samplesOf(
  { db, principal, databaseId, signal }: AssistantAsk,
  table: TableSchema,
): Promise<NonNullable<KnownTable['samples']>> {
  const columns = table.columns.filter(({ name, type }) => !isSecretColumn(table.name, name) && type !== 'bytea')
  const read = (tx: Transaction, database: Parameters<typeof queryRecords>[1]) =>
    queryRecords(tx, database, { tableName: table.name, limit: sampleRecords, count: 'none' })
  const { records } = await db
    .withDatabase(principal.account.id, databaseId, read, { signal, readOnly: true })
    .catch((error: unknown) => {
      // A table that went away meanwhile has no samples.
      if (error instanceof AppError && error.code === 'NOT_FOUND') return { records: [] }
      throw error
    })
  return records.map((record) => Object.fromEntries(columns.map(({ name }) => [name, short(record[name] ?? null)])))
}

function short(value: JsonValue): JsonValue {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length <= sampleText ? value : `${text.slice(0, sampleText)}...`
}
