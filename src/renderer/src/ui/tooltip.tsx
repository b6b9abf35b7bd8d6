import { Tooltip as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { Kbd } from './kbd'

/** Once, around the app: after the first hint the next ones show at once. */
export function TooltipProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Radix.Provider delayDuration={400} skipDelayDuration={200}>
      {children}
    </Radix.Provider>
  )
}

/** A hint beside what it wraps (one focusable element). It never carries what is said nowhere else. */
export function Tooltip(props: {
  readonly content: ReactNode
  readonly shortcut?: string | undefined
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
  readonly children: ReactNode
}) {
  return (
    <Radix.Root>
      {/* The hint repeats the name of what it is on: read aloud, everything would be said twice. */}
      <Radix.Trigger asChild aria-describedby={undefined}>
        {props.children}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          aria-hidden
          side={props.side ?? 'bottom'}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 flex max-w-80 animate-overlay-in items-center gap-2 rounded-md border border-border bg-bg-raised px-2 py-1 text-sm text-text shadow-float"
        >
          {props.content}
          {props.shortcut ? <Kbd keys={props.shortcut} /> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
