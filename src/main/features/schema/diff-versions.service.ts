import { diffSchemas } from '@shared/domain/diff-schemas'
import { schemaChanges, type TableChange } from '@shared/domain/schema-changes'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import { followNames, invertNames } from '@shared/domain/schema-names'
import { migrationSql } from '@shared/domain/schema-sql/migration-sql'
import type { DatabaseRow, Transaction } from '../../db/database'
import { getVersion, placeOf } from './versions.service'
import { type EditsRow, selectEditsSql } from './versions.sql'

export interface VersionDiff {
  readonly changes: readonly TableChange[]
  readonly edits: readonly SchemaEdit[]
  readonly up: string
  readonly down: string
}

/** From one version to another, forwards or back; the edits between them say what was renamed. NOT_FOUND without one. */
export async function diffVersions(
  tx: Transaction,
  database: DatabaseRow,
  from: number,
  to: number,
): Promise<VersionDiff> {
  const { schema: old } = await getVersion(tx, database, from)
  const { schema: next } = await getVersion(tx, database, to)
  const [first, last] = from < to ? [from, to] : [to, from]
  const rows = await tx.query<EditsRow>(selectEditsSql(placeOf(database), first, last))
  const between = rows.flatMap(({ edits }) => edits)
  const names = from <= to ? followNames(old, between) : invertNames(followNames(next, between))
  return diffOf(old, next, names)
}

function diffOf(from: DatabaseSchema, to: DatabaseSchema, names: ReturnType<typeof followNames>): VersionDiff {
  const edits = diffSchemas(from, to, names)
  return { changes: schemaChanges(from, to, names), edits, ...migrationSql(from, edits) }
}
