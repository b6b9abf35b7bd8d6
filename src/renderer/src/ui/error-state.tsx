import { type ErrorCode, isErrorCode } from '@shared/app-error'
import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button'
import { cn } from './cn'

/** The sentence and the code of an error of ours; what any other error says was not written for people. */
export function errorFacts(error: unknown): { readonly message: string; readonly code: ErrorCode } {
  if (error instanceof Error && 'code' in error && isErrorCode(error.code) && error.message)
    return { message: error.message, code: error.code }
  return { message: 'Something went wrong in the studio. Try again.', code: 'INTERNAL' }
}

export interface ErrorStateProps {
  readonly error: unknown
  readonly title?: string
  readonly onRetry?: (() => void) | undefined
  readonly action?: ReactNode
  /** It is all there is on the page: the title is the page's heading. */
  readonly page?: boolean
  readonly className?: string | undefined
}

/** A failure in the place of what failed to come. */
export function ErrorState({ error, title, onRetry, action, page = false, className }: ErrorStateProps) {
  const Title = page ? 'h1' : 'p'
  const { message, code } = errorFacts(error)
  return (
    <div
      role="alert"
      className={cn(
        'flex flex-col items-center justify-center gap-1 px-6 py-10 text-center',
        page && 'h-full',
        className,
      )}
    >
      <CircleAlert aria-hidden className="mb-1 size-5 text-danger" />
      {title ? <Title className="font-semibold">{title}</Title> : null}
      <p className="max-w-120">{message}</p>
      <p className="font-mono text-sm text-text-muted">{code}</p>
      <div className="mt-3 flex gap-2 empty:hidden">
        {onRetry ? <Button onClick={onRetry}>Try again</Button> : null}
        {action}
      </div>
    </div>
  )
}
