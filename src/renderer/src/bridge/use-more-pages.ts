import { useEffect, useState } from 'react'

export interface PagedQuery {
  readonly data: { readonly pages: readonly unknown[] } | undefined
  readonly hasNextPage: boolean
  readonly isFetching: boolean
  readonly isFetchNextPageError: boolean
  readonly fetchNextPage: () => Promise<unknown>
}

/**
 * Asks for one more page and stays with the wish: a refresh of what is shown, which an event may begin at any moment,
 * cancels a page that is on its way.
 */
export function useMorePages({ data, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage }: PagedQuery) {
  const [wanted, setWanted] = useState(1)
  const pages = data?.pages.length ?? 0
  const waiting = pages > 0 && pages < wanted && hasNextPage && !isFetchNextPageError
  useEffect(() => {
    if (waiting && !isFetching) void fetchNextPage()
  }, [waiting, isFetching, fetchNextPage])
  return {
    /** A page was asked for and is not here yet. */
    waiting,
    readMore() {
      setWanted(pages + 1)
      if (isFetchNextPageError) void fetchNextPage()
    },
  }
}
