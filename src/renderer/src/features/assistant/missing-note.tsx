import { paths } from '@renderer/app/paths'
import { Button } from '@renderer/ui/button'
import { KeyRound } from 'lucide-react'
import { Link } from 'react-router'

/** What AI would need, where one of its controls would be. */
export function MissingNote({ missing }: { readonly missing: string }) {
  return (
    <div className="flex flex-col items-start gap-2 rounded-md border border-border bg-bg-subtle p-3">
      <p className="flex items-start gap-2">
        <KeyRound aria-hidden className="mt-0.5 size-3.5 shrink-0 text-text-muted" />
        <span>{missing}</span>
      </p>
      <Button asChild size="sm">
        <Link to={`${paths.settings}#ai`}>Open AI settings</Link>
      </Button>
    </div>
  )
}
