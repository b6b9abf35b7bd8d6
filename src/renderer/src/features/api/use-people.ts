import { useApi } from '@renderer/bridge/api'
import { useQuery } from '@tanstack/react-query'

/** The project's people, to act as one of them; at most a page of them. */
export function usePeople(databaseId: string): readonly { readonly id: string; readonly email: string }[] {
  const { query } = useApi()
  const { data } = useQuery(
    query.records.query.queryOptions({
      input: { databaseId, tableName: 'users', select: ['email'], limit: 50, count: 'none' },
      retry: false,
    }),
  )
  return (data?.records ?? []).map((record) => ({ id: String(record._id), email: String(record.email ?? record._id) }))
}
