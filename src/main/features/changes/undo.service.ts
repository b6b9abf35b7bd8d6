import { AppError } from '@shared/app-error'
import type { Transaction } from '../../db/database'
import { recordActivity } from '../audit/record-activity'
import { uuidV7 } from '../records/uuid-v7'
import { openSchema } from '../tables/open-schema.service'
import type { StoredTable } from '../tables/stored-table'
import type { Writer } from '../tables/tables.service'
import {
  type ChangedTable,
  lockChainSql,
  type OperationEntry,
  selectChangedTablesSql,
  selectFirstSentenceSql,
  selectOperationSql,
} from './changes.sql'
import { changedSince, type Taken, takeBack } from './take-back.service'
import { unfoldLoads } from './unfold-load.service'

export interface Undone {
  /** The undo itself, which can be undone. */
  readonly operation: string
  /** Records that it wrote. */
  readonly undone: number
}

/**
 * Takes back every write of an operation. CONFLICT with the records that were changed since in the same fields, unless
 * `force`: then those stay as they are, and the rest is taken back. Edits of the schema are not undone here but by the
 * edit that is their inverse.
 */
export async function undoOperation(
  tx: Transaction,
  writer: Writer,
  { operation, force }: { readonly operation: string; readonly force: boolean },
): Promise<Undone> {
  const { project_id: projectId } = writer.database
  const { now, tables: all } = await openSchema(tx, writer.database)
  const [entry] = await tx.query<OperationEntry>(selectOperationSql(projectId, operation))
  if (entry) await tx.execute(lockChainSql(entry.chain))
  await unfoldLoads(tx, projectId, all, { operation, force })
  const entries = await tx.query<OperationEntry>(selectOperationSql(projectId, operation))
  const changed = await tx.query<ChangedTable>(selectChangedTablesSql(projectId, operation))
  if (changed.length === 0 || !entries[0]) throw forgotten()
  const [{ chain, undone, depth }] = entries
  if (undone) throw new AppError('CONFLICT', 'This was undone already.')
  const tables = changed.map((one) => ({ table: changedTable(all, one), first: one.first }))

  const id = uuidV7()
  const scope = { writer, operation: id, now, all }
  const taken = await takeBack(tx, scope, {
    which: { kind: 'operation', operation },
    mode: 'guarded',
    tables,
    force,
  })
  if (taken.clashes > 0 && !force) throw changedSince(taken)
  if (taken.written === 0) throw nothingLeft(taken)
  const firsts = await tx.query<{ sentence: string }>(selectFirstSentenceSql(projectId, chain))
  const [only] = tables
  await recordActivity(tx, {
    projectId,
    principal: writer.principal,
    action: depth % 2 === 0 ? 'records.undo' : 'records.redo',
    sentence: sentence(depth % 2 === 0 ? 'Undone' : 'Done again', firsts, taken.clashes),
    tableId: tables.length === 1 ? (only?.table.id ?? null) : null,
    kind: 'records',
    operation: id,
    chain,
  })
  return { operation: id, undone: taken.written }
}

function changedTable(all: readonly StoredTable[], { table_id, edits }: ChangedTable): StoredTable {
  if (edits)
    throw new AppError(
      'CONFLICT',
      'This changed a table’s columns and not its records. Take it back by the opposite change of the table.',
    )
  const table = all.find(({ id }) => id === table_id)
  if (!table)
    throw new AppError(
      'CONFLICT',
      'A table that this changed records of was deleted since. Restore the table from the bin first.',
    )
  return table
}

function forgotten(): AppError {
  return new AppError(
    'NOT_FOUND',
    'There is nothing to undo with this id: it changed no records, or it is older than changes are kept.',
  )
}

function nothingLeft({ clashes, clashing }: Taken): AppError {
  const why = clashes > 0 ? 'others have changed all of it since' : 'its records are as they were before it'
  return new AppError('CONFLICT', `There is nothing left to undo: ${why}.`, { details: { records: clashing } })
}

function sentence(how: string, firsts: readonly { readonly sentence: string }[], clashes: number): string {
  const [first = { sentence: 'Changed records.' }, ...more] = firsts
  const others = more.length === 0 ? '' : ` And ${more.length === 1 ? 'one more table' : `${more.length} more tables`}.`
  const left =
    clashes === 0
      ? ''
      : ` Left ${clashes.toLocaleString('en')} ${clashes === 1 ? 'record' : 'records'} that others had changed since.`
  return `${how}: ${first.sentence}${others}${left}`
}
