import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@shared/app-error'
import { asDiskError } from '../../disk-file'

/** A file on its way in or out, on the disk of the studio. It belongs to one account and one database. */
export interface SpooledFile {
  readonly id: string
  readonly name: string
  readonly path: string
  readonly owner: string
  readonly databaseId: string
}

export interface Spool {
  /** An empty file that can be written to. */
  create(owner: string, databaseId: string, name: string): Promise<SpooledFile>
  /** NOT_FOUND when there is none of the account's and the database's with this id. */
  find(owner: string, databaseId: string, id: string): SpooledFile
  /** Appends at `offset`, which must be where the file ends: a piece that was lost or sent twice is told. */
  append(file: SpooledFile, offset: number, bytes: Uint8Array): Promise<number>
  read(file: SpooledFile, offset: number, length: number): Promise<Buffer>
  size(file: SpooledFile): Promise<number>
  remove(file: SpooledFile): Promise<void>
  close(): Promise<void>
}

/** Milliseconds a file is kept that nobody asks for. */
const longestIdle = 60 * 60 * 1000
/** Files of one account at a time. */
const mostFiles = 40

export function createSpool(folder: string): Spool {
  const files = new Map<string, { readonly file: SpooledFile; used: number }>()
  const streams = new Map<string, { readonly stream: WriteStream; written: number }>()
  const sweep = setInterval(() => {
    for (const { file, used } of files.values()) if (Date.now() - used > longestIdle) void remove(file)
  }, 60_000)
  sweep.unref()
  // What an earlier run has left belongs to nobody.
  let ready: Promise<unknown> | null = null
  const prepare = () => {
    ready ??= rm(folder, { recursive: true, force: true }).then(() => mkdir(folder, { recursive: true, mode: 0o700 }))
    return ready
  }

  async function remove(file: SpooledFile): Promise<void> {
    files.delete(file.id)
    streams.get(file.id)?.stream.destroy()
    streams.delete(file.id)
    await rm(file.path, { force: true }).catch(() => undefined)
  }

  function touch(file: SpooledFile): void {
    const known = files.get(file.id)
    if (known) known.used = Date.now()
  }

  return {
    async create(owner, databaseId, name) {
      await prepare()
      const own = [...files.values()].filter((one) => one.file.owner === owner).sort((a, b) => a.used - b.used)
      const [oldest] = own
      if (own.length >= mostFiles && oldest) await remove(oldest.file)
      const id = randomUUID()
      const file = { id, name, path: join(folder, id), owner, databaseId }
      await (await open(file.path, 'w', 0o600)).close()
      files.set(id, { file, used: Date.now() })
      return file
    },
    find(owner, databaseId, id) {
      const known = files.get(id.toLowerCase())
      if (!known || known.file.owner !== owner || known.file.databaseId !== databaseId.toLowerCase())
        throw new AppError('NOT_FOUND', 'This file is not here any more. Send it again.')
      touch(known.file)
      return known.file
    },
    async append(file, offset, bytes) {
      touch(file)
      const known = streams.get(file.id) ?? (await openEnd(file.path))
      streams.set(file.id, known)
      if (known.written !== offset)
        throw new AppError(
          'CONFLICT',
          `The file has ${known.written} bytes here, and this piece begins at ${offset}.`,
          {
            details: { offset: known.written },
          },
        )
      known.written += bytes.length
      await new Promise<void>((resolve, reject) =>
        known.stream.write(bytes, (error) => (error ? reject(error) : resolve())),
      ).catch((error: unknown) => {
        // What came through is the file; the next piece begins behind that.
        streams.delete(file.id)
        throw asDiskError(error)
      })
      return known.written
    },
    async read(file, offset, length) {
      touch(file)
      const handle = await open(file.path)
      try {
        const buffer = Buffer.alloc(length)
        const { bytesRead } = await handle.read(buffer, 0, length, offset)
        return buffer.subarray(0, bytesRead)
      } finally {
        await handle.close()
      }
    },
    async size(file) {
      const known = streams.get(file.id)
      if (known) {
        known.stream.end()
        if (!known.stream.closed) await once(known.stream, 'close')
        streams.delete(file.id)
      }
      return sizeOf(file.path)
    },
    remove,
    async close() {
      clearInterval(sweep)
      await Promise.all([...files.values()].map(({ file }) => remove(file)))
      if (ready !== null) await rm(folder, { recursive: true, force: true }).catch(() => undefined)
    },
  }
}

async function openEnd(path: string): Promise<{ readonly stream: WriteStream; written: number }> {
  const written = await sizeOf(path)
  const stream = createWriteStream(path, { flags: 'r+', start: written })
  // Whoever writes is told as well; without a listener it would end the process.
  stream.on('error', () => undefined)
  return { stream, written }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path)).size
}
