import { useApi } from '@renderer/bridge/api'
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'

export type UserState = 'all' | 'confirmed' | 'unconfirmed' | 'banned'

/** Users of one page of the list. */
const pageSize = 100

/** The people of the project's app, newest first, a page at a time. */
export function useUsers(databaseId: string, search: string, state: UserState) {
  const { query } = useApi()
  const list = useInfiniteQuery({
    ...query.endUsers.list.infiniteOptions({
      input: (offset: number) => ({ databaseId, search, state, offset, limit: pageSize }),
      initialPageParam: 0,
      getNextPageParam: (last, pages) => {
        const read = pages.reduce((sum, page) => sum + page.users.length, 0)
        return read < last.total && last.users.length > 0 ? read : undefined
      },
    }),
    placeholderData: keepPreviousData,
  })
  return {
    ...list,
    users: list.data?.pages.flatMap((page) => page.users),
    total: list.data?.pages.at(-1)?.total ?? 0,
  }
}

export function useUser(databaseId: string, userId: string | null) {
  const { query } = useApi()
  return useQuery({
    ...query.endUsers.get.queryOptions({ input: { databaseId, userId: userId ?? '' } }),
    enabled: userId !== null,
  })
}

/** Everything that shows users asks again. */
export function useSettleUsers() {
  const { query } = useApi()
  const queryClient = useQueryClient()
  return () => queryClient.invalidateQueries({ queryKey: query.endUsers.key() })
}
