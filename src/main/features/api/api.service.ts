import type { ApiRequest } from '@shared/contract/api.contract'
import type { DatabaseRow, Transaction } from '../../db/database'
import { readLogCursor, writeLogCursor } from '../audit/log-cursor'
import { recordActivity } from '../audit/record-activity'
import { renewApiSql } from '../keys/keys.sql'
import { openApiOf } from '../rest/rest-openapi.service'
import { typescriptOf } from '../rest/typescript-types'
import { openSchema } from '../tables/open-schema.service'
import type { Writer } from '../tables/tables.service'
import { type SettingsRow, selectSettingsSql } from './api-projects.sql'
import type { RateSettings } from './rates'
import { putSettingsSql, type RequestFilter, type RequestRow, selectRequestsSql, trafficSql } from './requests.sql'

const unset: SettingsRow = { origins: null, rates: null, plan: null }

export async function readSettings(tx: Transaction, { project_id }: DatabaseRow): Promise<SettingsRow> {
  const [row = unset] = await tx.query<SettingsRow>(selectSettingsSql(project_id))
  return row
}

export function shownSettings({ origins, rates }: SettingsRow, usual: RateSettings) {
  return {
    origins: origins === null ? null : [...origins],
    rates: {
      key: rates?.key ?? usual.key,
      address: rates?.address ?? usual.address,
      user: rates?.user ?? usual.user,
    },
  }
}

/** What is left out stays as it is; null is what the program has. */
export async function writeSettings(
  tx: Transaction,
  { database, principal }: Writer,
  input: {
    readonly origins?: readonly string[] | null | undefined
    readonly rates?: SettingsRow['rates'] | undefined
  },
): Promise<SettingsRow> {
  const known = await readSettings(tx, database)
  const origins = input.origins === undefined ? known.origins : input.origins && [...new Set(input.origins)]
  const rates = input.rates === undefined ? known.rates : input.rates && { ...known.rates, ...input.rates }
  const { project_id: projectId } = database
  await tx.execute(putSettingsSql(projectId, { origins, rates }))
  await recordActivity(tx, {
    projectId,
    principal,
    action: 'api.settings',
    sentence: 'Changed the settings of the API.',
    kind: 'project',
  })
  await tx.execute(renewApiSql(projectId))
  return { ...known, origins, rates }
}

const page = 100

export async function listRequests(
  tx: Transaction,
  { project_id }: DatabaseRow,
  { cursor, ...filter }: RequestFilter & { readonly cursor?: string | undefined },
): Promise<{ requests: ApiRequest[]; nextCursor: string | null }> {
  const before = readLogCursor(cursor)
  const rows = await tx.query<RequestRow>(selectRequestsSql(project_id, before, filter, page + 1))
  const shown = rows.slice(0, page)
  const last = shown.at(-1)
  return { requests: shown.map(toRequest), nextCursor: last && rows.length > page ? writeLogCursor(last.id) : null }
}

const spans = {
  hour: { step: '1 minute', count: 60 },
  day: { step: '30 minutes', count: 48 },
  week: { step: '4 hours', count: 42 },
} as const

export async function readTraffic(
  tx: Transaction,
  { project_id }: DatabaseRow,
  span: keyof typeof spans,
  filter: RequestFilter,
) {
  const { step, count } = spans[span]
  return [...(await tx.query<{ at: string; ok: number; failed: number }>(trafficSql(project_id, filter, step, count)))]
}

/** Of all tables, as a secret key sees them. */
export async function writeDocument(
  tx: Transaction,
  database: DatabaseRow,
  format: 'openapi' | 'typescript',
  { version, apiUrl }: { readonly version: string; readonly apiUrl: string },
): Promise<{ name: string; text: string }> {
  const { tables } = await openSchema(tx, database)
  if (format === 'typescript') return { name: 'database.types.ts', text: typescriptOf(tables) }
  const caller = { role: 'secret', userId: null, scopes: null } as const
  const scope = { projectId: database.project_id, tables, rules: new Map(), caller }
  const document = openApiOf(scope, version, `${apiUrl}/p/${database.ref}`)
  return { name: 'openapi.json', text: `${JSON.stringify(document, null, 2)}\n` }
}

function toRequest({ key_id, key_name, key_prefix, ...rest }: RequestRow): ApiRequest {
  const key = key_id === null ? null : { id: key_id, name: key_name ?? '', prefix: key_prefix ?? '' }
  return { ...rest, key }
}
