import { toAppError, useApi } from '@renderer/bridge/api'
import { usePaced } from '@renderer/bridge/use-paced'
import { toast } from '@renderer/ui/toast'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Counted } from './row-count'
import type { RecordsSource } from './use-record-pages'

/**
 * Up to here an estimate is followed by the exact number without asking: a server counts a million records in about
 * 0.15 s. Beyond it counting is a person's wish.
 */
const countedAlone = 2_000_000

/** Milliseconds between two counts while somebody writes: their number is news of less hurry than the records. */
const paceMs = 500
/** A server counts no more than a part of the time. */
const restPerWork = 9

export interface RecordCount {
  /** Null until it has been counted. */
  readonly counted: Counted | null
  readonly countExactly: () => Promise<void>
  /** An exact count that was asked for is on its way. */
  readonly counting: boolean
  readonly cancelCount: () => void
  readonly recountSoon: () => void
}

/** Rows first: they are not kept waiting by their number. */
export function useRecordCount(
  { databaseId, tableName, filter }: RecordsSource,
  key: string,
  rowsAreHere: boolean,
): RecordCount {
  const { client } = useApi()
  const [counted, setCounted] = useState<{ readonly key: string; readonly count: Counted } | null>(null)
  const [counting, setCounting] = useState(false)
  const [tookMs, setTookMs] = useState(0)
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
      const read = async (mode: 'estimated' | 'exact'): Promise<Counted> => {
        const answer = await client.records.count({ ...table, filters, mode }, { signal })
        return { count: answer.count, estimated: answer.countEstimated === true }
      }
      const show = (count: Counted) => {
        if (!signal.aborted) setCounted({ key: forKey, count })
      }
      try {
        const begun = performance.now()
        const found = await read(how)
        if (!found.estimated || found.count > countedAlone) show(found)
        else {
          // Where an exact number stands, it stands until the next one.
          setCounted((last) => (last?.key === forKey || signal.aborted ? last : { key: forKey, count: found }))
          show(await read('exact'))
        }
        setTookMs(performance.now() - begun)
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
    recountSoon: usePaced(
      () => {
        // A count that is on its way ends first: where somebody writes all the time, none would.
        const { current } = running
        if (current?.key === key) current.again = true
        else void ask('estimated', key)
      },
      Math.max(paceMs, tookMs * restPerWork),
    ),
  }
}
