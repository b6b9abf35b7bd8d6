import { CircleAlert, CircleCheck, X } from 'lucide-react'
import { Toast as Radix } from 'radix-ui'
import { useSyncExternalStore } from 'react'
import { Button, IconButton } from './button'
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

/** Once, at the end of the app. */
export function Toaster() {
  const toasts = useSyncExternalStore(subscribe, () => shown)
  return (
    <Radix.Provider swipeDirection="right" label="Notification">
      {toasts.map((item) => (
        <Radix.Root
          key={item.id}
          open={item.open}
          duration={item.undo ? 8000 : 4000}
          type={item.kind === 'error' ? 'foreground' : 'background'}
          className="flex min-h-10 items-center gap-2.5 rounded-lg border border-border bg-bg-raised py-1.5 pr-1.5 pl-3 shadow-float data-[state=closed]:animate-overlay-out data-[state=open]:animate-toast-in data-[swipe=move]:translate-x-(--radix-toast-swipe-move-x)"
          onOpenChange={(open) => {
            if (!open) close(item.id)
          }}
        >
          {item.kind === 'success' ? (
            <CircleCheck aria-hidden className="size-4 shrink-0 text-success" />
          ) : (
            <CircleAlert aria-hidden className="size-4 shrink-0 text-danger" />
          )}
          <Radix.Description className="min-w-0 flex-1 break-words">{item.message}</Radix.Description>
          {item.undo ? (
            <Radix.Action asChild altText="Undo with Ctrl+Z or Cmd+Z in the table">
              <Button size="sm" onClick={() => item.undo && void runUndo(item.undo)}>
                Undo
              </Button>
            </Radix.Action>
          ) : null}
          <Radix.Close asChild>
            <IconButton label="Dismiss" icon={X} size="sm" />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className="fixed right-4 bottom-10 z-50 flex w-90 max-w-[calc(100vw-2rem)] flex-col gap-2 outline-none" />
    </Radix.Provider>
  )
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
