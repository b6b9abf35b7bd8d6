import { pieceBytes } from '@shared/contract/transfers.contract'
import type { Principal } from '../../context'
import type { StudioDatabase } from '../../db/database'
import type { Procedures } from '../../rpc/implementer'
import { evaluator } from './evaluate.service'
import { exportTo } from './export.service'
import { progressStream } from './progress-stream'
import type { Spool } from './spool'
import { importFile, inspectFile } from './transfers.service'

export function createTransfersHandlers({ signedIn: { transfers } }: Procedures, { spool }: { readonly spool: Spool }) {
  /** NOT_FOUND for a database of others, before anything is kept for it. */
  const ownDatabase = (db: StudioDatabase, caller: Principal, databaseId: string, signal: AbortSignal | undefined) =>
    db.withDatabase(caller.account.id, databaseId, async (_, { id }) => id, { readOnly: true, signal })

  return {
    begin: transfers.begin.handler(async ({ input, context: { db, caller }, signal }) => {
      const databaseId = await ownDatabase(db, caller, input.databaseId, signal)
      return { file: (await spool.create(caller.account.id, databaseId, input.name)).id }
    }),
    send: transfers.send.handler(async ({ input, context: { caller } }) => {
      const file = spool.find(caller.account.id, input.databaseId, input.file)
      return { bytes: await spool.append(file, input.offset, Buffer.from(input.data, 'base64')) }
    }),
    read: transfers.read.handler(async ({ input, context: { caller } }) => {
      const file = spool.find(caller.account.id, input.databaseId, input.file)
      return { data: (await spool.read(file, input.offset, pieceBytes)).toString('base64') }
    }),
    discard: transfers.discard.handler(async ({ input, context: { caller } }) => {
      await spool.remove(spool.find(caller.account.id, input.databaseId, input.file))
      return {}
    }),
    inspect: transfers.inspect.handler(({ input, context: { caller }, signal }) =>
      inspectFile(spool, spool.find(caller.account.id, input.databaseId, input.file), input.options, signal),
    ),
    import: transfers.import.handler(async ({ input, context: { db, caller: principal }, signal }) => {
      const databaseId = await ownDatabase(db, principal, input.databaseId, signal)
      const file = spool.find(principal.account.id, databaseId, input.file)
      return progressStream(
        (report, stop) =>
          importFile({
            ...input,
            db,
            principal,
            databaseId,
            spool,
            file,
            signal: stop,
            report,
            evaluate: evaluator({ db, principal, databaseId, signal: stop }),
          }),
        signal,
      )
    }),
    export: transfers.export.handler(async ({ input, context: { db, caller }, signal }) => {
      const databaseId = await ownDatabase(db, caller, input.databaseId, signal)
      return progressStream(async (report, stop) => {
        const { format, scope } = input
        const file = await spool.create(caller.account.id, databaseId, 'export')
        let bytes = 0
        const made = await exportTo(
          db,
          caller,
          databaseId,
          {
            format,
            scope,
            signal: stop,
            report: ({ rows, table }) => report({ phase: 'writing', rows, part: null, table }),
          },
          () => async (chunk) => {
            bytes = await spool.append(file, bytes, chunk)
          },
        ).catch(async (error: unknown) => {
          await spool.remove(file)
          throw error
        })
        const { name, type, records } = made
        return { file: file.id, name, type, bytes: await spool.size(file), records }
      }, signal)
    }),
  }
}
