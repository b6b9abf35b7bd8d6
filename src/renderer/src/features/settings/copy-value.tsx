import { CopyButton } from '@renderer/ui/copy-button'
import { Skeleton } from '@renderer/ui/skeleton'

/** A value to take elsewhere, in code type, with its copy button; a skeleton until it is known. */
export function CopyValue({ label, value }: { readonly label: string; readonly value: string | undefined }) {
  if (value === undefined) return <Skeleton className="h-4 w-48" />
  return (
    <>
      <code className="min-w-0 truncate font-mono text-sm select-text" title={value}>
        {value}
      </code>
      <CopyButton text={value} label={`Copy the ${label}`} />
    </>
  )
}
