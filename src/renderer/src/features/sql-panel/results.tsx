import { useApi } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { EmptyState } from '@renderer/ui/empty-state'
import { ErrorState } from '@renderer/ui/error-state'
import { countOf } from '@renderer/ui/figures'
import { ProgressBar } from '@renderer/ui/progress-bar'
import { Segmented } from '@renderer/ui/segmented'
import { useQuery } from '@tanstack/react-query'
import { CircleAlert, CircleCheck, CircleSlash, LoaderCircle, Play } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { FixError } from '../assistant/fix-error'
import type { Draft } from './draft-cache'
import { ExportMenu } from './export-menu'
import type { Outcome } from './outcome'
import type { Panel } from './panel'
import type { PanelState } from './panel-state'
import { readPlan } from './plan-tree'
import { PlanView } from './plan-view'
import { ResultChart } from './result-chart'
import { ResultGrid } from './result-grid'
import { ResultJson } from './result-json'

type View = 'table' | 'chart' | 'json'

type WithRows = Outcome & { readonly resultId: string }

/** What the last run of a tab came to: one result for each statement. */
export function Results(props: {
  readonly panel: Panel
  readonly state: PanelState
  readonly tab: Draft
  readonly proposeSql: (sql: string, note: string) => void
  /** Puts the caret where the statement failed. */
  readonly onShowError: (at: number) => void
}) {
  const { panel, state, tab } = props
  const { outcomes } = tab
  const running = state.runs.has(tab.id)
  const at = Math.min(state.shown.get(tab.id) ?? Math.max(0, outcomes.length - 1), Math.max(0, outcomes.length - 1))
  const outcome = outcomes[at]
  const [view, setView] = useState<View>('table')
  const hasRows = outcome !== undefined && outcome.resultId !== null && outcome.columns.length > 0
  const isPlan =
    hasRows &&
    outcome.columns.length === 1 &&
    outcome.columns[0]?.name === 'QUERY PLAN' &&
    outcome.columns[0].type === 'json'
  return (
    <section aria-label="Results" className="relative flex min-h-0 flex-1 flex-col bg-bg">
      <ProgressBar active={running} label="Running" />
      {outcomes.length > 0 ? (
        <div className="flex h-9 shrink-0 items-stretch gap-2 border-b border-border bg-bg-subtle pr-2">
          <ResultTabs outcomes={outcomes} shown={at} onShow={(index) => panel.showResult(tab.id, index)} />
          <div className="flex-1" />
          {hasRows && !isPlan && outcome.state !== 'failed' ? (
            <div className="flex shrink-0 items-center gap-1.5">
              <Segmented<View>
                aria-label="Show as"
                value={view}
                onValueChange={setView}
                options={[
                  { value: 'table', label: 'Table' },
                  { value: 'chart', label: 'Chart' },
                  { value: 'json', label: 'JSON' },
                ]}
              />
              <ExportMenu
                databaseId={panel.databaseId}
                resultId={outcome.resultId ?? ''}
                outcome={outcome}
                name={tab.name}
              />
            </div>
          ) : null}
        </div>
      ) : null}
      <div className="relative min-h-0 flex-1">
        {outcome === undefined ? (
          running ? null : (
            <NothingYet />
          )
        ) : outcome.error !== null ? (
          <Failure {...props} outcome={outcome} />
        ) : hasRows ? (
          isPlan ? (
            <PlanOf databaseId={panel.databaseId} outcome={rowsOf(outcome)} />
          ) : view === 'chart' ? (
            <ResultChart key={outcome.resultId} databaseId={panel.databaseId} outcome={rowsOf(outcome)} />
          ) : view === 'json' ? (
            <ResultJson databaseId={panel.databaseId} outcome={rowsOf(outcome)} />
          ) : (
            <ResultGrid key={outcome.resultId} databaseId={panel.databaseId} outcome={rowsOf(outcome)} />
          )
        ) : (
          <Message outcome={outcome} />
        )}
      </div>
      {outcome && hasRows && (!isPlan || outcome.note !== null) ? (
        <ResultFooter outcome={outcome} isPlan={isPlan} />
      ) : null}
    </section>
  )
}

function rowsOf(outcome: Outcome): WithRows {
  return { ...outcome, resultId: outcome.resultId ?? '' }
}

function NothingYet() {
  return (
    <EmptyState icon={Play} title="No results yet" className="h-full">
      Write a query and run it. The statement under the caret runs, or what you have marked.
    </EmptyState>
  )
}

const marks = {
  running: { icon: LoaderCircle, looks: 'animate-spin text-text-muted', says: 'Running' },
  done: { icon: CircleCheck, looks: 'text-success', says: 'Done' },
  failed: { icon: CircleAlert, looks: 'text-danger', says: 'Failed' },
  cancelled: { icon: CircleSlash, looks: 'text-warning', says: 'Cancelled' },
} as const

function ResultTabs(props: {
  readonly outcomes: readonly Outcome[]
  readonly shown: number
  readonly onShow: (index: number) => void
}) {
  const list = useRef<HTMLDivElement>(null)
  function onKeyDown(event: KeyboardEvent) {
    const next = { ArrowLeft: props.shown - 1, ArrowRight: props.shown + 1, Home: 0, End: props.outcomes.length - 1 }[
      event.key
    ]
    if (next === undefined || !props.outcomes[next]) return
    event.preventDefault()
    props.onShow(next)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus()
  }
  return (
    <div
      ref={list}
      role="tablist"
      aria-label="Results of the run"
      className="flex min-w-0 items-stretch overflow-x-auto [&::-webkit-scrollbar]:hidden"
      onKeyDown={onKeyDown}
    >
      {props.outcomes.map((outcome, index) => {
        const { icon: Icon, looks, says } = marks[outcome.state]
        const selected = index === props.shown
        return (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: the results of a run never move
            key={index}
            type="button"
            role="tab"
            aria-selected={selected}
            tabIndex={selected ? 0 : -1}
            title={outcome.text}
            className={cn(
              'flex shrink-0 items-center gap-1.5 border-r border-border px-3 whitespace-nowrap tabular-nums',
              selected
                ? 'bg-bg text-text shadow-[inset_0_-2px_var(--accent)]'
                : 'text-text-muted hover:bg-bg-hover hover:text-text',
            )}
            onClick={() => props.onShow(index)}
          >
            <Icon aria-label={says} className={cn('size-3.5 shrink-0', looks)} />
            <span>
              {props.outcomes.length > 1 ? `${index + 1} ${outcome.command || 'Run'}` : outcome.command || 'Run'}
            </span>
            <span className="text-sm text-text-muted">{figuresOf(outcome)}</span>
          </button>
        )
      })}
    </div>
  )
}

function figuresOf({ state, resultId, rowCount, command, ms }: Outcome): string {
  const rows = resultId !== null || /INSERT|UPDATE|DELETE|MERGE|TRUNCATE/.test(command) ? countOf(rowCount, 'row') : ''
  const time = ms === null ? '' : timeOf(ms)
  return state === 'done' || state === 'running' ? [rows, time].filter(Boolean).join(' · ') : ''
}

export function timeOf(ms: number): string {
  return ms < 1000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
}

function Message({ outcome }: { readonly outcome: Outcome }) {
  const { state, command, rowCount, note } = outcome
  const verb = { INSERT: 'inserted', UPDATE: 'updated', DELETE: 'deleted', TRUNCATE: 'deleted', MERGE: 'merged' }[
    command
  ]
  const records = countOf(rowCount, 'record')
  const said = verb
    ? `${records} ${verb}.`
    : state === 'running'
      ? 'Running.'
      : state === 'cancelled'
        ? 'Cancelled.'
        : `${command} is done.`
  return (
    <div role="status" className="flex flex-col gap-1 p-4">
      <p className="font-medium">{said}</p>
      {note ? <p className="text-text-muted">{note}</p> : null}
    </div>
  )
}

function Failure(props: Parameters<typeof Results>[0] & { readonly outcome: Outcome }) {
  const { outcome, panel, tab } = props
  const { error } = outcome
  if (error === null) return null
  const hint = error.hint !== null && !error.message.includes(error.hint) ? error.hint : null
  const cancelled = outcome.state === 'cancelled'
  return (
    <div role="alert" className="flex h-full flex-col gap-2 overflow-y-auto p-4">
      <p className="flex items-start gap-2">
        {cancelled ? (
          <CircleSlash aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />
        ) : (
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
        )}
        <span className="max-w-180 font-medium break-words">{error.message}</span>
      </p>
      {hint ? <p className="pl-6 text-text-muted">{hint}</p> : null}
      {outcome.text ? (
        <pre className="ml-6 max-h-32 max-w-180 overflow-auto rounded-md border border-border bg-bg-subtle p-2 font-mono text-sm whitespace-pre-wrap">
          {outcome.text}
        </pre>
      ) : null}
      <div className="flex flex-wrap gap-2 pl-6 empty:hidden">
        {error.at === null ? null : <Button onClick={() => props.onShowError(error.at ?? 0)}>Show the place</Button>}
        {cancelled ? null : (
          <FixError
            databaseId={panel.databaseId}
            text={tab.text}
            statement={outcome.text}
            message={error.message}
            hint={error.hint}
            proposeSql={props.proposeSql}
          />
        )}
      </div>
    </div>
  )
}

function PlanOf({ databaseId, outcome }: { readonly databaseId: string; readonly outcome: WithRows }) {
  const { client } = useApi()
  const { data, error, refetch } = useQuery({
    queryKey: ['sqlPlan', outcome.resultId],
    queryFn: () => client.sqlPanel.cell({ databaseId, resultId: outcome.resultId, row: 0, column: 0 }),
    enabled: outcome.state !== 'running',
  })
  if (error) return <ErrorState error={error} title="The plan could not be read" onRetry={() => void refetch()} />
  const plan = data ? readPlan(data.value) : null
  if (plan !== null) return <PlanView databaseId={databaseId} plan={plan} />
  return data ? <ResultGrid databaseId={databaseId} outcome={outcome} /> : null
}

function ResultFooter({ outcome, isPlan }: { readonly outcome: Outcome; readonly isPlan: boolean }) {
  const { rowCount, truncated, note, editing, notEditable } = outcome
  return (
    <p className="flex h-6 shrink-0 items-center gap-3 border-t border-border bg-bg-subtle px-3 text-sm whitespace-nowrap text-text-muted tabular-nums">
      {isPlan ? null : <span>{countOf(rowCount, 'row')}</span>}
      {truncated ? <span className="text-warning">There are more: the run keeps so many at most.</span> : null}
      {note ? <span className="truncate">{note}</span> : null}
      <span className="flex-1" />
      {isPlan ? null : (
        <span className="truncate">
          {editing ? `Editable: ${editing.table}` : notEditable ? `Not editable: ${notEditable}` : ''}
        </span>
      )}
    </p>
  )
}
