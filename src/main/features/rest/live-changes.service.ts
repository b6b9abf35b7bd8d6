import type { JsonValue } from '@shared/json'
import type { StudioDatabase, Transaction } from '../../db/database'
import { checkVersion } from '../api/api-projects.service'
import type { AsCaller } from '../api/as-caller.service'
import { changesChannel, readNotice } from '../audit/notice'
import { noticeKey } from '../databases/recent-changes.service'
import { sessionsChannel } from '../end-users/end-user-sessions.sql'
import { planOf } from '../records/record-plan'
import { openSchema } from '../tables/open-schema.service'
import { readChanges } from './change-reader.service'
import type { ChangeRow } from './live-changes.sql'
import { parseQuery } from './request-grammar'
import { parseError } from './rest-error'
import { compileQuery } from './rest-node.sql'
import { type BodyRow, bodyOfSql } from './rest-read.sql'
import { permissionOf, type RestScope, tableAt, visibleColumns } from './rest-scope'

export interface LiveChange {
  readonly type: 'INSERT' | 'UPDATE' | 'DELETE'
  readonly table: string
  readonly id: string
  /** As it is now; null when it was deleted. */
  readonly record: { readonly [column: string]: JsonValue } | null
  /** The primary key of a record that was deleted. */
  readonly old: { readonly [column: string]: JsonValue } | null
  /** When its transaction began. */
  readonly at: string
}

export interface LiveOptions {
  readonly tableName: string
  /** Of the records, in the grammar of an address; deleted ones are told whatever it says. */
  readonly filter?: string
  /** Who listens; when they are nobody any more, they hear nothing more. */
  readonly as: AsCaller
  readonly signal: AbortSignal
}

/** Milliseconds between two looks at whether a listener has expired. What ends one by a word is told at once. */
const look = 2_000
const types = { insert: 'INSERT', update: 'UPDATE', delete: 'DELETE' } as const

/**
 * What is committed to the table from now on, as the rules of that moment let the listener see it. It ends with the key
 * or the sign-in behind it. 42501, at once or later, when they may not read the table at all.
 */
export async function liveChanges(
  db: StudioDatabase,
  { tableName, filter = '', as, signal }: LiveOptions,
): Promise<AsyncIterable<LiveChange>> {
  const inside = <T>(work: (tx: Transaction, scope: RestScope) => Promise<T>): Promise<T | null> =>
    as(({ project, who: { caller } }) =>
      db.withDatabase(
        project.accountId,
        project.databaseId,
        async (tx, database) => {
          checkVersion(tx, project)
          const { tables } = await openSchema(tx, database)
          return work(tx, { projectId: database.project_id, tables, rules: project.rules, caller })
        },
        { readOnly: true, holdSchema: true, signal },
      ),
    )
  const begun = await inside(async (tx, scope) => {
    const table = tableAt(scope, tableName)
    permissionOf(scope, table, 'select')
    compiled(scope, tableName, filter)
    return { tableId: table.id, key: await noticeKey(tx), reader: await readChanges(tx, scope.projectId) }
  })
  if (begun === null) return nothing()
  const { tableId, key, reader } = begun
  const bell = createBell()
  const stops = [
    db.listen(
      changesChannel,
      (payload) => {
        const notice = readNotice(payload, key)
        if (notice && (notice.kind !== 'records' || notice.tableId === tableId)) bell.ring()
      },
      bell.ring,
    ),
    db.listen(sessionsChannel, bell.ring),
  ]
  const stop = (): void => {
    for (const end of stops) end()
    bell.ring()
  }
  // Also of one that nobody has begun to read.
  signal.addEventListener('abort', stop, { once: true })
  if (isAborted(signal)) stop()

  async function* changes(): AsyncGenerator<LiveChange> {
    try {
      while (!isAborted(signal)) {
        const isTold = bell.isRung()
        const found = isTold
          ? await inside(async (tx, scope) => {
              const { rows, isMore } = await reader.read(tx, tableId)
              if (isMore) bell.ring()
              return changesOf(tx, scope, rows, { tableName, filter })
            })
          : await as(async () => [])
        if (found === null) return
        yield* found
        await bell.next(look)
      }
    } finally {
      stop()
    }
  }
  return changes()
}

async function changesOf(
  tx: Transaction,
  scope: RestScope,
  rows: readonly ChangeRow[],
  { tableName, filter }: { readonly tableName: string; readonly filter: string },
): Promise<readonly LiveChange[]> {
  const table = tableAt(scope, tableName)
  const permission = permissionOf(scope, table, 'select')
  const written = [...new Set(rows.filter(({ op }) => op !== 'delete').map(({ record_id }) => record_id))]
  const node = compiled(scope, tableName, filter)
  const [seen] = written.length === 0 ? [] : await tx.query<BodyRow>(bodyOfSql(node, written, false))
  const records: { readonly _id: string; readonly [column: string]: JsonValue }[] = JSON.parse(seen?.body ?? '[]')
  const byId = new Map(records.map(({ _id, ...record }) => [_id, record]))
  const { id: ownId } = planOf(table)
  const keys = visibleColumns(scope, table).filter(({ column }) => column.primary_key === true)
  return rows.flatMap(({ op, record_id: id, at, before }): readonly LiveChange[] => {
    const record = byId.get(id)
    if (op !== 'delete') return record ? [{ type: types[op], table: tableName, id, record, old: null, at }] : []
    // Whose a deleted record was nobody can look up; it is told where everybody may read all of them.
    if (permission.kind !== 'all') return []
    const old = Object.fromEntries(
      keys.map(({ name, key }) => [name, name === ownId?.name ? id : (before?.[key] ?? null)]),
    )
    return [{ type: 'DELETE', table: tableName, id, record: null, old, at }]
  })
}

/** Nothing but its conditions counts of an address: what is told of a record is for the rules to say. */
function compiled(scope: RestScope, tableName: string, filter: string) {
  const { root, embedded } = parseQuery(filter)
  if (filter !== '' && root.filters.length === 0) throw parseError('A filter is written "column=eq.value".')
  const all = parseQuery('select=_id,*')
  return compileQuery(scope, tableAt(scope, tableName), {
    ...all,
    root: { ...all.root, filters: root.filters },
    embedded,
  })
}

async function* nothing(): AsyncGenerator<LiveChange> {}

/** Rung while nobody waits, it rings for who comes next. */
function createBell() {
  let isRinging = true
  let wake: () => void = () => undefined
  return {
    ring() {
      isRinging = true
      wake()
    },
    /** Whether it was, since it was last asked. */
    isRung() {
      const was = isRinging
      isRinging = false
      return was
    },
    /** When it rings, or after so many milliseconds. */
    next: (longest: number) =>
      new Promise<void>((resolve) => {
        if (isRinging) return resolve()
        const timer = setTimeout(resolve, longest)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
