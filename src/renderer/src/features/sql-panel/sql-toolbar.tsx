import { runLimits } from '@renderer/app/preferences'
import { useStored } from '@renderer/app/stored'
import { toAppError } from '@renderer/bridge/api'
import { Badge } from '@renderer/ui/badge'
import { Button, IconButton } from '@renderer/ui/button'
import { Field, NumberInput } from '@renderer/ui/field'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@renderer/ui/menu'
import { Popover, PopoverContent, PopoverTrigger } from '@renderer/ui/popover'
import { toast } from '@renderer/ui/toast'
import { Tooltip } from '@renderer/ui/tooltip'
import { AlignLeft, ChevronDown, CircleStop, ListTree, Play, Save, Settings2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { NeedsKey } from '../assistant/needs-key'
import type { EditorHandle } from './editor-pane'
import type { Panel } from './panel'
import type { PanelState } from './panel-state'

/** Run, what goes with it, and the transaction. */
export function SqlToolbar(props: {
  readonly panel: Panel
  readonly state: PanelState
  readonly tabId: string
  readonly handle: EditorHandle | null
  readonly onSave: () => void
}) {
  const { panel, state, tabId, handle } = props
  const run = state.runs.get(tabId)
  return (
    <div
      role="toolbar"
      aria-label="SQL"
      className="flex h-10 shrink-0 items-center gap-1 border-b border-border bg-bg px-2"
    >
      {run ? (
        <>
          <Tooltip content="Cancel the run" shortcut="Mod+.">
            <Button icon={CircleStop} onClick={run.cancel}>
              Cancel
            </Button>
          </Tooltip>
          <Elapsed since={run.startedAt} />
        </>
      ) : (
        <>
          <Tooltip content="Run the statement under the caret, or what is marked" shortcut="Mod+Enter">
            <Button variant="primary" icon={Play} disabled={handle === null} onClick={() => handle?.runCurrent()}>
              Run
            </Button>
          </Tooltip>
          <Tooltip content="Run the whole text" shortcut="Mod+Shift+Enter">
            <Button disabled={handle === null} onClick={() => handle?.runAll()}>
              Run all
            </Button>
          </Tooltip>
          <DropdownMenu>
            <DropdownMenuTrigger>
              <Button variant="ghost" icon={ListTree} disabled={handle === null}>
                Explain
                <ChevronDown aria-hidden className="size-3" />
              </Button>
            </DropdownMenuTrigger>
            <DropdownMenuContent>
              <DropdownMenuItem shortcut="Mod+Shift+E" onSelect={() => handle?.runCurrent('plan')}>
                Explain
              </DropdownMenuItem>
              <DropdownMenuItem onSelect={() => handle?.runCurrent('analyze')}>Explain and run</DropdownMenuItem>
            </DropdownMenuContent>
          </DropdownMenu>
        </>
      )}
      <span aria-hidden className="mx-1 h-4 w-px bg-border" />
      <IconButton
        label="Format SQL"
        icon={AlignLeft}
        shortcut="Shift+Alt+F"
        disabled={handle === null}
        onClick={() => handle?.format()}
      />
      <IconButton label="Save query" icon={Save} shortcut="Mod+S" onClick={props.onSave} />
      <NeedsKey label="Ask in words" ghost />
      <span className="flex-1" />
      <Transaction panel={panel} state={state} />
      <Limits />
    </div>
  )
}

function Elapsed({ since }: { readonly since: number }) {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, now - since) / 1000
  return (
    <span role="timer" className="px-1 text-sm text-text-muted tabular-nums">
      {seconds < 1 ? '' : `${seconds.toFixed(1)} s`}
    </span>
  )
}

/** Milliseconds before the end at which it is said. */
const warning = 60_000

function Transaction({ panel, state }: { readonly panel: Panel; readonly state: PanelState }) {
  const { transaction } = state
  const [left, setLeft] = useState<number | null>(null)
  const expiresAt = transaction?.expiresAt
  useEffect(() => {
    if (expiresAt === undefined) return setLeft(null)
    const look = () => setLeft(new Date(expiresAt).getTime() - Date.now())
    look()
    const timer = setInterval(look, 1000)
    return () => clearInterval(timer)
  }, [expiresAt])
  const isOver = left !== null && left <= 0
  useEffect(() => {
    if (!isOver) return
    // It was rolled back, unless another window used it meanwhile: the host knows.
    void panel.refresh().catch(() => undefined)
  }, [isOver, panel])

  async function tried(work: () => Promise<void>, done: string) {
    try {
      await work()
      toast.success(done)
    } catch (error) {
      toast.error(toAppError(error).message)
    }
  }
  if (transaction === null)
    return (
      <DropdownMenu>
        <DropdownMenuTrigger>
          <Button variant="ghost">
            Each run by itself
            <ChevronDown aria-hidden className="size-3" />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuItem onSelect={() => void tried(() => panel.begin(), 'A transaction is open.')}>
            Begin a transaction
          </DropdownMenuItem>
          <DropdownMenuSeparator />
          <p className="max-w-64 px-2 py-1 text-sm text-text-muted">
            A run is kept as a whole, or not at all. In a transaction nothing is kept before you commit.
          </p>
        </DropdownMenuContent>
      </DropdownMenu>
    )
  const isLate = left !== null && left <= warning
  return (
    <fieldset aria-label="Open transaction" className="flex items-center gap-1">
      <Badge tone={isLate ? 'danger' : 'warning'}>Transaction open</Badge>
      {isLate ? (
        <span role="alert" className="text-sm text-danger tabular-nums">
          Rolled back in {Math.max(0, Math.ceil(left / 1000))} s
        </span>
      ) : null}
      <Button size="sm" variant="primary" onClick={() => void tried(() => panel.end('commit'), 'Committed.')}>
        Commit
      </Button>
      <Button size="sm" onClick={() => void tried(() => panel.end('rollback'), 'Rolled back: nothing of it was kept.')}>
        Roll back
      </Button>
    </fieldset>
  )
}

function Limits() {
  const limits = useStored(runLimits)
  const [rows, setRows] = useState(String(limits.rows))
  const [seconds, setSeconds] = useState(String(limits.seconds))
  const read = (text: string, most: number) =>
    /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= most ? Number(text) : null
  const rowsError = read(rows, 5_000_000) === null ? 'From 1 to 5,000,000.' : null
  const secondsError = read(seconds, 300) === null ? 'From 1 to 300.' : null
  function keep(next: { readonly rows: string; readonly seconds: string }) {
    const kept = { rows: read(next.rows, 5_000_000), seconds: read(next.seconds, 300) }
    if (kept.rows !== null && kept.seconds !== null) runLimits.write({ rows: kept.rows, seconds: kept.seconds })
  }
  return (
    <Popover>
      <PopoverTrigger>
        <IconButton label="Limits of a run" icon={Settings2} />
      </PopoverTrigger>
      <PopoverContent align="end" aria-label="Limits of a run" className="flex w-64 flex-col gap-3 p-3">
        <Field label="Rows kept of each result" error={rowsError} hint="They are kept on disk, not in memory.">
          <NumberInput
            value={rows}
            onValueChange={(text) => {
              setRows(text)
              keep({ rows: text, seconds })
            }}
          />
        </Field>
        <Field label="Seconds a run may take" error={secondsError}>
          <NumberInput
            value={seconds}
            onValueChange={(text) => {
              setSeconds(text)
              keep({ rows, seconds: text })
            }}
          />
        </Field>
      </PopoverContent>
    </Popover>
  )
}
