import { useApi, useDatabaseChanges } from '@renderer/bridge/api'
import { usePaced } from '@renderer/bridge/use-paced'
import type { TableRecord } from '@shared/contract/records.contract'
import type { Filter, Sort } from '@shared/domain/filter'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { RecordPages } from './record-pages'
import { type Counted, settleRowCount } from './row-count'
import { useRecordCount } from './use-record-count'

export interface RecordsSource {
  readonly databaseId: string
  readonly tableId: string
  readonly tableName: string
  /** Records that were read under other columns, or as other types, are asked for again. */
  readonly columns: readonly ColumnSchema[]
  readonly filter: Filter | undefined
  readonly sort: readonly Sort[]
}

export interface Records {
  readonly pages: RecordPages<TableRecord>
  readonly version: number
  readonly count: Counted
  /** The count has been answered, or the end has been seen. */
  readonly counted: boolean
  /** Milliseconds the last page took. */
  readonly time: number | null
  readonly countExactly: () => void
  /** An exact count that was asked for is on its way. */
  readonly counting: boolean
  readonly cancelCount: () => void
  readonly refresh: () => void
}

/** The first change is read at once; those that follow it closely are read together, so often. */
const refreshPaceMs = 100

/**
 * The records of a table in windows, their number, and both again when somebody changes them. `expected` is how many the
 * table is said to have: there are so many rows until it is known better, so that nothing jumps.
 */
export function useRecordPages(source: RecordsSource, expected: number): Records {
  const { client } = useApi()
  const { databaseId, tableId, tableName, columns, filter, sort } = source
  const shape = columns.map(({ name, type }) => [name, type])
  const key = JSON.stringify([databaseId, tableName, shape, filter, sort])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the value of columns, filter and sort
  const pages = useMemo(
    () =>
      new RecordPages<TableRecord>(async ({ offset, limit, signal }) => {
        const answer = await client.records.query(
          { databaseId, tableName, filters: filter, sort: [...sort], offset, limit },
          { signal },
        )
        return answer.records.filter(isRecord)
      }),
    [client, key],
  )
  useEffect(() => () => pages.close(), [pages])
  const version = useSyncExternalStore(pages.subscribe, pages.version)

  const { counted, countExactly, counting, cancelCount, recountSoon } = useRecordCount(source, key, pages.answered)
  const refresh = useCallback(() => {
    pages.refresh()
    recountSoon()
  }, [pages, recountSoon])

  const refreshSoon = usePaced(refresh, refreshPaceMs)
  useDatabaseChanges(databaseId, {
    onChange(change) {
      if (change.kind === 'records' && (change.tableId === tableId || change.tableId === null)) refreshSoon()
    },
    onReopen: refreshSoon,
  })

  const waiting = useWaiting(pages, !pages.answered && pages.error === null)
  const isExpected = pages.answered ? filter === undefined : waiting
  // Where nothing could be read there are no rows, whatever their number was.
  const known = pages.answered ? counted : null
  const count = settleRowCount(known ?? (isExpected ? { count: Math.max(0, expected), estimated: true } : null), {
    end: pages.end,
    known: pages.known,
  })
  useEffect(() => {
    // An estimate that was too high: the last page came back empty, so only counting tells.
    if (counted?.estimated && pages.answered && pages.emptyPastEnd) countExactly()
  })
  return {
    pages,
    version,
    count,
    counted: counted !== null || pages.end !== null,
    time: pages.time,
    countExactly,
    counting,
    cancelCount,
    refresh,
  }
}

/** Rows that come sooner than this (ms) are not drawn twice: first as skeletons, and then as they are. */
const patience = 150

/** True when these pages have been waited for a while. */
function useWaiting(pages: RecordPages<TableRecord>, isOpen: boolean): boolean {
  const [late, setLate] = useState<RecordPages<TableRecord> | null>(null)
  useEffect(() => {
    if (!isOpen) return
    const timer = setTimeout(() => setLate(pages), patience)
    return () => clearTimeout(timer)
  }, [pages, isOpen])
  return isOpen && late === pages
}

/** The two marks of a whole record; its values are JSON by contract. */
function isRecord(record: { readonly [name: string]: unknown }): record is TableRecord {
  return typeof record._id === 'string' && typeof record._revision === 'number'
}
