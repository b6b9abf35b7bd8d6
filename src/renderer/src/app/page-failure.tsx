import { ErrorState } from '@renderer/ui/error-state'
import { useRouteError } from 'react-router'

/** A page that broke. What it was is in the console for whoever looks into it; people get a way on. */
export function PageFailure() {
  const error = useRouteError()
  return (
    <main className="h-full">
      <ErrorState error={error} title="This page could not be shown" page onRetry={() => window.location.reload()} />
    </main>
  )
}
