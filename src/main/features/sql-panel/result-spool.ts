import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@shared/app-error'
import type { JsonValue } from '@shared/json'
import { z } from 'zod'
import { readBlock, readLines } from './result-lines'

/** Whose a result is: nobody else reads it. */
export interface ResultOwner {
  readonly accountId: string
  readonly databaseId: string
}

export interface ResultWriter {
  readonly id: string
  readonly rowCount: number
  add(rows: readonly (readonly JsonValue[])[]): Promise<void>
  /** Nothing is added any more. */
  end(): Promise<void>
}

/**
 * Rows of results on disk, one JSON array a line, so that a result of a million rows takes no memory and is still there
 * after the process was killed. Beside the rows is a file that says whose they are and where in them blocks begin.
 */
export interface ResultSpool {
  create(owner: ResultOwner, columns: readonly string[]): Promise<ResultWriter>
  /** NOT_FOUND when it is not there (any more), or somebody else's. */
  page(
    owner: ResultOwner,
    id: string,
    offset: number,
    limit: number,
  ): Promise<{ readonly rows: readonly (readonly JsonValue[])[]; readonly rowCount: number }>
  /** All rows, block by block. */
  all(
    owner: ResultOwner,
    id: string,
  ): Promise<{
    readonly columns: readonly string[]
    readonly rowCount: number
    readonly blocks: AsyncIterable<readonly (readonly JsonValue[])[]>
  }>
  remove(owner: ResultOwner, ids: readonly string[]): Promise<void>
  /** Removes what is older than a week, and the oldest beyond the bytes that all may have. */
  tidy(): Promise<void>
}

const facts = z.object({
  accountId: z.string(),
  databaseId: z.string(),
  columns: z.array(z.string()),
  /** Null while it is written, or where that was cut off. */
  end: z.object({ rowCount: z.int(), bytes: z.int(), blocks: z.array(z.tuple([z.int(), z.int()])) }).nullable(),
})

interface OpenResult extends ResultOwner {
  readonly id: string
  readonly columns: readonly string[]
  rowCount: number
  bytes: number
  /** The first row of each block and where it begins. */
  readonly blocks: [row: number, byte: number][]
}

/** A block is what is read at once: so many rows, or bytes where that is less. */
const blockRows = 256
const blockBytes = 256 * 1024
/** Bytes of one result, and of all. */
export const mostBytes = 2 * 2 ** 30
const mostOfAll = 8 * 2 ** 30
const longestKept = 7 * 24 * 60 * 60 * 1000
/** Results whose blocks are kept in memory. */
const mostOpen = 200

export function createResultSpool(dir: string): ResultSpool {
  const known = new Map<string, OpenResult>()
  const make = () => mkdir(dir, { recursive: true, mode: 0o700 })
  const rowsFile = (id: string) => join(dir, `${id}.rows`)
  const factsFile = (id: string) => join(dir, `${id}.json`)

  function remember(result: OpenResult): OpenResult {
    known.delete(result.id)
    known.set(result.id, result)
    const [oldest] = known.keys()
    if (known.size > mostOpen && oldest !== undefined) known.delete(oldest)
    return result
  }

  async function writeFacts(result: OpenResult, isEnded: boolean): Promise<void> {
    const { accountId, databaseId, columns, rowCount, bytes, blocks } = result
    const end = isEnded ? { rowCount, bytes, blocks } : null
    const half = `${factsFile(result.id)}.half`
    await writeFile(half, JSON.stringify({ accountId, databaseId, columns, end }), { mode: 0o600 })
    await rename(half, factsFile(result.id))
  }

  async function find({ accountId, databaseId }: ResultOwner, id: string): Promise<OpenResult> {
    const result = known.get(id) ?? (await readResult(id))
    if (result === null || result.accountId !== accountId || result.databaseId !== databaseId.toLowerCase())
      throw gone()
    return remember(result)
  }

  async function readResult(id: string): Promise<OpenResult | null> {
    const text = await readFile(factsFile(id), 'utf8').catch(() => null)
    const read = text === null ? null : facts.safeParse(JSON.parse(text))
    if (read === null || !read.success) return null
    const { end, ...rest } = read.data
    if (end !== null) return { id, ...rest, ...end }
    // Cut off while it was written: the rows that are whole are there.
    const result: OpenResult = { id, ...rest, rowCount: 0, bytes: 0, blocks: [] }
    for await (const line of readLines(rowsFile(id))) count(result, line.bytes)
    return result
  }

  return {
    async create({ accountId, databaseId }, columns) {
      await make()
      const result: OpenResult = {
        id: randomUUID(),
        accountId,
        databaseId: databaseId.toLowerCase(),
        columns,
        rowCount: 0,
        bytes: 0,
        blocks: [],
      }
      await writeFacts(result, false)
      const file = await open(rowsFile(result.id), 'a', 0o600)
      remember(result)
      return {
        id: result.id,
        get rowCount() {
          return result.rowCount
        },
        async add(rows) {
          // In slices, or a piece of short rows would stand in memory twice more.
          for (let at = 0; at < rows.length && result.bytes < mostBytes; at += blockRows) {
            const lines = rows.slice(at, at + blockRows).map((row) => Buffer.from(`${JSON.stringify(row)}\n`))
            await file.appendFile(Buffer.concat(lines))
            for (const line of lines) count(result, line.length)
          }
        },
        async end() {
          await file.close()
          await writeFacts(result, true)
        },
      }
    },
    async page(owner, id, offset, limit) {
      const result = await find(owner, id)
      const { rowCount } = result
      const rows: (readonly JsonValue[])[] = []
      const file = await open(rowsFile(id), 'r').catch(() => {
        throw gone()
      })
      try {
        for (let at = offset; at < Math.min(offset + limit, rowCount); ) {
          const block = await blockAt(file, result, at)
          rows.push(...block.rows.slice(at - block.first, offset + limit - block.first))
          at = block.first + block.rows.length
          if (block.rows.length === 0) break
        }
      } finally {
        await file.close()
      }
      return { rows, rowCount }
    },
    async all(owner, id) {
      const result = await find(owner, id)
      async function* blocks() {
        const file = await open(rowsFile(id), 'r').catch(() => {
          throw gone()
        })
        try {
          for (const [first] of result.blocks) yield (await blockAt(file, result, first)).rows
        } finally {
          await file.close()
        }
      }
      return { columns: result.columns, rowCount: result.rowCount, blocks: blocks() }
    },
    async remove(owner, ids) {
      for (const id of ids) {
        const isTheirs = await find(owner, id).then(
          () => true,
          () => false,
        )
        if (isTheirs) await erase(id)
      }
    },
    async tidy() {
      await make()
      const files = await readdir(dir)
      const found: { id: string; bytes: number; at: number }[] = []
      for (const file of files.filter((name) => name.endsWith('.rows'))) {
        const status = await stat(join(dir, file)).catch(() => null)
        if (status !== null) found.push({ id: file.slice(0, -5), bytes: status.size, at: status.mtimeMs })
      }
      let bytes = 0
      for (const each of found.sort((a, b) => b.at - a.at)) {
        bytes += each.bytes
        if (bytes > mostOfAll || each.at < Date.now() - longestKept) await erase(each.id)
      }
    },
  }

  async function erase(id: string): Promise<void> {
    known.delete(id)
    await rm(factsFile(id), { force: true })
    await rm(rowsFile(id), { force: true })
  }
}

function count(result: OpenResult, bytes: number): void {
  const block = result.blocks.at(-1)
  if (block === undefined || result.rowCount - block[0] >= blockRows || result.bytes - block[1] >= blockBytes)
    result.blocks.push([result.rowCount, result.bytes])
  result.rowCount += 1
  result.bytes += bytes
}

/** The block that holds the row. */
async function blockAt(
  file: FileHandle,
  { blocks, bytes }: OpenResult,
  row: number,
): Promise<{ readonly first: number; readonly rows: readonly (readonly JsonValue[])[] }> {
  let low = 0
  let high = blocks.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((blocks[middle]?.[0] ?? 0) <= row) low = middle
    else high = middle - 1
  }
  const [first, from] = blocks[low] ?? [0, 0]
  const to = blocks[low + 1]?.[1] ?? bytes
  return { first, rows: await readBlock(file, from, to) }
}

function gone(): AppError {
  return new AppError('NOT_FOUND', 'The rows of this result are not kept any more. Run the statement again.')
}
