import { AppError } from '@shared/app-error'
import type { SchemaVersion } from '@shared/contract/schema.contract'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import { showValue } from '@shared/domain/text-problem'
import type { DatabaseRow, Transaction } from '../../db/database'
import { readLogCursor, writeLogCursor } from '../audit/log-cursor'
import { recordActivity } from '../audit/record-activity'
import type { Writer } from '../tables/tables.service'
import {
  type EditsRow,
  newestVersionSql,
  renameVersionSql,
  type SchemaAt,
  selectEditsSql,
  selectVersionSql,
  selectVersionsSql,
  selectVersionTablesSql,
  type VersionRow,
  type VersionTableRow,
} from './versions.sql'

const pageSize = 100

export async function listVersions(
  tx: Transaction,
  database: DatabaseRow,
  cursor: string | undefined,
): Promise<{ versions: SchemaVersion[]; nextCursor: string | null }> {
  const rows = await tx.query<VersionRow>(selectVersionsSql(placeOf(database), readLogCursor(cursor), pageSize + 1))
  const versions = rows.slice(0, pageSize)
  const last = versions.at(-1)
  return { versions, nextCursor: rows.length > pageSize && last ? writeLogCursor(String(last.number)) : null }
}

/** NOT_FOUND when there is none of this number. */
export async function getVersion(
  tx: Transaction,
  database: DatabaseRow,
  number: number,
): Promise<{ version: SchemaVersion; schema: DatabaseSchema; edits: readonly SchemaEdit[] }> {
  const at = placeOf(database)
  const [version] = await tx.query<VersionRow>(selectVersionSql(at, number))
  if (!version) throw noVersion(number)
  const [own] = await tx.query<EditsRow>(selectEditsSql(at, number - 1, number))
  return { version, schema: await schemaOfVersion(tx, at, number), edits: own?.edits ?? [] }
}

export async function schemaOfVersion(tx: Transaction, at: SchemaAt, number: number): Promise<DatabaseSchema> {
  const rows = await tx.query<VersionTableRow>(selectVersionTablesSql(at, number))
  return { tables: rows.map(({ schema }) => schema) }
}

export async function newestVersion(tx: Transaction, database: DatabaseRow): Promise<number> {
  const [row] = await tx.query<{ number: number }>(newestVersionSql(placeOf(database)))
  return row?.number ?? 0
}

export async function renameVersion(
  tx: Transaction,
  { database, principal }: Writer,
  number: number,
  name: string | null,
): Promise<SchemaVersion> {
  const [version] = await tx.query<VersionRow>(renameVersionSql(placeOf(database), number, name))
  if (!version) throw noVersion(number)
  const called = name === null ? 'Took the name off' : `Called it ${showValue(name)}:`
  await recordActivity(tx, {
    projectId: database.project_id,
    principal,
    action: 'schema.rename',
    sentence: `${called} version ${number} of the schema.`,
    kind: 'tables',
  })
  return version
}

export function placeOf(database: DatabaseRow): SchemaAt {
  return { projectId: database.project_id, databaseId: database.id }
}

function noVersion(number: number): AppError {
  return new AppError('NOT_FOUND', `There is no version ${number} of this schema.`, { details: { number } })
}
