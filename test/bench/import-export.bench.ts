import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from, to } from 'pg-copy-streams'
import { localOwner } from '../../src/main/features/accounts/accounts.service'
import { createDatabase } from '../../src/main/features/databases/databases.service'
import { createProject } from '../../src/main/features/projects/projects.service'
import { exportTo } from '../../src/main/features/transfers/export.service'
import type { ImportTarget } from '../../src/main/features/transfers/import-request'
import { createSpool, type SpooledFile } from '../../src/main/features/transfers/spool'
import { importFile } from '../../src/main/features/transfers/transfers.service'
import { withStudioDatabase } from './bench-server'

export const name = 'Import and export of 1,000,000 records as CSV, against COPY of a native table'

const records = 1_000_000
const columns = [
  { name: 'id', type: 'integer', primary_key: true },
  { name: 'email', type: 'text' },
  { name: 'name', type: 'text' },
  { name: 'age', type: 'integer' },
  { name: 'amount', type: 'numeric(12,2)' },
  { name: 'active', type: 'boolean' },
  { name: 'at', type: 'timestamptz' },
  { name: 'country', type: 'text' },
] as const

export async function run(print: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-bench-'))
  const spool = createSpool(join(folder, 'spool'))
  try {
    await withStudioDatabase(async (db, client) => {
      const principal = await db.withoutTenant((tx) => localOwner(tx))
      const account = principal.account.id
      const project = await db.withAccount(account, (tx) => createProject(tx, principal, { name: 'Bench' }))
      const made = await db.withProject(account, project.id, (tx) => createDatabase(tx, principal, project.id), {
        role: 'store',
      })
      const file = await spool.create(account, made.database.id, 'people.csv')
      await writeCsv(file.path)

      await client.query(
        'create table native (id integer primary key, email text, name text, age integer, amount numeric(12,2), active boolean, at timestamptz, country text)',
      )
      const copyIn = await seconds(async () => {
        const handle = await open(file.path)
        await pipeline(handle.createReadStream(), client.query(from('copy native from stdin (format csv, header)')))
      })
      const importing = async (from: SpooledFile, target: ImportTarget) => {
        const result = await importFile({
          db,
          principal,
          databaseId: made.database.id,
          spool,
          file: from,
          options: { format: 'csv', header: true },
          target,
          onReject: 'skip',
          signal: undefined,
          report: () => undefined,
          evaluate: async () => [],
        })
        if (result.inserted !== records) throw new Error(`${result.inserted} records were imported`)
      }
      const memory = watchMemory()
      const mappings = columns.map(({ name: column }, source) => ({ source, column }))
      const intoNew = await seconds(() =>
        importing(file, { kind: 'new', schema: { name: 'people', columns: [...columns] }, columns: mappings }),
      )
      print(`import into a new table ${compared(intoNew, copyIn)}, at most ${memory.stop()} MB`)

      const more = await spool.create(account, made.database.id, 'more.csv')
      await writeCsv(more.path, records)
      const copyMore = await seconds(async () => {
        const handle = await open(more.path)
        await pipeline(handle.createReadStream(), client.query(from('copy native from stdin (format csv, header)')))
      })
      const second = watchMemory()
      const intoFull = await seconds(() =>
        importing(more, { kind: 'table', table: 'people', mode: 'append', key: [], columns: mappings }),
      )
      print(`import into the same table again ${compared(intoFull, copyMore)}, at most ${second.stop()} MB`)

      const copyOut = await seconds(() =>
        pipeline(
          client.query(to('copy native to stdout (format csv, header)')),
          new Writable({ write: (_, __, done) => done() }),
        ),
      )
      const again = watchMemory()
      const exporting = await seconds(() =>
        exportTo(
          db,
          principal,
          made.database.id,
          { format: 'csv', scope: { kind: 'records', table: 'people' }, signal: undefined, report: () => undefined },
          () => async () => undefined,
        ),
      )
      print(`export of all of it ${compared(exporting, copyOut)}, at most ${again.stop()} MB`)
    })
  } finally {
    await spool.close()
    await rm(folder, { recursive: true, force: true })
  }
}

function compared(studio: number, native: number): string {
  return `${studio.toFixed(2)} s, COPY ${native.toFixed(2)} s: ${(native / studio).toFixed(2)} of its speed`
}

/** The ids begin after `after`. */
async function writeCsv(path: string, after = 0): Promise<void> {
  const stream = createWriteStream(path)
  stream.write(`${columns.map(({ name: column }) => column).join(',')}\n`)
  for (let from = after + 1; from <= after + records; from += 5000) {
    let text = ''
    for (let id = from; id < from + 5000; id++)
      text += `${id},person${id}@example.com,Person Number ${id},${id % 90},${((id * 7919) % 100000) / 100},${id % 2 === 0},2024-01-${String((id % 28) + 1).padStart(2, '0')} 10:00:00+00,JP\n`
    if (!stream.write(text)) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'close')
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

/** The most memory the process had, in MB. */
function watchMemory(): { stop(): number } {
  let most = 0
  const look = () => {
    most = Math.max(most, process.memoryUsage().rss)
  }
  const timer = setInterval(look, 50)
  return {
    stop() {
      clearInterval(timer)
      return Math.round(most / 2 ** 20)
    },
  }
}
