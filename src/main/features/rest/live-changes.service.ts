import type { JsonValue } from '@shared/json'
import type { StudioDatabase, Transaction } from '../../db/database'
import type { ApiProject } from '../api/api-projects.service'
import { changesChannel, readNotice } from '../audit/notice'
import { noticeKey } from '../databases/recent-changes.service'
import type { ApiCaller } from '../rules/access'
import { openSchema } from '../tables/open-schema.service'
import { type ChangeRow, changesAfterSql, lastChangeSql } from './live-changes.sql'
import { parseQuery } from './request-grammar'
import { compileQuery } from './rest-node.sql'
import { type BodyRow, bodyOfSql } from './rest-read.sql'
import { permissionOf, type RestScope, tableAt } from './rest-scope'

export interface LiveChange {
  readonly type: 'INSERT' | 'UPDATE' | 'DELETE'
  readonly table: string
  readonly id: string
  /** As it is now; null when it was deleted. */
  readonly record: JsonValue
}

export interface LiveOptions {
  /** The caller and the rules as they are now; null ends the stream. */
  readonly fresh: () => Promise<{ readonly project: ApiProject; readonly caller: ApiCaller } | null>
  readonly signal: AbortSignal
}

const page = 200
const types = { insert: 'INSERT', update: 'UPDATE', delete: 'DELETE' } as const

/** What is written to the table from now on. 42501 at once when the caller may not read it at all. */
export async function liveChanges(
  db: StudioDatabase,
  project: ApiProject,
  caller: ApiCaller,
  tableName: string,
  { fresh, signal }: LiveOptions,
): Promise<AsyncIterable<LiveChange>> {
  const inside = <T>(work: (tx: Transaction, scope: RestScope) => Promise<T>, as = { project, caller }) =>
    db.withDatabase(
      project.accountId,
      project.databaseId,
      async (tx, database) => {
        const { tables } = await openSchema(tx, database)
        return work(tx, { projectId: database.project_id, tables, rules: as.project.rules, caller: as.caller })
      },
      { readOnly: true, holdSchema: true, signal },
    )
  let wake: () => void = () => undefined
  let isTold = false
  const told = (): void => {
    isTold = true
    wake()
  }
  const { key, last } = await inside(async (tx, scope) => {
    permissionOf(scope, tableAt(scope, tableName), 'select')
    const [row] = await tx.query<{ id: string }>(lastChangeSql(scope.projectId))
    return { key: await noticeKey(tx), last: row?.id ?? '0' }
  })
  const stop = db.listen(
    changesChannel,
    (payload) => (readNotice(payload, key)?.kind === 'records' ? told() : undefined),
    told,
  )
  signal.addEventListener('abort', told, { once: true })

  async function* changes(): AsyncGenerator<LiveChange> {
    let after = last
    try {
      while (!isAborted(signal)) {
        isTold = false
        const as = await fresh()
        if (as === null) return
        const found = await inside((tx, scope) => read(tx, scope, tableName, after), as)
        yield* found.changes
        after = found.after
        if (found.isMore) continue
        // A transaction that runs longer hides what came after it; it is looked for again before long.
        if (!isTold)
          await new Promise<void>((resolve) => {
            const timer = setTimeout(resolve, 2_000)
            wake = () => {
              clearTimeout(timer)
              resolve()
            }
          })
      }
    } finally {
      stop()
    }
  }
  return changes()
}

async function read(tx: Transaction, scope: RestScope, tableName: string, after: string) {
  const table = tableAt(scope, tableName)
  const permission = permissionOf(scope, table, 'select')
  const rows = await tx.query<ChangeRow>(changesAfterSql(scope.projectId, table.id, after, page))
  const written = [...new Set(rows.filter(({ op }) => op !== 'delete').map(({ record_id }) => record_id))]
  const node = compileQuery(scope, table, parseQuery('select=_id,*'))
  const [seen] = written.length === 0 ? [] : await tx.query<BodyRow>(bodyOfSql(node, written, false))
  const records: { readonly _id: string; readonly [column: string]: JsonValue }[] = JSON.parse(seen?.body ?? '[]')
  const byId = new Map(records.map(({ _id, ...record }) => [_id, record]))
  const changes = rows.flatMap(({ op, record_id: id }): readonly LiveChange[] => {
    const record = byId.get(id)
    if (op !== 'delete') return record ? [{ type: types[op], table: tableName, id, record }] : []
    // Whose a deleted record was nobody can look up; it is told where everybody may read all of them.
    return permission.kind === 'all' ? [{ type: 'DELETE', table: tableName, id, record: null }] : []
  })
  return { changes, after: rows.at(-1)?.id ?? after, isMore: rows.length === page }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
