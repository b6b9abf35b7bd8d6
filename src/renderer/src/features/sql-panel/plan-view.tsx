import { useTables } from '@renderer/app/current-project'
import { toAppError, useApi } from '@renderer/bridge/api'
import { Badge } from '@renderer/ui/badge'
import { Button } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { countOf, formatCount } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import { Flame, Plus } from 'lucide-react'
import { useState } from 'react'
import { nodesOf, type Plan, type PlanNode, suggestedIndex } from './plan-tree'

/** A plan as a tree, the step that takes most marked; beside it what the chosen step does. */
export function PlanView({ databaseId, plan }: { readonly databaseId: string; readonly plan: Plan }) {
  const [chosen, setChosen] = useState(plan.hot.id)
  const node = [...nodesOf(plan.root)].find(({ id }) => id === chosen) ?? plan.root
  return (
    <div className="flex h-full min-h-0">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached */}
      <section tabIndex={0} aria-label="Plan" className="min-w-0 flex-1 overflow-auto p-4">
        <div className="flex w-max min-w-full justify-center">
          <Branch node={node} root={plan.root} plan={plan} onChoose={setChosen} />
        </div>
      </section>
      <NodeFacts databaseId={databaseId} plan={plan} node={node} />
    </div>
  )
}

function Branch(props: {
  readonly root: PlanNode
  /** The chosen one. */
  readonly node: PlanNode
  readonly plan: Plan
  readonly onChoose: (id: string) => void
}) {
  const { root, plan } = props
  return (
    <div className="flex flex-col items-center">
      <Step {...props} />
      {root.children.length > 0 ? (
        <>
          <span aria-hidden className="h-4 w-px bg-border-strong" />
          <div className="flex items-start">
            {root.children.map((child, index) => (
              <div key={child.id} className="relative flex flex-col items-center px-2 pt-4">
                <span aria-hidden className="absolute top-0 left-1/2 h-4 w-px bg-border-strong" />
                {root.children.length > 1 ? (
                  <span
                    aria-hidden
                    className={cn(
                      'absolute top-0 h-px bg-border-strong',
                      index === 0
                        ? 'right-0 left-1/2'
                        : index === root.children.length - 1
                          ? 'right-1/2 left-0'
                          : 'inset-x-0',
                    )}
                  />
                ) : null}
                <Branch root={child} node={props.node} plan={plan} onChoose={props.onChoose} />
              </div>
            ))}
          </div>
        </>
      ) : null}
    </div>
  )
}

function Step(props: Parameters<typeof Branch>[0]) {
  const { root, node, plan } = props
  const isHot = root.id === plan.hot.id
  const rows = root.actualRows ?? root.rows
  const misjudged = root.actualRows !== null && ratio(root.actualRows, root.rows) >= 10
  return (
    <button
      type="button"
      aria-pressed={root.id === node.id}
      className={cn(
        'relative flex w-52 flex-col gap-1 overflow-hidden rounded-md border bg-bg-raised px-3 py-2 text-left transition-colors hover:bg-bg-hover',
        isHot ? 'border-danger' : 'border-border-strong',
        root.id === node.id && 'ring-2 ring-focus',
      )}
      onClick={() => props.onChoose(root.id)}
    >
      <span className="flex items-center gap-1.5">
        {isHot ? <Flame aria-label="Takes most" className="size-3.5 shrink-0 text-danger" /> : null}
        <span className="truncate font-medium">{root.type}</span>
        <span className="ml-auto shrink-0 text-sm tabular-nums text-text-muted">{Math.round(root.share * 100)} %</span>
      </span>
      <span className="truncate font-mono text-sm text-text-muted">{root.table ?? '\u00a0'}</span>
      <span className="flex items-center gap-1.5 text-sm tabular-nums text-text-muted">
        <span>{plan.isMeasured ? `${figure(root.own)} ms` : `cost ${figure(root.own)}`}</span>
        <span className={cn('ml-auto', misjudged && 'text-warning')}>{count(rows)}</span>
      </span>
      <span
        aria-hidden
        className={cn('absolute bottom-0 left-0 h-1', isHot ? 'bg-danger' : 'bg-accent')}
        style={{ width: `${Math.max(1, root.share * 100)}%` }}
      />
    </button>
  )
}

function NodeFacts(props: { readonly databaseId: string; readonly plan: Plan; readonly node: PlanNode }) {
  const { plan, node } = props
  const { client } = useApi()
  const tables = useTables()
  const suggestion = suggestedIndex(node)
  const table = tables.find(({ table_name }) => table_name === suggestion?.table)
  const [state, setState] = useState<{ readonly id: string; readonly state: 'busy' | 'added' } | null>(null)
  const added = state?.id === node.id ? state.state : null

  async function add() {
    if (!suggestion || !table) return
    setState({ id: node.id, state: 'busy' })
    try {
      await client.indexes.create({ databaseId: props.databaseId, tableId: table.id, columns: [...suggestion.columns] })
      setState({ id: node.id, state: 'added' })
      toast.success(`The index on ${suggestion.columns.join(', ')} is being built.`)
    } catch (error) {
      setState(null)
      toast.error(toAppError(error).message)
    }
  }

  return (
    <aside
      aria-label="Step"
      className="flex w-72 shrink-0 flex-col gap-3 overflow-y-auto border-l border-border bg-bg-subtle p-3"
    >
      <div>
        <h2 className="font-semibold">{node.type}</h2>
        <p className="font-mono text-sm text-text-muted">{node.table}</p>
      </div>
      {node.id === plan.hot.id ? (
        <Badge tone="danger" className="self-start">
          Takes most of the {plan.isMeasured ? 'time' : 'cost'}
        </Badge>
      ) : null}
      <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-sm">
        <Fact
          name={plan.isMeasured ? 'Time of its own' : 'Cost of its own'}
          value={plan.isMeasured ? `${figure(node.own)} ms` : figure(node.own)}
        />
        <Fact name="With all below" value={plan.isMeasured ? `${figure(node.total)} ms` : figure(node.total)} />
        <Fact name="Rows expected" value={count(node.rows)} />
        {node.actualRows === null ? null : <Fact name="Rows that came" value={count(node.actualRows)} />}
        {node.facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
      {suggestion && table ? (
        <div className="flex flex-col gap-2 rounded-md border border-border bg-bg-raised p-3">
          <p>
            It reads all of {suggestion.table} to keep {count(node.actualRows ?? node.rows)}. An index on{' '}
            <span className="font-mono text-sm">{suggestion.columns.join(', ')}</span> would find them at once.
          </p>
          <Button icon={Plus} disabled={added !== null} onClick={() => void add()}>
            {added === 'added' ? 'Index asked for' : 'Add this index'}
          </Button>
        </div>
      ) : null}
      {plan.execution === null ? (
        <p className="text-sm text-text-muted">Estimated; nothing has run. Explain and run to see real times.</p>
      ) : (
        <p className="text-sm tabular-nums text-text-muted">
          Planned in {figure(plan.planning ?? 0)} ms, run in {figure(plan.execution)} ms. What it wrote was taken back.
        </p>
      )}
    </aside>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt className="text-text-muted">{name}</dt>
      <dd className="min-w-0 font-mono break-words tabular-nums">{value}</dd>
    </>
  )
}

function ratio(a: number, b: number): number {
  return Math.max(a, b, 1) / Math.max(1, Math.min(a, b))
}

function figure(value: number): string {
  return value >= 100 ? formatCount(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2)
}

function count(rows: number): string {
  return countOf(Math.round(rows), 'row')
}
