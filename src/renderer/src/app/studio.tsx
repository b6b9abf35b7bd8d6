import { ApiProvider, type Bridge } from '@renderer/bridge/api'
import { SessionGate } from '@renderer/features/session/session-gate'
import { StartupGate } from '@renderer/features/startup/startup-gate'
import { Toaster } from '@renderer/ui/toast'
import { TooltipProvider } from '@renderer/ui/tooltip'
import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { RouterProvider } from 'react-router'
import { PrefetchPlace } from './prefetch-place'
import { createQueryClient } from './query-client'
import { createRouter } from './routes'

/** The whole window: first the server has to run and somebody has to be signed in, then there are pages. */
export function Studio({ bridge }: { readonly bridge: Bridge }) {
  const [queryClient] = useState(createQueryClient)
  const [router] = useState(createRouter)
  return (
    <ApiProvider bridge={bridge}>
      <QueryClientProvider client={queryClient}>
        <PrefetchPlace />
        <TooltipProvider>
          <StartupGate>
            <SessionGate>
              {/* A page that was chosen is drawn in one go: in the slices of a transition its first rows take longer. */}
              <RouterProvider router={router} useTransitions={false} />
            </SessionGate>
          </StartupGate>
          <Toaster />
        </TooltipProvider>
      </QueryClientProvider>
    </ApiProvider>
  )
}
