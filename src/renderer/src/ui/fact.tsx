import type { ReactNode } from 'react'
import { cn } from './cn'
import { CopyButton } from './copy-button'
import { Skeleton } from './skeleton'

export interface FactProps {
  readonly name: string
  /** What is copied; undefined while it loads. */
  readonly value: string | undefined
  /** What is seen in its place: a secret is not for everybody who looks at the screen. */
  readonly shown?: ReactNode
  /** "Copy the API address" */
  readonly copy: string
  /** Before the copy button. */
  readonly aside?: ReactNode
  /** The value is read to its end, on several lines when it is long. */
  readonly whole?: boolean
}

/** A line of a `dl`: a name, a value to read and to copy. */
export function Fact({ name, value, shown, copy, aside, whole = false }: FactProps) {
  return (
    <div className={cn('flex gap-3 pr-2 pl-4', whole ? 'min-h-9 items-start py-1.5' : 'h-9 items-center')}>
      <dt className={cn('w-28 shrink-0 text-text-muted', whole && 'py-0.5')}>{name}</dt>
      <dd className={cn('flex min-w-0 flex-1 justify-between gap-1', whole ? 'items-start' : 'items-center')}>
        {value === undefined ? (
          <Skeleton className="h-4 w-52" />
        ) : (
          <>
            <code
              className={cn('min-w-0 flex-1 font-mono text-sm select-text', whole ? 'py-1 break-all' : 'truncate')}
              title={shown || whole ? undefined : value}
            >
              {shown ?? value}
            </code>
            {aside}
            <CopyButton text={value} label={copy} />
          </>
        )}
      </dd>
    </div>
  )
}
