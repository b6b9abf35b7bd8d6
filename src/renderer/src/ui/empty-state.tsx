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
  /** It is all there is on the page: the title is the page's heading. */
  readonly page?: boolean
  readonly className?: string | undefined
}

export function EmptyState({ icon: Icon, title, children, action, page = false, className }: EmptyStateProps) {
  const Title = page ? 'h1' : 'p'
  return (
    <div
      className={cn(
        'flex flex-col items-center justify-center gap-1 px-6 py-10 text-center',
        page && 'h-full',
        className,
      )}
    >
      {Icon ? (
        <span className="mb-2 flex size-10 items-center justify-center rounded-lg border border-border bg-bg-subtle text-text-muted">
          <Icon aria-hidden className="size-5" />
        </span>
      ) : null}
      <Title className="font-semibold">{title}</Title>
      {children ? <p className="max-w-100 text-balance text-text-muted">{children}</p> : null}
      {action ? <div className="mt-3 flex gap-2">{action}</div> : null}
    </div>
  )
}
