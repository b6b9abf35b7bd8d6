import { useApi } from '@renderer/bridge/api'
import { ErrorState } from '@renderer/ui/error-state'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { SignInPage } from './sign-in-page'

/** On a shared server somebody has to sign in first; the embedded one has its owner. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { query } = useApi()
  const session = useQuery(query.session.get.queryOptions())
  if (session.data) return session.data.user === null ? <SignInPage /> : children
  if (session.error)
    return (
      <main className="h-full">
        <ErrorState
          error={session.error}
          title="The studio could not be opened"
          page
          onRetry={() => void session.refetch()}
        />
      </main>
    )
  return <main aria-busy className="h-full" />
}
