import { AppError } from '@shared/app-error'
import type { ExportFormat, ExportScope, FileOptions, ImportResult } from '@shared/contract/transfers.contract'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import type { WriteQuota } from '../api/quota.service'
import { evaluator } from './evaluate.service'
import { type ExportMade, type ExportPlan, exportTo, type Sink } from './export.service'
import type { Spool } from './spool'
import { importFile, targetByName } from './transfers.service'

/** Files as streams, for HTTP. */
export interface TransferStreams {
  importStream(caller: Principal, call: ImportStream): Promise<ImportResult>
  exportStream(caller: Principal, call: ExportStream): Promise<ExportMade>
}

export interface ImportStream {
  readonly databaseId: string
  readonly body: AsyncIterable<Uint8Array>
  /** Left out for a SQL file with tables of its own. */
  readonly table: string | undefined
  readonly mode: 'append' | 'upsert' | 'replace'
  readonly key: readonly string[]
  readonly onReject: 'stop' | 'skip'
  readonly options: FileOptions
  readonly signal: AbortSignal
}

export interface ExportStream {
  readonly databaseId: string
  readonly format: ExportFormat
  readonly scope: ExportScope
  readonly signal: AbortSignal
  readonly begin: (plan: ExportPlan) => Sink
}

/**
 * What is sent goes to the disk first: a transaction does not wait for a slow sender, the file can be looked at before
 * it is read, and its length costs no memory.
 */
export function createTransferStreams(
  db: () => Promise<StudioDatabase>,
  spool: Spool,
  quota?: WriteQuota,
): TransferStreams {
  return {
    async importStream(principal, { body, table, mode, key, onReject, options, signal, ...call }) {
      const database = await db()
      const databaseId = await database.withDatabase(principal.account.id, call.databaseId, async (_, { id }) => id, {
        readOnly: true,
        signal,
      })
      await quota?.(principal.account.id, databaseId)
      const file = await spool.create(
        principal.account.id,
        databaseId,
        `${table ?? 'database'}.${options.format ?? 'csv'}`,
      )
      let rejectFile: string | null = null
      try {
        let bytes = 0
        for await (const chunk of body) bytes = await spool.append(file, bytes, chunk)
        if (signal.aborted) throw new AppError('CANCELLED', 'The call was cancelled before it was done.')
        await spool.size(file)
        if (bytes === 0)
          throw new AppError('VALIDATION', 'The body is empty. Send the file as the body of the request.')
        if (table === undefined && options.format !== 'sql')
          throw new AppError('VALIDATION', 'Say which table the records are for: add "table" to the address.')
        const target =
          table === undefined
            ? ({ kind: 'database' } as const)
            : await targetByName({ db: database, principal, databaseId, file, bytes, options, table, mode, key })
        const result = await importFile({
          db: database,
          principal,
          databaseId,
          spool,
          file,
          options,
          target,
          onReject,
          signal,
          report: () => undefined,
          evaluate: evaluator({ db: database, principal, databaseId, signal }),
        })
        rejectFile = result.rejectFile
        return result
      } finally {
        await spool.remove(file)
        if (rejectFile !== null) await spool.remove(spool.find(principal.account.id, databaseId, rejectFile))
      }
    },
    async exportStream(caller, { databaseId, format, scope, signal, begin }) {
      return exportTo(await db(), caller, databaseId, { format, scope, signal, report: () => undefined }, begin)
    },
  }
}
