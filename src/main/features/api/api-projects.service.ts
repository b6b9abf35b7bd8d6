import { AppError } from '@shared/app-error'
import type { StudioDatabase, Transaction } from '../../db/database'
import { hashKey, isKey } from '../keys/api-key'
import { type KeyRow, selectKeyByHashSql } from '../keys/keys.sql'
import type { RulesByTable } from '../rules/access'
import { loadRules } from '../rules/rules.service'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import { type ApiProjectRow, apiProjectSql, type SettingsRow, selectSettingsSql } from './api-projects.sql'
import type { RateSettings } from './rates'

/** What every call of an app needs to know of its project, read once and kept until something of it changes. */
export interface ApiProject {
  readonly accountId: string
  readonly projectId: string
  readonly databaseId: string
  readonly ref: string
  /** Of the catalogue, when this was read: another one when keys, rules or tables have changed. */
  readonly version: string
  readonly rules: RulesByTable
  readonly tables: readonly StoredTable[]
  /** Milliseconds that the clock of Postgres was ahead of ours, when this was read. */
  readonly clockAhead: number
  readonly settings: SettingsRow
  /** The key of this text, if it is the project's and was not revoked; whether it has expired is the asker's to look at. */
  readonly keyOf: (text: string) => Promise<KeyRow | null>
  /** The same, asked of Postgres: for calls that are not held to `version` by what they do. */
  readonly keyNow: (text: string) => Promise<KeyRow | null>
}

/** The project's own, and the server's where it has none. */
export function ratesOf({ settings: { rates } }: Pick<ApiProject, 'settings'>, usual: RateSettings): RateSettings {
  return {
    key: rates?.key ?? usual.key,
    address: rates?.address ?? usual.address,
    user: rates?.user ?? usual.user,
  }
}

export interface ApiProjects {
  /** Null when there is no such project, or it is in the bin. */
  find(ref: string): Promise<ApiProject | null>
  /** What is in memory of it is outdated. */
  forget(ref: string): void
}

/** Milliseconds that what is in memory is believed outside a transaction: settings, and the names of projects. */
const longestBelief = 5_000
/** Projects in memory; the oldest goes first. */
const mostProjects = 2_000
/** Keys of one project, also of texts that are none: guessing must not fill the memory. */
const mostKeys = 1_000

const defaults: SettingsRow = { origins: null, rates: null, plan: null }

/** Keys or rules have changed since the project was read; the call is to be looked at anew. */
export class OutdatedProject extends Error {
  override readonly name = 'OutdatedProject'
}

/** In the transaction of a call, before anything is done: what was decided by is what holds now, on every server. */
export function checkVersion(tx: Transaction, { version }: Pick<ApiProject, 'version'>): void {
  if (tx.held?.version !== version) throw new OutdatedProject()
}

interface Entry {
  readonly until: number
  readonly loading: Promise<ApiProject | null>
}

export function createApiProjects(db: () => Promise<StudioDatabase>, now: () => number = Date.now): ApiProjects {
  const entries = new Map<string, Entry>()

  async function load(ref: string): Promise<ApiProject | null> {
    const studio = await db()
    const [row] = await studio.withoutTenant((tx) => tx.query<ApiProjectRow>(apiProjectSql(ref)), { readOnly: true })
    if (!row) return null
    const inside = { accountId: row.account_id, databaseId: row.database_id }
    const kept = await studio
      .withDatabase(
        inside.accountId,
        inside.databaseId,
        async (tx, database) => {
          const rules = await loadRules(tx, database)
          const [settings = defaults] = await tx.query<SettingsRow>(selectSettingsSql(database.project_id))
          const { tables, now: moment } = await openSchema(tx, database)
          const clockAhead = Date.parse(moment) - now()
          return { version: tx.held?.version ?? '', rules, tables, clockAhead, settings }
        },
        { readOnly: true, holdSchema: true },
      )
      .catch((error: unknown) => {
        // It went to the bin a moment ago.
        if (error instanceof AppError && error.code === 'NOT_FOUND') return null
        throw error
      })
    if (!kept) return null
    return { ...inside, projectId: row.project_id, ref, ...kept, ...keysOf(studio, row) }
  }

  return {
    find(ref) {
      // Names that were never given are not worth a place in memory, nor a question.
      if (!/^[a-z0-9_-]{1,63}$/.test(ref)) return Promise.resolve(null)
      const known = entries.get(ref)
      if (known && known.until > now()) return known.loading
      const entry: Entry = { until: now() + longestBelief, loading: load(ref) }
      entries.delete(ref)
      entries.set(ref, entry)
      entry.loading.catch(() => {
        if (entries.get(ref) === entry) entries.delete(ref)
      })
      const [oldest] = entries.keys()
      if (entries.size > mostProjects && oldest !== undefined) entries.delete(oldest)
      return entry.loading
    },
    forget: (ref) => void entries.delete(ref),
  }
}

function keysOf(studio: StudioDatabase, row: ApiProjectRow): Pick<ApiProject, 'keyOf' | 'keyNow'> {
  const keys = new Map<string, Promise<KeyRow | null>>()

  function keyNow(text: string): Promise<KeyRow | null> {
    if (!isKey(text)) return Promise.resolve(null)
    return studio.withDatabase(
      row.account_id,
      row.database_id,
      async (tx) => {
        const [key] = await tx.query<KeyRow>(selectKeyByHashSql(row.project_id, hashKey(text)))
        return key && key.revoked_at === null ? key : null
      },
      { readOnly: true },
    )
  }

  return {
    keyNow,
    keyOf(text) {
      const known = keys.get(text)
      if (known) return known
      const asked = keyNow(text)
      if (keys.size >= mostKeys) keys.clear()
      keys.set(text, asked)
      asked.catch(() => keys.delete(text))
      return asked
    },
  }
}
