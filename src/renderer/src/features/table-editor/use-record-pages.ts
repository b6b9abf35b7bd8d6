import { toAppError, useApi, useDatabaseChanges } from '@renderer/bridge/api'
import { usePaced } from '@renderer/bridge/use-paced'
import { toast } from '@renderer/ui/toast'
import type { TableRecord } from '@shared/contract/records.contract'
import type { Filter, Sort } from '@shared/domain/filter'
import type { ColumnSchema } from '@shared/domain/table-schema'
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { RecordPages } from './record-pages'
import { type Counted, settleRowCount } from './row-count'

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

/** Up to here an estimate is followed by the exact number without asking; beyond it counting is a person's wish. */
const countedAlone = 200_000

/** The first change is read at once; those that follow it closely are read together, so often. */
const refreshPaceMs = 100

/** Their number is news of less hurry. */
const countPaceMs = 500

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

  const { counted, countExactly, counting, cancelCount, recount } = useCount(source, key, pages.answered)
  const recountSoon = usePaced(recount, countPaceMs)
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

/** Rows first: they are not kept waiting by their number. */
function useCount({ databaseId, tableName, filter }: RecordsSource, key: string, rowsAreHere: boolean) {
  const { client } = useApi()
  const [counted, setCounted] = useState<{ readonly key: string; readonly count: Counted } | null>(null)
  const [counting, setCounting] = useState(false)
  const running = useRef<{ readonly key: string; readonly abort: AbortController; again: boolean }>(undefined)
  const latest = useRef({ databaseId, tableName, filter })
  latest.current = { databaseId, tableName, filter }
  const ask = useCallback(
    async (how: 'estimated' | 'exact', forKey: string, isAsked = false): Promise<void> => {
      running.current?.abort.abort()
      const run = { key: forKey, abort: new AbortController(), again: false }
      running.current = run
      const { signal } = run.abort
      const { filter: filters, ...table } = latest.current
      const count = async (mode: 'estimated' | 'exact') => {
        const answer = await client.records.count({ ...table, filters, mode }, { signal })
        if (signal.aborted) return null
        const found = { count: answer.count, estimated: answer.countEstimated === true }
        setCounted({ key: forKey, count: found })
        return found
      }
      try {
        const found = await count(how)
        if (found?.estimated && found.count < countedAlone) await count('exact')
      } catch (error) {
        // Rows are shown without their number; the page itself says when the server is out of reach.
        run.again = false
        if (isAsked && !signal.aborted) toast.error(`The records were not counted. ${toAppError(error).message}`)
      }
      if (running.current !== run) return
      running.current = undefined
      if (run.again) await ask('estimated', forKey)
    },
    [client],
  )
  useEffect(() => {
    if (!rowsAreHere) return
    void ask('estimated', key)
    return () => {
      running.current?.abort.abort()
      running.current = undefined
    }
  }, [ask, key, rowsAreHere])
  return {
    counted: counted?.key === key ? counted.count : null,
    countExactly: useCallback(async () => {
      setCounting(true)
      await ask('exact', key, true)
      setCounting(false)
    }, [ask, key]),
    counting,
    cancelCount: useCallback(() => {
      running.current?.abort.abort()
      running.current = undefined
      setCounting(false)
    }, []),
    /** A count that is on its way ends first: where somebody writes all the time, none would. */
    recount: useCallback(() => {
      const { current } = running
      if (current?.key === key) current.again = true
      else void ask('estimated', key)
    }, [ask, key]),
  }
}

/** The two marks of a whole record; its values are JSON by contract. */
function isRecord(record: { readonly [name: string]: unknown }): record is TableRecord {
  return typeof record._id === 'string' && typeof record._revision === 'number'
}
