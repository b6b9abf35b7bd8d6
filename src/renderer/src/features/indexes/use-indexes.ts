import { useApi } from '@renderer/bridge/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'

/** While something is being built or moved, this often (ms). */
const pace = 1000

/** The indexes of a table, what could be one, and where its records are; followed while that changes. */
export function useIndexes(table: { readonly databaseId: string; readonly tableId: string }) {
  const { query } = useApi()
  const queryClient = useQueryClient()
  const options = query.indexes.list.queryOptions({
    input: table,
    // Sizes and counts are those of now.
    staleTime: 0,
    refetchInterval: ({ state: { data } }) =>
      data && (data.storage.moving || data.indexes.some(({ state }) => state === 'planned')) ? pace : false,
  })
  const found = useQuery(options)
  return { ...found, refresh: () => queryClient.invalidateQueries({ queryKey: options.queryKey }) }
}
