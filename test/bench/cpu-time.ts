import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'

/** Milliseconds of a processor that have been spent so far. */
export interface CpuTime {
  readonly program: number
  readonly postgres: number
  /** Of this process, which asks. */
  readonly client: number
}

/** A tick of the kernel, in milliseconds (USER_HZ is 100 on every Linux). */
const tick = 10

/** The process of Postgres that all others come from. */
export async function postmasterOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ data_directory: string }>('show data_directory')
  const [pid] = readFileSync(join(rows[0]?.data_directory ?? '', 'postmaster.pid'), 'utf8').split('\n')
  return Number(pid)
}

/** Null where there is no /proc. */
export function cpuTime(program: number, postmaster: number): CpuTime | null {
  try {
    const postgres = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => statOf(name))
      .filter((stat) => stat?.parent === postmaster)
    return {
      program: statOf(program)?.ms ?? 0,
      postgres: postgres.reduce((sum, stat) => sum + (stat?.ms ?? 0), 0),
      client: statOf(process.pid)?.ms ?? 0,
    }
  } catch {
    return null
  }
}

/** Null for a process that has just ended. */
function statOf(pid: string | number): { readonly parent: number; readonly ms: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * tick }
  } catch {
    return null
  }
}
