import { cn } from './cn'

/** The first letter on a quiet tile. */
export function LetterTile({ name, large = false }: { readonly name: string; readonly large?: boolean }) {
  return (
    <span
      aria-hidden
      className={cn(
        'flex shrink-0 items-center justify-center bg-accent-subtle font-semibold text-accent-text',
        large ? 'size-8 rounded-md text-lg' : 'size-5 rounded-sm text-xs',
      )}
    >
      {[...name.trim()][0]?.toUpperCase() ?? '?'}
    </span>
  )
}
