import { cn } from './cn'

/** Stands where content will come; give it that content's size. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden className={cn('block animate-pulse rounded-sm bg-bg-active', className)} />
}
