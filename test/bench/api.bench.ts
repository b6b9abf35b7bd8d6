import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import bcrypt from 'bcrypt'
import { connectionUrl } from '../../src/main/db/connection-url'
import { defaultBcryptCost } from '../../src/main/features/accounts/password'
import { openFolder } from '../helpers/folder'
import { type Calls, fillNative, fillStudio, operations, type StudioApp } from './api-fixture'
import { type Program, programOf, startProgram } from './api-programs'
import { withServer } from './bench-server'
import { type CpuTime, cpuTime, postmasterOf } from './cpu-time'
import { type Load, load } from './http-load'
import { median, ms, percentile, timed } from './statistics'

export const name = 'The data API against a bare Node server on a native table'

const connections = 20
const seconds = Number(process.env.BENCH_SECONDS ?? 4)
const rounds = Number(process.env.BENCH_ROUNDS ?? 3)
const crowd = { connections: 1_000, seconds: Number(process.env.BENCH_CROWD ?? 60) }

/**
 * The whole path of the product (key, rules of a sign-in for the owner of the key, change log, audit, request log), and a
 * server that has none of it; both on the same Postgres, in turns, from the same machine.
 */
export async function run(print: (line: string) => void): Promise<void> {
  const folder = await openFolder()
  await withServer(async (admin, { adminUrl }) => {
    const postmaster = await postmasterOf(admin)
    await admin.query('create database native')
    const native = connectionUrl(adminUrl, { database: 'native' })
    const ids = await fillNative(native)
    const bare = await startProgram([join(process.cwd(), 'test/bench/bare-server.mjs')], { DATABASE_URL: native })
    const studio = await startProgram(programOf(), {
      DATABASE_URL: adminUrl,
      TESSERA_DATA_DIR: folder,
      JWT_SECRET: 'the secret of the benchmark and of nothing else',
      DEFAULT_PLAN: 'local',
    })
    try {
      const app = await fillStudio(studio.url, ids)
      for (const [what, ours, theirs] of operations(app, ids)) {
        const mine: Measured[] = []
        const others: Measured[] = []
        await load(bare.url, theirs, { connections, seconds: 1 })
        await load(studio.url, ours, { connections, seconds: 1 })
        for (let round = 0; round < rounds; round++) {
          others.push(await measured(bare, theirs, postmaster))
          mine.push(await measured(studio, ours, postmaster))
        }
        report(print, what, mine, others)
      }
      if (crowd.seconds > 0) {
        await manyClients(print, studio.url, app, ids)
        await whileSigningIn(print, studio.url, app, ids)
      }
    } finally {
      await bare.stop()
      await studio.stop()
    }
  })
  await rm(folder, { recursive: true, force: true })
}

/** With the microseconds of a processor that each call took. */
interface Measured extends Load {
  readonly cpu: string
}

async function measured({ url, pid }: Program, calls: Calls, postmaster: number): Promise<Measured> {
  const before = cpuTime(pid, postmaster)
  const done = await load(url, calls, { connections, seconds })
  const after = cpuTime(pid, postmaster)
  const each = (name: keyof CpuTime) =>
    ((((after?.[name] ?? Number.NaN) - (before?.[name] ?? Number.NaN)) * 1000) / done.times.length).toFixed(0)
  return { ...done, cpu: `${each('program')} + ${each('postgres')} + ${each('client')} us` }
}

function report(
  print: (line: string) => void,
  what: string,
  ours: readonly Measured[],
  theirs: readonly Measured[],
): void {
  const rate = (loads: readonly Load[]) => median(loads.map((one) => one.rate))
  const p95 = (loads: readonly Load[]) =>
    ms(
      percentile(
        loads.flatMap(({ times }) => times),
        0.95,
      ),
    )
  const ratio = (rate(ours) / rate(theirs)).toFixed(2)
  print(
    `${what}: ${rate(ours).toFixed(0)}/s (p95 ${p95(ours)}), bare ${rate(theirs).toFixed(0)}/s (p95 ${p95(theirs)}): ${ratio} of its throughput`,
  )
  print(`  processor of a call (server + Postgres + client): ${ours.at(-1)?.cpu}, bare ${theirs.at(-1)?.cpu}`)
  const [failure] = [...ours, ...theirs].flatMap(({ failures }) => failures)
  if (failure !== undefined) print(`  FAILED: ${failure}`)
}

async function manyClients(print: (line: string) => void, url: string, app: StudioApp, ids: readonly string[]) {
  const [read] = operations(app, ids)
  const { rate, times, failures } = await load(url, read?.[1] ?? (() => ({ method: 'GET', path: '/' })), {
    ...crowd,
    pause: 1_000,
  })
  print(
    `${crowd.connections} clients for ${crowd.seconds} s: ${rate.toFixed(0)}/s, p95 ${ms(percentile(times, 0.95))}, ${failures.length} errors`,
  )
  if (failures[0] !== undefined) print(`  FAILED: ${failures[0]}`)
}

/** Reads at a pace that leaves room, alone and while 30 people a second sign in, or as many as the machine can take. */
async function whileSigningIn(print: (line: string) => void, url: string, app: StudioApp, ids: readonly string[]) {
  const [read] = operations(app, ids)
  if (!read) return
  const paced = { connections: 20, seconds: 10, pause: 50 }
  const alone = await load(url, read[1], paced)
  const logins = load(url, app.signIn, { connections: 30, seconds: 10, pause: 1_000 })
  const beside = await load(url, read[1], paced)
  const { rate, failures } = await logins
  const [before, after] = [alone, beside].map(({ times }) => percentile(times, 0.95))
  print(
    `p95 of reads: ${ms(before ?? Number.NaN)} alone, ${ms(after ?? Number.NaN)} beside ${rate.toFixed(0)} sign-ins a second`,
  )
  const hash = await timed(() => bcrypt.hash('correct horse battery', defaultBcryptCost))
  print(
    `  30 a second at bcrypt cost ${defaultBcryptCost} (${ms(hash)} of a core) need ${((30 * hash) / 1000).toFixed(1)} cores; there are ${availableParallelism()}`,
  )
  if (failures[0] !== undefined) print(`  FAILED: ${failures[0]}`)
}
