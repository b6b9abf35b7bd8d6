import { setMaxListeners } from 'node:events'
import type { JsonObject } from '@shared/json'
import type { StudioDatabase } from '../../db/database'
import type { AsCaller } from '../../features/api/as-caller.service'
import { type LiveChange, liveChanges } from '../../features/rest/live-changes.service'
import { RestError, toRestError } from '../../features/rest/rest-error'
import { permit } from '../../features/rules/access'
import type { AskedChanges } from './join-config'

/** Tables that a channel hears of when it names none. */
const mostTables = 100

export interface ChannelOptions {
  readonly db: StudioDatabase
  readonly as: AsCaller
  readonly changes: readonly AskedChanges[]
  /** Takes one of the tables that the socket may still follow; false when there are none left. */
  readonly follow: () => boolean
  readonly giveBack: (count: number) => void
  readonly tell: (event: string, payload: JsonObject) => void
  /** When nothing more will be told, with the reason. */
  readonly ended: (because: string) => void
}

export interface RealtimeChannel {
  /** What was asked for, with the numbers that changes are told under. */
  readonly bindings: readonly (AskedChanges & { readonly id: number })[]
  /** After the answer has gone out. */
  start(): void
  close(): void
}

/** One channel of the official client: changes of tables, under the rules. Throws what the caller may not be told. */
export async function openChannel(options: ChannelOptions): Promise<RealtimeChannel> {
  const { db, as, changes, follow, giveBack, tell, ended } = options
  const stopping = new AbortController()
  const { signal } = stopping
  // Some of each table.
  setMaxListeners(0, signal)
  let taken = 0
  signal.addEventListener('abort', () => giveBack(taken))
  const bindings = changes.map((asked, at) => ({ ...asked, id: at + 1 }))
  const streams: { readonly id: number; readonly event: string; readonly events: AsyncIterable<LiveChange> }[] = []
  try {
    if ((await as(async () => true)) === null) throw isOver()
    for (const { id, event, schema, table, filter } of bindings) {
      if (schema !== 'public' && schema !== '*')
        throw new RestError(406, 'PGRST106', `Invalid schema: ${schema.slice(0, 100)}`)
      const names = table === undefined || table === '*' ? await readable(as) : [table]
      for (const tableName of names) {
        if (!follow()) throw tooMany()
        taken += 1
        const wanted = filter === undefined ? { tableName } : { tableName, filter: asAddress(filter) }
        streams.push({ id, event, events: await liveChanges(db, { ...wanted, as, signal }) })
      }
    }
  } catch (error) {
    stopping.abort()
    throw error
  }

  async function pass({ id, event, events }: (typeof streams)[number]): Promise<void> {
    for await (const change of events)
      if (event === '*' || event === change.type) tell('postgres_changes', { ids: [id], data: dataOf(change) })
    if (!signal.aborted) throw isOver()
  }

  return {
    bindings,
    start() {
      Promise.all(streams.map(pass)).catch((error: unknown) => {
        if (signal.aborted) return
        stopping.abort()
        ended(toRestError(error)?.message ?? 'Something went wrong on our side. Join again.')
      })
    },
    close: () => stopping.abort(),
  }
}

function isOver(): RestError {
  return new RestError(401, 'PGRST301', 'The key or the sign-in of this channel is not valid, or has ended.')
}

function tooMany(): RestError {
  return new RestError(429, '54000', 'This connection follows too many tables. Leave a channel, or open another one.')
}

/** Of a filter as it is, which holds what would mean something else in an address. */
function asAddress(filter: string): string {
  const [column = '', ...condition] = filter.split('=')
  return new URLSearchParams([[column, condition.join('=')]]).toString()
}

async function readable(as: AsCaller): Promise<readonly string[]> {
  const names = await as(async ({ project: { tables, rules }, who: { caller } }) =>
    tables
      .filter((table) => permit(rules, table, caller, 'select').kind !== 'denied')
      .map(({ schema }) => schema.name)
      .slice(0, mostTables),
  )
  return names ?? []
}

/**
 * As Supabase tells it. Values are the JSON that a read gives: every column is called text, for of other types the client
 * would make something else of them, and lose digits of a bigint.
 */
function dataOf({ type, table, record, old, at }: LiveChange): JsonObject {
  const columns = Object.keys(record ?? {}).map((name) => ({ name, type: 'text' }))
  return {
    schema: 'public',
    table,
    commit_timestamp: at,
    type,
    columns,
    errors: null,
    ...(record === null ? {} : { record }),
    ...(type === 'INSERT' ? {} : { old_record: old ?? {} }),
  }
}
