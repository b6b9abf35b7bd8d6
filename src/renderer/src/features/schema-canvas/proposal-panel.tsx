import { Button, IconButton } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import { Check, X } from 'lucide-react'
import { useReactFlow } from 'reactflow'
import { useActions } from './canvas-actions'
import type { DraftState } from './draft-store'
import { openChanges, type ProposedChange, tablesOf } from './proposal'
import { showTable } from './show-table'

/** What is suggested, change by change: each is accepted or refused, or all together. */
export function ProposalPanel({ proposal }: { readonly proposal: NonNullable<DraftState['proposal']> }) {
  const { store } = useActions()
  const open = openChanges(proposal)
  const fitting = open.filter(({ id }) => !proposal.problems.has(id)).length

  function accept(id: string) {
    try {
      store.accept(id)
    } catch (error) {
      toast.error(error instanceof Error ? error.message : String(error))
    }
  }

  return (
    <section
      aria-label="Proposed changes"
      className="flex max-h-[45%] shrink-0 flex-col border-b border-border bg-bg-subtle"
    >
      <div className="flex items-start gap-2 px-3 pt-2.5 pb-2">
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold">{proposal.title}</h2>
          <p className="text-sm text-text-muted">{countOf(open.length, 'proposed change')}</p>
        </div>
        <Button size="sm" onClick={() => store.refuseAll()}>
          Refuse all
        </Button>
        <Button size="sm" variant="primary" disabled={fitting === 0} onClick={() => store.acceptAll()}>
          Accept all
        </Button>
      </div>
      <ul className="min-h-0 flex-1 overflow-y-auto px-1.5 pb-1.5">
        {proposal.changes.map((change) => (
          <ChangeItem
            key={change.id}
            change={change}
            problem={proposal.problems.get(change.id) ?? null}
            onAccept={() => accept(change.id)}
            onRefuse={() => store.refuse(change.id)}
          />
        ))}
      </ul>
    </section>
  )
}

interface ChangeItemProps {
  readonly change: ProposedChange
  readonly problem: string | null
  readonly onAccept: () => void
  readonly onRefuse: () => void
}

function ChangeItem({ change, problem, onAccept, onRefuse }: ChangeItemProps) {
  const { ui } = useActions()
  const flow = useReactFlow()
  const open = change.state === 'open'
  const [table] = tablesOf(change.edit)
  return (
    <li className="flex min-h-8 items-center gap-1 rounded-md px-1.5 hover:bg-bg-hover">
      <button
        type="button"
        className={cn(
          'min-w-0 flex-1 py-1 text-left',
          !open && 'text-text-muted',
          change.state === 'refused' && 'line-through',
        )}
        onClick={() => table !== undefined && showTable(flow, ui, table)}
      >
        <span className="block break-words">{change.words}</span>
        {open && problem ? <span className="block text-sm text-danger">{problem}</span> : null}
      </button>
      {open ? (
        <>
          <IconButton
            label={`Accept: ${change.words}`}
            tooltip="Accept"
            icon={Check}
            size="sm"
            disabled={problem !== null}
            onClick={onAccept}
          />
          <IconButton label={`Refuse: ${change.words}`} tooltip="Refuse" icon={X} size="sm" onClick={onRefuse} />
        </>
      ) : (
        <span className="shrink-0 text-sm text-text-muted">{change.state === 'accepted' ? 'Accepted' : 'Refused'}</span>
      )}
    </li>
  )
}
