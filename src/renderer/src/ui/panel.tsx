import type { ReactNode } from 'react'
import { cn } from './cn'

export interface PanelProps {
  readonly title: string
  readonly id?: string | undefined
  readonly aside?: ReactNode
  readonly className?: string | undefined
  readonly children: ReactNode
}

/** A titled box on a page. */
export function Panel({ title, id, aside, className, children }: PanelProps) {
  return (
    <section
      aria-label={title}
      id={id}
      className={cn('flex min-w-0 flex-col overflow-hidden rounded-lg border border-border bg-bg-raised', className)}
    >
      <div className="flex h-10 shrink-0 items-center justify-between gap-3 border-b border-border pr-2 pl-4">
        <h2 className="font-semibold">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
