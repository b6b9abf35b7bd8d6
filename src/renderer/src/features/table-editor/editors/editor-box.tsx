import { Button } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import type { ReactNode } from 'react'
import type { OverlayRoom } from '../grid-overlay'

/** The control over the cell, and what belongs to it below, or above where there is more room. */
export function EditorBox(props: { readonly room: OverlayRoom; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is pressed inside keeps the focus where it is
    <div
      data-editor-part
      className={cn(
        'absolute z-10 flex',
        props.room.upwards ? 'flex-col-reverse' : 'flex-col',
        props.room.toLeft ? 'items-end' : 'items-start',
      )}
      onMouseDown={keepFocus}
    >
      {props.children}
    </div>
  )
}

/** Pressing what takes no keys leaves them where they are. */
export function keepFocus(event: { readonly target: EventTarget; preventDefault(): void }): void {
  const control = event.target instanceof Element && event.target.closest('input, textarea, button, [tabindex]')
  if (!control) event.preventDefault()
}

/** A bar of what can be done besides typing, with what is wrong before it. */
export function EditorTools(props: {
  readonly room: OverlayRoom
  readonly problem: string | null
  readonly onNull: (() => void) | null
  readonly children?: ReactNode
}) {
  return (
    <div
      className={cn(
        'flex w-max max-w-100 flex-wrap items-center gap-1 border border-border bg-bg-raised p-0.5 font-sans shadow-float empty:hidden',
        props.room.upwards ? 'rounded-t-md border-b-0' : 'rounded-b-md border-t-0',
      )}
    >
      {props.problem ? (
        <p role="alert" className="px-1.5 py-0.5 text-sm whitespace-normal text-danger">
          {props.problem}
        </p>
      ) : null}
      {props.children}
      {props.onNull ? (
        <Button size="sm" variant="ghost" onClick={props.onNull}>
          Set NULL
        </Button>
      ) : null}
    </div>
  )
}
