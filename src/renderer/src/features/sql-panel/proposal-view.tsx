import { Button } from '@renderer/ui/button'
import { Skeleton } from '@renderer/ui/skeleton'
import { lazy, Suspense, useEffect, useRef } from 'react'
import type { Proposal } from './panel-state'

const DiffEditor = lazy(async () => ({ default: (await import('./diff-editor')).DiffEditor }))

/** A text that somebody else proposes, as a difference to what is there. Nothing of it counts before it is accepted. */
export function ProposalView(props: {
  readonly text: string
  readonly proposal: Proposal
  readonly onAccept: () => void
  readonly onRefuse: () => void
}) {
  const box = useRef<HTMLElement>(null)
  useEffect(() => box.current?.focus(), [])
  return (
    <section
      ref={box}
      aria-label="Proposed change"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: Tab and Enter accept, Escape refuses
      tabIndex={0}
      className="flex h-full min-h-0 flex-col outline-none"
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return
        if (event.key === 'Tab' || event.key === 'Enter') props.onAccept()
        else if (event.key === 'Escape') props.onRefuse()
        else return
        event.preventDefault()
        event.stopPropagation()
      }}
    >
      <div className="flex shrink-0 items-center gap-2 border-b border-border bg-accent-subtle px-3 py-1.5">
        <p className="min-w-0 flex-1 truncate">{props.proposal.note || 'A change is proposed.'}</p>
        <Button size="sm" onClick={props.onRefuse}>
          Refuse
        </Button>
        <Button size="sm" variant="primary" onClick={props.onAccept}>
          Accept change
        </Button>
      </div>
      <div className="min-h-0 flex-1">
        <Suspense fallback={<Skeleton className="m-3 h-4 w-64" />}>
          <DiffEditor original={props.text} modified={props.proposal.text} />
        </Suspense>
      </div>
    </section>
  )
}
