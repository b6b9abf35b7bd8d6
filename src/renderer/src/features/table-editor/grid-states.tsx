import { toAppError } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { ListFilter, Plus, Rows3 } from 'lucide-react'
import type { ReactNode } from 'react'

export interface GridStatesProps {
  readonly tableName: string
  /** Why the records could not be read; null when they were. */
  readonly failure: unknown
  readonly isEmpty: boolean
  /** For the first answer, or for the record that is being written. */
  readonly waiting: boolean
  /** How many filters there are. */
  readonly chips: number
  readonly onRetry: () => void
  readonly onClearFilters: () => void
  readonly onNewRecord: () => void
}

/** Over the grid: why it has no rows, or why they are old. */
export function GridStates(props: GridStatesProps) {
  const { tableName, failure, chips } = props
  if (failure !== null && props.isEmpty)
    return (
      <Covering>
        <ErrorState error={failure} title="The records could not be read" onRetry={props.onRetry} />
      </Covering>
    )
  if (failure !== null)
    return (
      <div
        role="alert"
        className="absolute bottom-3 left-1/2 z-20 flex max-w-[90%] -translate-x-1/2 items-center gap-3 rounded-lg border border-border bg-bg-raised py-1.5 pr-1.5 pl-3 shadow-float"
      >
        <span className="text-danger">{toAppError(failure).message}</span>
        <Button size="sm" onClick={props.onRetry}>
          Try again
        </Button>
      </div>
    )
  if (!props.isEmpty || props.waiting) return null
  return (
    <Covering>
      {chips > 0 ? (
        <EmptyState
          icon={ListFilter}
          title="Nothing matches"
          action={<Button onClick={props.onClearFilters}>Clear filters</Button>}
        >
          No record of {tableName} meets {chips === 1 ? 'this filter' : 'these filters'}.
        </EmptyState>
      ) : (
        <EmptyState
          icon={Rows3}
          title="No records yet"
          action={
            <Button variant="primary" icon={Plus} onClick={props.onNewRecord}>
              New record
            </Button>
          }
        >
          A record is a row of {tableName}. Add the first one here or through the API.
        </EmptyState>
      )}
    </Covering>
  )
}

/** Lies over the empty grid, under its header. */
function Covering({ children }: { readonly children: ReactNode }) {
  return (
    <div className="pointer-events-none absolute inset-0 top-9 flex items-center justify-center *:pointer-events-auto">
      {children}
    </div>
  )
}
