import { AppError } from '@shared/app-error'
import type { AssistantSettings } from '@shared/contract/assistant.contract'
import type { StudioDatabase, Transaction } from '../../db/database'
import { type SettingsRow, selectSettingsSql, upsertSettingsSql } from './assistant.sql'
import type { ModelPlace } from './model/model-client'
import { hostOf } from './model/model-error'

/** Where keys are kept: the system's keychain, or encrypted files. */
export interface KeyStore {
  get(name: string): Promise<string | null>
  set(name: string, value: string): Promise<void>
  delete(name: string): Promise<void>
}

export interface AssistantDeps {
  readonly keys: KeyStore
  /** From MISTRAL_API_KEY and MISTRAL_SERVER_URL. */
  readonly environment: { readonly apiKey: string | null; readonly serverUrl: string | null }
  /** One person's machine: they may choose the server. On a shared one that would let them reach its network. */
  readonly isPersonal: () => boolean
}

/** Keys that end with the program. */
export function createKeysInMemory(): KeyStore {
  const keys = new Map<string, string>()
  return {
    get: async (name) => keys.get(name) ?? null,
    set: async (name, value) => void keys.set(name, value),
    delete: async (name) => void keys.delete(name),
  }
}

export const usualServer = 'https://api.mistral.ai'
export const usualModel = 'codestral-latest'

const usual: SettingsRow = { enabled: true, consent: 'schema', model: null, server_url: null }

export interface SettingsChange {
  readonly enabled?: boolean | undefined
  readonly consent?: SettingsRow['consent'] | undefined
  readonly model?: string | undefined
  readonly serverUrl?: string | null | undefined
  readonly key?: string | null | undefined
}

export async function readSettings(
  deps: AssistantDeps,
  db: StudioDatabase,
  accountId: string,
): Promise<AssistantSettings> {
  return (await open(deps, db, accountId)).settings
}

export async function saveSettings(
  deps: AssistantDeps,
  db: StudioDatabase,
  accountId: string,
  { key, ...change }: SettingsChange,
): Promise<AssistantSettings> {
  if (change.serverUrl !== undefined && change.serverUrl !== null && !deps.isPersonal())
    throw new AppError('FORBIDDEN', 'Who runs this server chooses the address of the AI, with MISTRAL_SERVER_URL.')
  await db.withAccount(accountId, async (tx) => {
    const row = await rowOf(tx, accountId)
    const next: SettingsRow = {
      enabled: change.enabled ?? row.enabled,
      consent: change.consent ?? row.consent,
      model: change.model === undefined ? row.model : change.model === usualModel ? null : change.model,
      server_url:
        change.serverUrl === undefined ? row.server_url : (change.serverUrl?.replace(/\/+(v1\/?)?$/, '') ?? null),
    }
    await tx.execute(upsertSettingsSql(accountId, next))
  })
  if (key === null) await deps.keys.delete(keyName(accountId))
  else if (key !== undefined) await deps.keys.set(keyName(accountId), key)
  return readSettings(deps, db, accountId)
}

export interface Opened {
  readonly settings: AssistantSettings
  readonly place: ModelPlace
}

/** The model that the person may use now; fails with what is missing. */
export async function openModel(deps: AssistantDeps, db: StudioDatabase, accountId: string): Promise<Opened> {
  const opened = await open(deps, db, accountId)
  const { enabled, missing } = opened.settings
  if (!enabled) throw new AppError('FORBIDDEN', 'AI is switched off. Switch it on in Settings, AI.')
  if (missing !== null) throw new AppError('UNAVAILABLE', missing)
  return opened
}

async function open(deps: AssistantDeps, db: StudioDatabase, accountId: string): Promise<Opened> {
  const row = await db.withAccount(accountId, (tx) => rowOf(tx, accountId), { readOnly: true })
  const own = await deps.keys.get(keyName(accountId))
  const { environment } = deps
  const serverUrl = row.server_url ?? environment.serverUrl ?? usualServer
  // The operator's key is for the operator's server, and goes nowhere else.
  const apiKey = own ?? (row.server_url === null ? environment.apiKey : null)
  const place = { serverUrl, apiKey, model: row.model ?? usualModel }
  // A server of one's own, Ollama say, need not ask for a key.
  const needsKey = apiKey === null && (row.server_url === null || /(^|\.)mistral\.ai$/.test(hostOf(place)))
  return {
    place,
    settings: {
      enabled: row.enabled,
      consent: row.consent,
      model: place.model,
      serverUrl,
      ownServer: row.server_url !== null,
      key: own !== null ? 'settings' : apiKey !== null ? 'environment' : 'none',
      mayChangeServer: deps.isPersonal(),
      missing: needsKey
        ? 'AI needs a key of Mistral, and none is set. Add one in Settings, AI, or start the studio with MISTRAL_API_KEY.'
        : null,
    },
  }
}

async function rowOf(tx: Transaction, accountId: string): Promise<SettingsRow> {
  const [row] = await tx.query<SettingsRow>(selectSettingsSql(accountId))
  return row ?? usual
}

function keyName(accountId: string): string {
  return `assistant-key:${accountId}`
}
