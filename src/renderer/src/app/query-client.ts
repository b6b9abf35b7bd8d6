import { QueryClient } from '@tanstack/react-query'

/**
 * What is shown is refreshed by the change events of `databases.watch`, so nothing is asked again on its own: not on
 * focus, not on reconnect (the streams' `onReopen` does that), not by a timer. Errors are shown at once, where they
 * happen; people retry.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 60_000,
        gcTime: 10 * 60_000,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        // The carrier is no internet connection: a laptop without network still talks to its own studio.
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}
