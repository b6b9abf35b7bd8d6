import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './cn'

export interface EmptyStateProps {
  readonly icon?: LucideIcon | undefined
  readonly title: string
  /** One sentence. */
  readonly children?: ReactNode
  /** One action. */
  readonly action?: ReactNode
  readonly className?: string | undefined
}

export function EmptyState({ icon: Icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div className={cn('flex flex-col items-center justify-center gap-1 px-6 py-10 text-center', className)}>
      {Icon ? (
        <span className="mb-2 flex size-10 items-center justify-center rounded-lg border border-border bg-bg-subtle text-text-muted">
          <Icon aria-hidden className="size-5" />
        </span>
      ) : null}
      <p className="font-semibold">{title}</p>
      {children ? <p className="max-w-100 text-text-muted">{children}</p> : null}
      {action ? <div className="mt-3 flex gap-2">{action}</div> : null}
    </div>
  )
}
