import { useApi } from '@renderer/bridge/api'
import { keepPreviousData, useQuery } from '@tanstack/react-query'

export interface Person {
  readonly id: string
  readonly email: string
}

/** The project's people whose address or name has `search` in it, newest first; at most a page of them. */
export function usePeople(databaseId: string, search = ''): readonly Person[] {
  const { query } = useApi()
  const { data } = useQuery({
    ...query.endUsers.list.queryOptions({ input: { databaseId, ...(search === '' ? {} : { search }) } }),
    retry: false,
    placeholderData: keepPreviousData,
  })
  return data?.users ?? []
}
