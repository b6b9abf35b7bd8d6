import { useApi, useDatabaseChanges } from '@renderer/bridge/api'
import { usePaced } from '@renderer/bridge/use-paced'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'

/** An import makes thousands of changes a second; counts follow at this pace. */
const countsPaceMs = 1000
const historyPaceMs = 250

/** Asks again for what a change elsewhere has made old: tables, the overview, the project's name. */
export function ProjectEvents({ databaseId }: { readonly databaseId: string }) {
  const { query } = useApi()
  const queryClient = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  /** The overview, and how many records each table has. */
  function refreshCounts() {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      void queryClient.invalidateQueries({ queryKey: query.databases.get.key({ input: { databaseId } }) })
      void queryClient.invalidateQueries({ queryKey: query.databases.audit.key() })
      refreshTables()
    }, countsPaceMs)
  }
  const refreshHistory = usePaced(
    () => void queryClient.invalidateQueries({ queryKey: query.changes.history.key() }),
    historyPaceMs,
  )
  function refreshTables() {
    void queryClient.invalidateQueries({ queryKey: query.tables.list.key({ input: { databaseId } }) })
  }
  function refreshProjects() {
    void queryClient.invalidateQueries({ queryKey: query.projects.key() })
  }

  useDatabaseChanges(databaseId, {
    onChange({ kind }) {
      refreshCounts()
      if (kind === 'records') refreshHistory()
      if (kind === 'tables') refreshTables()
      if (kind === 'project') refreshProjects()
    },
    onReopen() {
      refreshCounts()
      refreshHistory()
      refreshTables()
      refreshProjects()
    },
  })
  return null
}
