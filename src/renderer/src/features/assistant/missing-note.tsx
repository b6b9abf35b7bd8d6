import { paths } from '@renderer/app/paths'
import { Button } from '@renderer/ui/button'
import { KeyRound } from 'lucide-react'
import { Link } from 'react-router'

/** What AI would need, where one of its controls would be. */
export function MissingNote({ missing, compact = false }: { readonly missing: string; readonly compact?: boolean }) {
  return (
    <div
      className={
        compact
          ? 'flex min-w-0 flex-1 items-center gap-2 text-text-muted'
          : 'flex flex-col items-start gap-2 rounded-md border border-border bg-bg-subtle p-3'
      }
    >
      <p className={compact ? 'flex min-w-0 items-center gap-2' : 'flex items-start gap-2'}>
        <KeyRound aria-hidden className="mt-0.5 size-3.5 shrink-0 text-text-muted" />
        <span className={compact ? 'truncate' : ''} title={compact ? missing : undefined}>
          {missing}
        </span>
      </p>
      <Button asChild size="sm">
        <Link to={`${paths.settings}#ai`}>Open AI settings</Link>
      </Button>
    </div>
  )
}
