import { lazy, Suspense } from 'react'
import { cn } from '../cn'
import { Skeleton } from '../skeleton'
import type { LoadedCodeEditorProps } from './loaded-code-editor'

export type CodeEditorProps = LoadedCodeEditorProps & {
  /** Gives the height; the editor fills it. */
  readonly className?: string | undefined
}

const load = () => import('./loaded-code-editor')
const LoadedCodeEditor = lazy(async () => ({ default: (await load()).LoadedCodeEditor }))

/** The editor is 4 MB: where one will be shown soon, its loading begins before. */
export function expectCodeEditor(): void {
  // Who needs it then asks once more, and tells what is wrong.
  load().catch(() => undefined)
}

/** Text in a language, with its colours and its mistakes. The editor itself comes when the first one is shown. */
export function CodeEditor({ className, ...rest }: CodeEditorProps) {
  return (
    <div className={cn('relative min-h-0 min-w-0 overflow-hidden bg-bg', className)}>
      <Suspense fallback={<CodeSkeleton />}>
        <LoadedCodeEditor {...rest} />
      </Suspense>
    </div>
  )
}

function CodeSkeleton() {
  return (
    <div aria-busy="true" className="flex flex-col gap-2.5 p-3">
      <Skeleton className="h-3 w-24" />
      <Skeleton className="h-3 w-48" />
      <Skeleton className="h-3 w-32" />
    </div>
  )
}
