import { toAppError, useApi } from '@renderer/bridge/api'
import { useEffect, useRef, useState } from 'react'
import type { RecordsSource } from '../use-record-pages'

/** A place where the text is: a cell. */
export interface FoundCell {
  readonly row: number
  readonly column: string
}

interface Found {
  readonly text: string
  readonly cells: readonly FoundCell[]
  /** Records that hold the text, and whether there are more than are counted. */
  readonly records: number
  readonly more: boolean
  readonly cursor: string | null
}

/** Typing is followed when it rests for so long. */
const restMs = 180
const pageSize = 500

/** Where a text occurs in what is shown, cell by cell, as far as it was stepped through. */
export function useFind(source: RecordsSource, columns: readonly string[], text: string | null) {
  const { client } = useApi()
  const { databaseId, tableName, filter, sort } = source
  const [found, setFound] = useState<Found | null>(null)
  const [at, setAt] = useState(0)
  const [failure, setFailure] = useState<string | null>(null)
  const [running, setRunning] = useState(false)
  const flight = useRef<AbortController>(undefined)
  const key = JSON.stringify([tableName, filter, sort, columns, text])
  const input = { databaseId, tableName, filters: filter, sort: [...sort], columns: [...columns] }

  async function ask(wanted: string, before: Found | null): Promise<Found | null> {
    flight.current?.abort()
    const abort = new AbortController()
    flight.current = abort
    setRunning(true)
    try {
      const page = await client.records.find(
        { ...input, text: wanted, limit: pageSize, ...(before?.cursor ? { cursor: before.cursor } : {}) },
        { signal: abort.signal },
      )
      const next = page.hits.flatMap(({ position, columns: names }) =>
        columns.filter((name) => names.includes(name)).map((column) => ({ row: position, column })),
      )
      const answer = {
        text: wanted,
        cells: [...(before?.cells ?? []), ...next],
        records: page.total,
        more: page.more,
        cursor: page.nextCursor,
      }
      setFound(answer)
      setFailure(null)
      return answer
    } catch (error) {
      if (!abort.signal.aborted) setFailure(toAppError(error).message)
      return null
    } finally {
      if (flight.current === abort) setRunning(false)
    }
  }

  const latest = useRef(ask)
  latest.current = ask
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the value of everything that is asked with
  useEffect(() => {
    setAt(0)
    if (text === null || text === '') {
      flight.current?.abort()
      setFound(null)
      setRunning(false)
      return
    }
    const timer = setTimeout(() => void latest.current(text, null), restMs)
    return () => clearTimeout(timer)
  }, [key])
  useEffect(() => () => flight.current?.abort(), [])

  return {
    found,
    failure,
    running,
    /** From 0. */
    at,
    cell: found?.cells[at] ?? null,
    /** The next or the previous hit, around the ends. Resolves with it; more are read where they are needed. */
    async step(by: 1 | -1): Promise<FoundCell | null> {
      if (!found || found.cells.length === 0) return null
      let now = found
      let next = at + by
      if (next >= now.cells.length && now.cursor !== null) now = (await ask(now.text, now)) ?? now
      if (next >= now.cells.length) next = 0
      if (next < 0) next = now.cells.length - 1
      setAt(next)
      return now.cells[next] ?? null
    },
  }
}
