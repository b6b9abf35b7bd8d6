import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/app-error'
import { type ApiKey, keyLimit } from '@shared/contract/keys.contract'
import type { KeyScope } from '@shared/domain/access-rule'
import { showValue } from '@shared/domain/text-problem'
import type { Transaction } from '../../db/database'
import { actorOf } from '../audit/activity'
import { recordActivity } from '../audit/record-activity'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import { tableNamed, type Writer } from '../tables/tables.service'
import { createKey, deriveKey, type KeyKind, type NewKey, type StoredScope } from './api-key'
import {
  countKeysSql,
  endKeySql,
  insertKeySql,
  type KeyRow,
  renewApiSql,
  revokeKeySql,
  selectDefaultKeySql,
  selectKeySql,
  selectKeysSql,
} from './keys.sql'

export interface MadeKey {
  readonly key: ApiKey
  readonly secret: string
}

export interface KeyInput {
  readonly name: string
  readonly kind: KeyKind
  readonly scopes?: readonly KeyScope[] | null | undefined
  readonly expires_at?: string | null | undefined
}

/** A key that was rotated works on for a day, so that nobody has to change two things at one moment. */
const usualOverlap = 24 * 3600

export async function listKeys(tx: Transaction, { database }: Pick<Writer, 'database'>): Promise<ApiKey[]> {
  const { tables } = await openSchema(tx, database)
  const rows = await tx.query<KeyRow>(selectKeysSql(database.project_id))
  return rows.map((row) => toKey(row, tables))
}

export async function createApiKey(tx: Transaction, writer: Writer, input: KeyInput): Promise<MadeKey> {
  if (input.expires_at && Date.parse(input.expires_at) <= Date.now())
    throw new AppError('VALIDATION', '"expires_at": This time has passed. Choose one that is to come.', {
      details: { issues: [{ path: 'expires_at', message: 'This time has passed.' }] },
    })
  const { tables } = await openSchema(tx, writer.database)
  const scopes = input.scopes?.map(({ table, verbs }) => ({
    table: table === '*' ? null : tableNamed(tables, table).id,
    verbs: [...new Set(verbs)],
  }))
  return insert(tx, writer, tables, {
    id: randomUUID(),
    name: input.name,
    kind: input.kind,
    scopes: scopes ?? null,
    expiresAt: input.expires_at ?? null,
  })
}

/** It ends at once, on every server. */
export async function revokeKey(tx: Transaction, writer: Writer, keyId: string): Promise<void> {
  const { project_id: projectId } = writer.database
  const [row] = await tx.query<KeyRow>(revokeKeySql(projectId, keyId))
  if (!row) {
    const [known] = await tx.query<KeyRow>(selectKeySql(projectId, keyId))
    if (!known) throw noKey()
    return
  }
  await note(tx, writer, 'key.revoke', `Revoked the ${row.kind} key ${showValue(row.name)} (${row.prefix}…).`)
}

export async function rotateKey(
  tx: Transaction,
  writer: Writer,
  { keyId, overlap = usualOverlap }: { readonly keyId: string; readonly overlap?: number | undefined },
): Promise<MadeKey> {
  const { project_id: projectId } = writer.database
  const [old] = await tx.query<KeyRow>(selectKeySql(projectId, keyId))
  if (!old) throw noKey()
  if (old.revoked_at !== null)
    throw new AppError('CONFLICT', 'This key was revoked, so nothing can follow it. Create a new one.')
  const { tables } = await openSchema(tx, writer.database)
  await tx.execute(endKeySql(projectId, old.id, overlap))
  return insert(tx, writer, tables, {
    id: randomUUID(),
    name: old.name,
    kind: old.kind,
    scopes: old.scopes,
    expiresAt: old.expires_at,
    replaces: old.id,
  })
}

/** The publishable key that the studio's own pages show in their snippets; made when there is none. */
export async function snippetKey(tx: Transaction, writer: Writer, secret: string): Promise<MadeKey> {
  const { project_id: projectId } = writer.database
  const { tables } = await openSchema(tx, writer.database)
  const [known] = await tx.query<KeyRow>(selectDefaultKeySql(projectId))
  if (known) {
    const { text, prefix } = deriveKey(secret, known.id)
    // Made under another secret, it cannot be shown again; it goes on working, and another one is made for the pages.
    if (prefix === known.prefix) return { key: toKey(known, tables), secret: text }
  }
  const id = randomUUID()
  const input = { id, name: 'Studio snippets', kind: 'publishable', scopes: null, expiresAt: null } as const
  return insert(tx, writer, tables, input, deriveKey(secret, id))
}

async function insert(
  tx: Transaction,
  writer: Writer,
  tables: readonly StoredTable[],
  one: {
    readonly id: string
    readonly name: string
    readonly kind: KeyKind
    readonly scopes: readonly StoredScope[] | null
    readonly expiresAt: string | null
    readonly replaces?: string
  },
  derived?: NewKey,
): Promise<MadeKey> {
  const { project_id: projectId } = writer.database
  const [counted] = await tx.query<{ count: number }>(countKeysSql(projectId))
  if ((counted?.count ?? 0) >= keyLimit)
    throw new AppError('CONFLICT', `A project has at most ${keyLimit} keys. Revoke one that nobody uses.`)
  const key = derived ?? createKey(one.kind)
  const [row] = await tx.query<KeyRow>(
    insertKeySql(projectId, {
      ...one,
      key,
      isDefault: derived !== undefined,
      madeBy: actorOf(writer.principal).name,
      replaces: one.replaces ?? null,
    }),
  )
  if (!row) throw new Error('The key was not inserted')
  const verb = one.replaces === undefined ? 'Created' : 'Rotated'
  const action = one.replaces === undefined ? 'key.create' : 'key.rotate'
  await note(tx, writer, action, `${verb} the ${row.kind} key ${showValue(row.name)} (${row.prefix}…).`)
  return { key: toKey(row, tables), secret: key.text }
}

async function note(tx: Transaction, { database, principal }: Writer, action: string, sentence: string): Promise<void> {
  const { project_id: projectId } = database
  await recordActivity(tx, { projectId, principal, action, sentence, kind: 'project' })
  await tx.execute(renewApiSql(projectId))
}

/** A table that is gone leaves its scope behind without a name; it opens nothing. */
function toKey(row: KeyRow, tables: readonly StoredTable[]): ApiKey {
  const { is_default: _, made_by, scopes, ...rest } = row
  return {
    ...rest,
    created_by: made_by,
    scopes:
      scopes?.map(({ table, verbs }) => ({
        table: table === null ? '*' : (tables.find(({ id }) => id === table)?.schema.name ?? ''),
        verbs: [...verbs],
      })) ?? null,
  }
}

function noKey(): AppError {
  return new AppError('NOT_FOUND', 'There is no such key in this project.')
}
