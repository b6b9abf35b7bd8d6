import { useApi } from '@renderer/bridge/api'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { versionPath } from './version-path'

/** Newest first, a page at a time. */
export function useVersions(databaseId: string) {
  const { query } = useApi()
  return useInfiniteQuery(
    query.schema.versions.infiniteOptions({
      input: (cursor: string | undefined) => ({ databaseId, ...(cursor === undefined ? {} : { cursor }) }),
      initialPageParam: undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      staleTime: 0,
    }),
  )
}

/** From one version to another; asks nothing while there is nothing to compare. */
export function useVersionPath(databaseId: string, compared: { readonly from: number; readonly to: number } | null) {
  const { client, query } = useApi()
  return useQuery({
    queryKey: [...query.schema.version.key(), 'path', databaseId, compared?.from, compared?.to],
    enabled: compared !== null,
    queryFn: ({ signal }) => versionPath(client, databaseId, compared?.from ?? 0, compared?.to ?? 0, signal),
    placeholderData: (last) => last,
    staleTime: Number.POSITIVE_INFINITY,
  })
}
