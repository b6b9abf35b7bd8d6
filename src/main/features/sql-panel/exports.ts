import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@shared/app-error'
import type { exportFormats } from '@shared/contract/sql-panel.contract'
import { type Exporter, exportCsv, exportJson, exportXlsx } from './export-result'
import type { ResultOwner, ResultSpool } from './result-spool'

type Format = (typeof exportFormats)[number]

const exporters: Readonly<Record<Format, Exporter>> = { csv: exportCsv, json: exportJson, xlsx: exportXlsx }

/** Bytes of one piece that is read. */
const pieceBytes = 1024 * 1024
/** Milliseconds that a file waits for somebody to read it. */
const longestKept = 60 * 60_000

export interface ReadyExport {
  readonly exportId: string
  readonly bytes: number
  readonly note: string | null
}

/** Files made of results, on disk until they have been read. */
export interface Exports {
  make(
    owner: ResultOwner,
    resultId: string,
    format: Format,
    told: { readonly signal: AbortSignal; readonly onRows: (rows: number, of: number) => void },
  ): Promise<ReadyExport>
  read(owner: ResultOwner, id: string, offset: number): Promise<{ readonly data: string; readonly done: boolean }>
}

export function createExports(dir: string, spool: ResultSpool): Exports {
  const files = new Map<string, ResultOwner & { readonly bytes: number }>()
  const pathOf = (id: string) => join(dir, `${id}.export`)
  // Nobody asks for what another process has made.
  let cleaned: Promise<void> | undefined

  async function clean(): Promise<void> {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    for (const name of await readdir(dir)) if (name.endsWith('.export')) await rm(join(dir, name), { force: true })
  }

  async function drop(id: string): Promise<void> {
    files.delete(id)
    await rm(pathOf(id), { force: true })
  }

  return {
    async make(owner, resultId, format, { signal, onRows }) {
      cleaned ??= clean()
      await cleaned
      const { rowCount, ...source } = await spool.all(owner, resultId)
      const id = randomUUID()
      try {
        const note = await exporters[format](source, {
          path: pathOf(id),
          signal,
          onRows: (rows) => onRows(rows, rowCount),
        })
        if (signal.aborted) throw new AppError('CANCELLED', 'The export was cancelled.')
        const { size: bytes } = await stat(pathOf(id))
        files.set(id, { ...owner, bytes })
        setTimeout(() => void drop(id), longestKept).unref()
        return { exportId: id, bytes, note }
      } catch (error) {
        await drop(id)
        throw error
      }
    },
    async read({ accountId, databaseId }, id, offset) {
      const file = files.get(id)
      if (file === undefined || file.accountId !== accountId || file.databaseId !== databaseId)
        throw new AppError('NOT_FOUND', 'This file is not there any more. Export the result again.')
      const handle = await open(pathOf(id), 'r')
      try {
        const buffer = Buffer.alloc(Math.max(0, Math.min(pieceBytes, file.bytes - offset)))
        const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset)
        const done = offset + bytesRead >= file.bytes
        if (done) await drop(id)
        return { data: buffer.subarray(0, bytesRead).toString('base64'), done }
      } finally {
        await handle.close()
      }
    },
  }
}
