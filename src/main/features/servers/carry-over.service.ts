import type { BackupPlan } from '@shared/contract/backups.contract'
import type { SavedView } from '@shared/contract/views.contract'
import type { JsonObject } from '@shared/json'
import type { Principal } from '../../context'
import type { DatabaseRow, StudioDatabase, Transaction } from '../../db/database'
import { readSettings, writeSettings } from '../api/api.service'
import { listBackups, setPlan } from '../backups/backups.service'
import { readRetention, writeRetention } from '../changes/retention.service'
import { readOwnAuthSettings, writeAuthSettings } from '../end-users/auth-settings.service'
import { renewApiSql } from '../keys/keys.sql'
import { createView, listViews } from '../saved-views/views.service'
import { getLayout, saveLayout } from '../schema/layout.service'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import type { Writer } from '../tables/tables.service'
import { carryHistory } from './carry-history.service'
import { type CarriedRow, type CarriedTable, carriedTables, insertCarriedSql, selectCarriedSql } from './carry-over.sql'

/** A database on one of the servers, and who works there. */
export interface DatabaseAt {
  readonly db: StudioDatabase
  readonly principal: Principal
  readonly databaseId: string
}

/**
 * What belongs to a project beside its tables and records: keys, people and their sign-ins, settings, saved views and
 * queries, places on the canvas, and its history. `secret` seals what is kept sealed; `withPlan` where backups are made
 * there; `until` is the last change that the records have.
 */
export async function carryOver(
  from: DatabaseAt,
  to: DatabaseAt,
  {
    secret,
    withPlan,
    until,
    signal,
  }: {
    readonly secret: string
    readonly withPlan: boolean
    readonly until: string
    readonly signal: AbortSignal | undefined
  },
): Promise<void> {
  const plan = withPlan ? (await listBackups(from, from.databaseId)).plan : null
  const own = await from.db.withDatabase(
    from.principal.account.id,
    from.databaseId,
    async (tx, database) => ({ ...(await readOwn(tx, database, secret)), projectId: database.project_id }),
    { signal, readOnly: true, snapshot: true },
  )
  const target = await to.db.withDatabase(
    to.principal.account.id,
    to.databaseId,
    async (tx, database) => {
      await writeOwn(tx, { database, principal: to.principal }, own, secret)
      return { projectId: database.project_id, tables: (await openSchema(tx, database)).tables }
    },
    { signal, holdSchema: true },
  )
  const owners = { project_id: target.projectId, account_id: to.principal.account.id }
  const scopes = scopeAdapter(own.tables, target.tables)
  for (const table of Object.keys(carriedTables).filter(isCarried))
    await carryRows(from, to, { table, owners, adapt: table === 'api_keys' ? scopes : (row) => row, signal })
  await to.db.withDatabase(to.principal.account.id, to.databaseId, (tx, { project_id }) =>
    tx.execute(renewApiSql(project_id)),
  )
  if (plan !== null && plan.every !== 'off') await setPlan(to, to.databaseId, plan satisfies BackupPlan)
  await carryHistory({ ...from, ...own }, { ...to, ...target }, { until, signal })
}

interface Own {
  readonly tables: readonly StoredTable[]
  readonly views: readonly { readonly table: string; readonly view: SavedView }[]
  readonly layout: Awaited<ReturnType<typeof getLayout>>
  readonly api: Awaited<ReturnType<typeof readSettings>>
  readonly auth: Awaited<ReturnType<typeof readOwnAuthSettings>>
  readonly days: number
}

async function readOwn(tx: Transaction, database: DatabaseRow, secret: string): Promise<Own> {
  const { tables } = await openSchema(tx, database)
  const views: { table: string; view: SavedView }[] = []
  for (const { id, schema } of tables)
    for (const view of await listViews(tx, database, id)) views.push({ table: schema.name, view })
  return {
    tables,
    views,
    layout: await getLayout(tx, database),
    api: await readSettings(tx, database),
    auth: await readOwnAuthSettings(tx, database.project_id, secret),
    days: (await readRetention(tx, database)).days,
  }
}

async function writeOwn(tx: Transaction, writer: Writer, own: Own, secret: string): Promise<void> {
  const { database } = writer
  const { tables } = await openSchema(tx, database)
  const ids = new Map(tables.map(({ id, schema }) => [schema.name, id]))
  for (const { table, view } of own.views) {
    const tableId = ids.get(table)
    const { name, filters, sort, columns } = view
    // What was read is a filter tree; the contract's type says no more than JSON.
    if (tableId !== undefined)
      await createView(tx, writer, { tableId, name, filters: isObject(filters) ? filters : null, sort, columns })
  }
  if (own.layout.revision > 0) await saveLayout(tx, database, { layout: own.layout.layout, revision: 0 })
  if (own.api.origins !== null || own.api.rates !== null)
    await writeSettings(tx, writer, { origins: own.api.origins, rates: own.api.rates })
  if (own.auth !== null)
    await writeAuthSettings(tx, database.project_id, own.auth.settings, { mailPassword: own.auth.mailPassword, secret })
  if ((await readRetention(tx, database)).days !== own.days) await writeRetention(tx, writer, own.days)
}

interface Carrying {
  readonly table: CarriedTable
  readonly owners: { readonly project_id: string; readonly account_id: string }
  readonly adapt: (row: string) => string
  readonly signal: AbortSignal | undefined
}

async function carryRows(from: DatabaseAt, to: DatabaseAt, { table, owners, adapt, signal }: Carrying): Promise<void> {
  for (let after: string | null = null; ; ) {
    const last: string | null = after
    const rows: readonly CarriedRow[] = await from.db.withDatabase(
      from.principal.account.id,
      from.databaseId,
      (tx, { project_id }) => tx.query<{ key: string; row: string }>(selectCarriedSql(table, project_id, last)),
      { signal, readOnly: true },
    )
    if (rows.length === 0) return
    const adapted = rows.map(({ row }) => adapt(row))
    await to.db.withDatabase(
      to.principal.account.id,
      to.databaseId,
      (tx) => tx.execute(insertCarriedSql(table, adapted, owners)),
      { signal },
    )
    after = rows.at(-1)?.key ?? null
  }
}

/** Keys name tables by ids; a table of the same name is the same one. A scope of a table that is gone goes. */
function scopeAdapter(before: readonly StoredTable[], after: readonly StoredTable[]): (row: string) => string {
  const names = new Map(before.map(({ id, schema }) => [id, schema.name]))
  const ids = new Map(after.map(({ id, schema }) => [schema.name, id]))
  const scopeOf = (scope: unknown): unknown[] => {
    if (!isObject(scope) || typeof scope.table !== 'string') return [scope]
    const id = ids.get(names.get(scope.table) ?? '')
    return id === undefined ? [] : [{ ...scope, table: id }]
  }
  return (row) => {
    const key: unknown = JSON.parse(row)
    if (!isObject(key) || !Array.isArray(key.scopes)) return row
    return JSON.stringify({ ...key, scopes: key.scopes.flatMap(scopeOf) })
  }
}

function isCarried(name: string): name is CarriedTable {
  return name in carriedTables
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
