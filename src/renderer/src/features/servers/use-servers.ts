import { useApi } from '@renderer/bridge/api'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { builtIn } from './server-words'

/** The servers that this studio knows, and the one it works on. */
export function useServers() {
  const { query } = useApi()
  const queryClient = useQueryClient()
  const options = query.servers.list.queryOptions()
  const { data, error, refetch } = useQuery(options)
  return {
    data,
    error,
    refetch,
    nameOf: (id: string | null) =>
      id === null ? builtIn : (data?.servers.find((one) => one.id === id)?.name ?? 'Server'),
    refresh: () => queryClient.invalidateQueries({ queryKey: options.queryKey }),
  }
}
