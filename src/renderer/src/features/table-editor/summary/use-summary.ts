import { useApi, useDatabaseChanges } from '@renderer/bridge/api'
import { usePaced } from '@renderer/bridge/use-paced'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { GridColumn } from '../grid-column'
import type { RecordsSource } from '../use-record-pages'

/** More records are summed up when somebody asks for it. */
const summedAlone = 100_000
const refreshMs = 2000

/** Each column at a glance, for what the filter shows; asked for anew when records change. */
export function useSummary(source: RecordsSource, columns: readonly GridColumn[], records: number, shown: boolean) {
  const { query } = useApi()
  const queryClient = useQueryClient()
  const { databaseId, tableId, tableName, filter } = source
  const names = columns.filter(({ secret }) => !secret).map(({ name }) => name)
  const key = JSON.stringify([tableName, filter])
  const [wanted, setWanted] = useState<string | null>(null)
  const enabled = shown && names.length > 0 && records > 0 && (records <= summedAlone || wanted === key)
  const options = query.records.summary.queryOptions({
    input: { databaseId, tableName, filters: filter, columns: names },
  })
  const found = useQuery({ ...options, enabled, staleTime: 0, retry: false })
  const refresh = usePaced(() => {
    if (enabled) void queryClient.invalidateQueries({ queryKey: options.queryKey })
  }, refreshMs)
  useDatabaseChanges(shown ? databaseId : null, {
    onChange(change) {
      if (change.kind === 'records' && (change.tableId === tableId || change.tableId === null)) refresh()
    },
    onReopen: refresh,
  })
  return {
    summaries: found.data?.columns ?? null,
    records: found.data?.records ?? null,
    running: found.isFetching,
    error: found.error,
    /** Nobody has asked yet, and it is too much to do by itself. */
    asksFirst: !enabled && records > summedAlone,
    ask: () => setWanted(key),
    cancel() {
      setWanted(null)
      void queryClient.cancelQueries({ queryKey: options.queryKey })
    },
  }
}

export type Summary = ReturnType<typeof useSummary>
