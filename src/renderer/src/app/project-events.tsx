import { useApi, useEventStream } from '@renderer/bridge/api'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'

/** An import makes thousands of changes a second; the overview follows at this pace. */
const overviewPaceMs = 1000

/** Asks again for what a change elsewhere has made old: tables, the overview, the project's name. */
export function ProjectEvents({ databaseId }: { readonly databaseId: string }) {
  const { client, query } = useApi()
  const queryClient = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  function refreshOverview() {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      void queryClient.invalidateQueries({ queryKey: query.databases.get.key({ input: { databaseId } }) })
    }, overviewPaceMs)
  }
  function refreshTables() {
    void queryClient.invalidateQueries({ queryKey: query.tables.list.key({ input: { databaseId } }) })
  }
  function refreshProjects() {
    void queryClient.invalidateQueries({ queryKey: query.projects.key() })
  }

  useEventStream({
    key: databaseId,
    open: (signal) => client.databases.watch({ databaseId }, { signal }),
    onEvent({ kind }) {
      refreshOverview()
      if (kind === 'tables') refreshTables()
      if (kind === 'project') refreshProjects()
    },
    onReopen() {
      refreshOverview()
      refreshTables()
      refreshProjects()
    },
  })
  return null
}
