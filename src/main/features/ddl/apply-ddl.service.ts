import { AppError } from '@shared/app-error'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import { applySchema } from '../schema/apply-schema.service'
import { createIndex } from '../store/indexes.service'
import { loadTables, schemaOf, tableNamed } from '../tables/tables.service'
import { readDdl } from './ddl.service'

/** Milliseconds that each statement of a schema edit may take: it may have to write every record anew. */
const longestEdit = 300_000

/**
 * SQL that describes tables, as edits of the schema: one version, which canvas and history know. Answers, in sentences,
 * what became other than it was written; VALIDATION, with the reason, for what a logical database cannot have.
 */
export async function applyDdl(
  { db, principal }: { readonly db: StudioDatabase; readonly principal: Principal },
  databaseId: string,
  text: string,
  { signal, timeoutMs = longestEdit }: { readonly signal: AbortSignal | undefined; readonly timeoutMs?: number },
): Promise<readonly string[]> {
  const at = [principal.account.id, databaseId] as const
  const known = await db.withDatabase(...at, async (tx, { id }) => schemaOf(await loadTables(tx, id)), { signal })
  const { edits, notes, unsupported, indexes } = await readDdl(text, known)
  if (unsupported.length > 0)
    throw new AppError('VALIDATION', unsupported.map(({ sentence }) => sentence).join(' '), {
      details: { unsupported },
    })
  await db.withDatabase(
    ...at,
    async (tx, database) => {
      const writer = { database, principal }
      if (edits.length > 0) await applySchema(tx, writer, { edits, action: 'sql.schema' })
      for (const { table, columns } of indexes)
        await createIndex(tx, writer, tableNamed(await loadTables(tx, database.id), table).id, columns)
    },
    { signal, role: 'store', statementTimeout: timeoutMs },
  )
  const said = notes.map(({ sentence }) => sentence)
  if (edits.length === 0 && indexes.length === 0) said.push('Nothing of the schema had to be changed.')
  if (indexes.length > 0) said.push('The index is built in the background.')
  return said
}
