import { useApi } from '@renderer/bridge/api'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { lastPlace } from './preferences'

/**
 * Asks at once for what the first page will show. Its parts ask for the same when they are drawn, one after the other:
 * the session, then the projects, then the tables, each a round trip and a drawing later.
 */
export function PrefetchPlace() {
  const { query } = useApi()
  const queryClient = useQueryClient()
  useEffect(() => {
    const { pathname } = window.location
    const projectId = projectOf(pathname === '/' ? (lastPlace.read() ?? '') : pathname)
    const ask = async () => {
      const { projects } = await queryClient.fetchQuery(query.projects.list.queryOptions({ input: {} }))
      const databaseId = projects.find(({ id }) => id === projectId)?.database_id
      if (databaseId) await queryClient.prefetchQuery(query.tables.list.queryOptions({ input: { databaseId } }))
    }
    void queryClient.prefetchQuery(query.session.get.queryOptions())
    // What fails here is asked for again by the part that shows it, and that says so.
    ask().catch(() => undefined)
  }, [query, queryClient])
  return null
}

function projectOf(path: string): string | undefined {
  return /^\/projects\/([^/]+)/.exec(path)?.[1]
}
