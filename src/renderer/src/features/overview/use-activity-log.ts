import { useApi } from '@renderer/bridge/api'
import { useMorePages } from '@renderer/bridge/use-more-pages'
import { useInfiniteQuery } from '@tanstack/react-query'

/** Everything that is written down about the database, newest first; nothing is asked before it is wanted. */
export function useActivityLog(databaseId: string, wanted: boolean) {
  const { query } = useApi()
  const found = useInfiniteQuery({
    ...query.databases.audit.infiniteOptions({
      input: (cursor: string | undefined) => ({ databaseId, ...(cursor === undefined ? {} : { cursor }) }),
      initialPageParam: undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
    enabled: wanted,
  })
  const { data, error, hasNextPage, isFetching, refetch } = found
  const { waiting, readMore } = useMorePages(found)
  return {
    /** Undefined until the first page is here. */
    entries: data?.pages.flatMap((page) => page.entries),
    hasMore: data ? hasNextPage : undefined,
    error,
    reading: waiting || (!data && isFetching),
    readMore: () => (data ? readMore() : void refetch()),
  }
}
