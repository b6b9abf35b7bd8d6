import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/app-error'
import type { SchemaEdit } from '@shared/domain/schema-edit'
import type { Transaction } from '../../db/database'
import { sqlState } from '../../db/pg-error'
import { actorOf } from '../audit/activity'
import { recordActivity } from '../audit/record-activity'
import {
  insertSchemaChangesSql,
  insertVersionSql,
  insertZeroVersionSql,
  type NewVersion,
  type SchemaChange,
} from './schema-change.sql'
import type { StoredTable } from './stored-table'
import type { Writer } from './writer'

export interface SchemaEditEntry {
  readonly action: string
  readonly sentence: string
  /** The one table that it is about. */
  readonly table: StoredTable | null
  readonly edits: readonly SchemaEdit[]
  readonly before: readonly StoredTable[]
  readonly after: readonly StoredTable[]
  /** What the version is called. */
  readonly name?: string | null | undefined
}

/**
 * Writes a schema edit to the change log, to the versions and, under the same operation, to the audit; tells every open
 * window. Answers the number of the version.
 */
export async function recordSchemaEdit(
  tx: Transaction,
  { database, principal }: Writer,
  { action, sentence, table, edits, before, after, name = null }: SchemaEditEntry,
): Promise<number> {
  const { project_id: projectId } = database
  const operation = randomUUID()
  const actor = actorOf(principal)
  const changes = schemaChanges(before, after)
  if (changes.length > 0) await tx.execute(insertSchemaChangesSql({ projectId, principal, operation }, changes))
  const since = new Map([...before, ...after].map(({ id, created_at }) => [id, created_at]))
  const at = { projectId, databaseId: database.id }
  const [version] = await tx.query<{ number: number }>(
    insertVersionSql({
      ...at,
      actorId: actor.id,
      actor: actor.name,
      name,
      sentence,
      edits,
      tables: changes.map((change) => ({
        id: change.table,
        since: since.get(change.table) ?? '',
        schema: change.after,
      })),
    }),
  )
  if (!version) throw new Error('The version was not inserted')
  if (version.number === 1 && before.length > 0) await tx.execute(insertZeroVersionSql(zeroVersion(at, before)))
  const tableId = table?.id ?? null
  await recordActivity(tx, { projectId, principal, action, sentence, tableId, kind: 'tables', operation })
  return version.number
}

function zeroVersion(
  at: { readonly projectId: string; readonly databaseId: string },
  before: readonly StoredTable[],
): NewVersion {
  return {
    ...at,
    actorId: null,
    actor: 'Tessera Studio',
    name: null,
    sentence: 'The schema before its versions were kept.',
    edits: [],
    tables: before.map(({ id, created_at, schema }) => ({ id, since: created_at, schema })),
  }
}

/** Every table that is described differently, was made, or went. */
function schemaChanges(before: readonly StoredTable[], after: readonly StoredTable[]): readonly SchemaChange[] {
  const olds = new Map(before.map((table) => [table.id, table]))
  const ids = new Set(after.map(({ id }) => id))
  const gone = before
    .filter(({ id }) => !ids.has(id))
    .map(({ id, schema }) => ({ table: id, before: schema, after: null }))
  const others = after.flatMap((table) => {
    const old = olds.get(table.id)
    const isSame = old === table || JSON.stringify(old?.schema) === JSON.stringify(table.schema)
    return isSame ? [] : [{ table: table.id, before: old?.schema ?? null, after: table.schema }]
  })
  return [...gone, ...others]
}

/** CONFLICT, in its own words, when an open transaction holds the table for longer than an edit waits. */
export async function editSchema<T>(edit: () => Promise<T>): Promise<T> {
  try {
    return await edit()
  } catch (error) {
    if (sqlState(error) !== lockNotAvailable) throw error
    throw new AppError(
      'CONFLICT',
      'The tables cannot change now: an open SQL transaction or a large write holds one of them. Try again when it has ended.',
      { cause: error },
    )
  }
}

const lockNotAvailable = '55P03'
