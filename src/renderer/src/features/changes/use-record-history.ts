import { useApi } from '@renderer/bridge/api'
import { useInfiniteQuery } from '@tanstack/react-query'

/** The record whose history it is; it may be deleted. */
export interface HistoryOf {
  readonly databaseId: string
  readonly tableName: string
  readonly recordId: string
}

/** The changes of a record, newest first, a page at a time. `ProjectEvents` asks again when records change. */
export function useRecordHistory({ databaseId, tableName, recordId }: HistoryOf) {
  const { query } = useApi()
  return useInfiniteQuery(
    query.changes.history.infiniteOptions({
      input: (cursor: string | undefined) => ({
        params: { databaseId, recordId },
        query: { table: tableName, ...(cursor === undefined ? {} : { cursor }) },
      }),
      initialPageParam: undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      // What was shown when the panel was last open says nothing about now.
      gcTime: 0,
    }),
  )
}
