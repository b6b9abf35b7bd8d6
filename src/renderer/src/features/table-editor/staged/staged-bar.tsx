import { Button } from '@renderer/ui/button'
import { countOf } from '@renderer/ui/figures'
import { Kbd, keyNames } from '@renderer/ui/kbd'
import { useToastLift } from '@renderer/ui/toast'
import { CircleAlert, GitCompareArrows } from 'lucide-react'
import type { ReactNode } from 'react'
import type { StagingState } from './saving'
import type { StagedCounts } from './staged-edits'

export interface StagedBarProps {
  readonly counts: StagedCounts
  readonly state: StagingState
  /** What is staged survives the window. */
  readonly keeps: boolean
  readonly onSave: () => void
  readonly onReview: () => void
  readonly onDiscard: () => void
  readonly onConflicts: () => void
}

/** Under the grid while something is staged: how much, and what can be done with it. */
export function StagedBar(props: StagedBarProps) {
  const { counts, state, keeps } = props
  const busy = state.kind === 'saving'
  useToastLift(counts.changes > 0)
  if (counts.changes === 0) return null
  return (
    <section
      aria-label="Unsaved changes"
      className="flex min-h-11 shrink-0 items-center gap-x-3 border-t border-border bg-bg-subtle px-3 py-1.5"
    >
      <span className="flex shrink-0 items-center gap-2">
        <span aria-hidden className="size-2 rounded-full bg-warning" />
        <span role="status" className="font-medium tabular-nums">
          {countOf(counts.changes, 'change')}
        </span>
        <span className="text-text-muted tabular-nums max-xl:hidden">{detail(counts)}</span>
      </span>
      <Notice state={state} keeps={keeps} unfit={counts.unfit} />
      <span className="flex-1" />
      <span className="flex shrink-0 items-center gap-2">
        {counts.conflicts > 0 ? (
          <Button size="md" icon={GitCompareArrows} className="text-conflict" onClick={props.onConflicts}>
            Decide {countOf(counts.conflicts, 'conflict')}
          </Button>
        ) : null}
        <Button variant="ghost" disabled={busy || state.kind === 'waiting'} onClick={props.onDiscard}>
          Discard
        </Button>
        <Button onClick={props.onReview}>
          Review
          <Kbd keys="Mod+." className="ml-1 max-xl:hidden" />
        </Button>
        <Button
          variant="primary"
          disabled={busy}
          title={`Save (${keyNames('Mod+S').join('+')})`}
          onClick={props.onSave}
        >
          {busy ? 'Saving' : 'Save'}
        </Button>
      </span>
    </section>
  )
}

function Notice({
  state,
  keeps,
  unfit,
}: {
  readonly state: StagingState
  readonly keeps: boolean
  readonly unfit: number
}) {
  if (state.kind === 'waiting')
    return <Line>Sent, and not answered yet. This goes on when the studio is reached again.</Line>
  if (state.kind === 'refused') return <Line alert>{state.message}</Line>
  if (!keeps) return <Line alert>This browser keeps no unsaved changes: they are lost when the window closes.</Line>
  if (unfit > 0)
    return (
      <Line alert>
        {countOf(unfit, 'cell')} {unfit === 1 ? 'does' : 'do'} not fit and will stay here.
      </Line>
    )
  return null
}

function Line({ alert = false, children }: { readonly alert?: boolean; readonly children: ReactNode }) {
  return (
    <span
      role={alert ? 'alert' : undefined}
      className={alert ? 'flex min-w-0 items-center gap-1.5 text-danger' : 'min-w-0 text-text-muted'}
    >
      {alert ? <CircleAlert aria-hidden className="size-3.5 shrink-0" /> : null}
      <span className="min-w-0">{children}</span>
    </span>
  )
}

function detail({ cells, created, deleted }: StagedCounts): string {
  return [
    cells > 0 ? countOf(cells, 'cell') : null,
    created > 0 ? countOf(created, 'new record') : null,
    deleted > 0 ? countOf(deleted, 'deletion') : null,
  ]
    .filter((part) => part !== null)
    .join(', ')
}
