import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { DismissableLayer } from 'radix-ui/internal'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Button, IconButton } from './button'
import { cn } from './cn'
import { errorFacts } from './error-state'

export interface ToastOptions {
  /** Shown as an Undo button. When it fails, a second toast says so. */
  readonly undo?: (() => Promise<void> | void) | undefined
}

interface ShownToast extends ToastOptions {
  readonly id: number
  readonly kind: 'success' | 'error'
  readonly message: string
  readonly open: boolean
}

/** More would cover the work; the oldest go first. */
const mostAtOnce = 3

let shown: readonly ShownToast[] = []
let nextId = 1
const listeners = new Set<() => void>()

function change(next: readonly ShownToast[]) {
  shown = next
  for (const listener of listeners) listener()
}

function add(kind: ShownToast['kind'], message: string, options: ToastOptions = {}) {
  change([...shown, { ...options, id: nextId++, kind, message, open: true }].slice(-mostAtOnce))
}

/** Says that something is done, after it is. Failures belong where they happen; `error` is for those without a place. */
export const toast = Object.freeze({
  success: (message: string, options?: ToastOptions) => add('success', message, options),
  error: (message: string, options?: ToastOptions) => add('error', message, options),
})

async function runUndo(undo: () => Promise<void> | void) {
  try {
    await undo()
  } catch (error) {
    add('error', `This could not be undone. ${errorFacts(error).message}`)
  }
}

/** Closed toasts stay for their leaving animation. */
function close(id: number) {
  change(shown.map((item) => (item.id === id ? { ...item, open: false } : item)))
  setTimeout(() => change(shown.filter((item) => item.id !== id)), 200)
}

/** Keeps toasts above a bar at the bottom of the page, as long as it is `shown`. */
export function useToastLift(shown: boolean): void {
  useEffect(() => {
    if (!shown) return
    document.documentElement.style.setProperty('--toast-lift', '2.75rem')
    return () => void document.documentElement.style.removeProperty('--toast-lift')
  }, [shown])
}

/** Once, at the end of the app. Not Radix' own: its toasts take the Escape that was meant for the dialog below them. */
export function Toaster() {
  const toasts = useSyncExternalStore(subscribe, () => shown)
  const region = useRef<HTMLElement>(null)
  const [held, setHeld] = useState(false)
  useEffect(() => {
    const reach = (event: KeyboardEvent) => event.key === 'F8' && region.current?.focus()
    window.addEventListener('keydown', reach)
    return () => window.removeEventListener('keydown', reach)
  }, [])
  return (
    // A branch of every layer: a click here is no click outside a dialog.
    <DismissableLayer.Branch asChild>
      <section
        ref={region}
        aria-label="Notifications"
        tabIndex={-1}
        className="pointer-events-none fixed right-4 bottom-[calc(2.5rem+var(--toast-lift,0px))] z-50 w-90 max-w-[calc(100vw-2rem)] outline-none"
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
        onFocus={() => setHeld(true)}
        onBlur={() => setHeld(false)}
      >
        <ol aria-live="polite" aria-relevant="additions" className="flex flex-col gap-2">
          {toasts.map((item) => (
            <ToastItem key={item.id} item={item} held={held} />
          ))}
        </ol>
      </section>
    </DismissableLayer.Branch>
  )
}

/** Milliseconds that it stays while nobody points at it. */
const shortly = 4000
const longEnoughToUndo = 8000

function ToastItem({ item, held }: { readonly item: ShownToast; readonly held: boolean }) {
  const { id, kind, message, undo, open } = item
  useEffect(() => {
    if (held || !open) return
    const timer = setTimeout(() => close(id), undo ? longEnoughToUndo : shortly)
    return () => clearTimeout(timer)
  }, [held, open, id, undo])
  const Icon = kind === 'success' ? CircleCheck : CircleAlert
  return (
    <li
      data-state={open ? 'open' : 'closed'}
      className="pointer-events-auto flex min-h-10 items-center gap-2.5 rounded-lg border border-border bg-bg-raised py-1.5 pr-1.5 pl-3 shadow-float data-[state=closed]:animate-overlay-out data-[state=open]:animate-toast-in"
    >
      <Icon aria-hidden className={cn('size-4 shrink-0', kind === 'success' ? 'text-success' : 'text-danger')} />
      <p role={kind === 'error' ? 'alert' : undefined} className="min-w-0 flex-1 break-words">
        {message}
      </p>
      {undo ? (
        <Button
          size="sm"
          onClick={() => {
            close(id)
            void runUndo(undo)
          }}
        >
          Undo
        </Button>
      ) : null}
      <IconButton label="Dismiss" icon={X} size="sm" onClick={() => close(id)} />
    </li>
  )
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
