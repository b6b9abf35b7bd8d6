import { cn } from '@renderer/ui/cn'
import {
  createContext,
  type ReactNode,
  type PointerEvent as ReactPointerEvent,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useActions } from './canvas-actions'
import type { SchemaSpot } from './canvas-ui'
import type { Point } from './place-tables'
import { type Planned, planRelation } from './relation-rules'

type StartConnecting = (event: ReactPointerEvent, from: SchemaSpot) => void

const ConnectContext = createContext<StartConnecting>(() => {})

export function useConnect(): StartConnecting {
  return useContext(ConnectContext)
}

interface Drawing {
  readonly from: SchemaSpot
  readonly start: Point
  readonly end: Point
  readonly to: SchemaSpot | null
  /** What a drop here would make, or why it cannot; null over nothing. */
  readonly planned: Planned | null
}

/** Draws a relation from a port to where the pointer is, and says before the drop what it would be or why it cannot. */
export function ConnectLayer({ children }: { readonly children: ReactNode }) {
  const { store, ui } = useActions()
  const [drawing, setDrawing] = useState<Drawing | null>(null)
  const latest = useRef<Drawing | null>(null)
  latest.current = drawing
  const active = drawing !== null

  const start = useMemo<StartConnecting>(
    () => (event, from) => {
      event.preventDefault()
      event.stopPropagation()
      const port = event.currentTarget.contains(event.target as Node) ? centreOf(event.target) : null
      const at = { x: event.clientX, y: event.clientY }
      setDrawing({ from, start: port ?? at, end: at, to: null, planned: null })
    },
    [],
  )

  useEffect(() => {
    if (!active) return
    function move(event: PointerEvent) {
      const now = latest.current
      if (!now) return
      const to = spotAt(event.clientX, event.clientY)
      const same = to && now.to && to.table === now.to.table && to.column === now.to.column
      const planned = same
        ? now.planned
        : to && !isSame(to, now.from)
          ? planRelation(store.state().schema, now.from, to)
          : null
      setDrawing({ ...now, end: { x: event.clientX, y: event.clientY }, to, planned })
    }
    function drop(event: PointerEvent) {
      const now = latest.current
      setDrawing(null)
      if (now?.to && now.planned?.ok)
        ui.set({ connecting: { from: now.from, to: now.to, at: { x: event.clientX, y: event.clientY } } })
    }
    function leave(event: KeyboardEvent) {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      setDrawing(null)
    }
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', drop)
    window.addEventListener('keydown', leave, { capture: true })
    return () => {
      window.removeEventListener('pointermove', move)
      window.removeEventListener('pointerup', drop)
      window.removeEventListener('keydown', leave, { capture: true })
    }
  }, [active, store, ui])

  return (
    <ConnectContext value={start}>
      {children}
      {drawing ? <DrawnLine drawing={drawing} /> : null}
    </ConnectContext>
  )
}

function DrawnLine({ drawing: { start, end, planned } }: { readonly drawing: Drawing }) {
  const bad = planned !== null && !planned.ok
  const words = planned === null ? null : planned.ok ? planWords(planned.plan) : planned.reason
  const middle = (start.x + end.x) / 2
  return (
    <div className="pointer-events-none fixed inset-0 z-50">
      <svg aria-hidden className="size-full">
        <path
          d={`M${start.x},${start.y}C${middle},${start.y} ${middle},${end.y} ${end.x},${end.y}`}
          fill="none"
          strokeWidth={2}
          strokeDasharray={planned?.ok ? undefined : '5 4'}
          className={bad ? 'stroke-danger' : 'stroke-accent'}
        />
        <circle cx={end.x} cy={end.y} r={4} className={bad ? 'fill-danger' : 'fill-accent'} />
      </svg>
      {words ? (
        <p
          role="status"
          style={{
            left: Math.min(end.x + 16, window.innerWidth - 300),
            top: Math.min(end.y + 16, window.innerHeight - 80),
          }}
          className={cn(
            'absolute max-w-72 rounded-md border px-2 py-1 text-sm shadow-float',
            bad ? 'border-danger bg-danger-subtle text-danger' : 'border-border bg-bg-raised text-text',
          )}
        >
          {words}
        </p>
      ) : null}
    </div>
  )
}

export function planWords({
  from,
  to,
}: {
  readonly from: { readonly table: string; readonly column: string | null }
  readonly to: { readonly table: string; readonly column: string }
}): string {
  return from.column === null
    ? `A new column of ${from.table} refers to ${to.table}.${to.column}`
    : `${from.table}.${from.column} refers to ${to.table}.${to.column}`
}

/** The column or table under the pointer. */
export function spotAt(x: number, y: number): SchemaSpot | null {
  const element = document.elementFromPoint(x, y)
  const table = element?.closest('[data-table]')?.getAttribute('data-table')
  if (!table) return null
  return { table, column: element?.closest('[data-column]')?.getAttribute('data-column') ?? null }
}

function centreOf(target: EventTarget): Point | null {
  if (!(target instanceof Element)) return null
  const { x, y, width, height } = target.getBoundingClientRect()
  return { x: x + width / 2, y: y + height / 2 }
}

function isSame(a: SchemaSpot, b: SchemaSpot): boolean {
  return a.table === b.table && a.column === b.column
}
