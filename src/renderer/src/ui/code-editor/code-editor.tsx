import { useEffect, useState } from 'react'
import { cn } from '../cn'
import { Skeleton } from '../skeleton'
import type { LoadedCodeEditorProps } from './loaded-code-editor'

export type CodeEditorProps = LoadedCodeEditorProps & {
  /** Gives the height; the editor fills it. */
  readonly className?: string | undefined
}

type Loaded = typeof import('./loaded-code-editor')

let loaded: Loaded | null = null

async function load(): Promise<Loaded> {
  loaded = await import('./loaded-code-editor')
  return loaded
}

/** The editor is 4 MB: where one will be shown soon, its loading begins before. */
export function expectCodeEditor(): void {
  // Who needs it then asks once more, and tells what is wrong.
  load().catch(() => undefined)
}

/** The same, and the first editor of the window has been made, which takes three times as long as any other. */
export async function warmCodeEditor(): Promise<void> {
  const { warmUp } = await load()
  warmUp()
}

/** Text in a language, with its colours and its mistakes. The editor itself comes when the first one is shown. */
export function CodeEditor({ className, ...rest }: CodeEditorProps) {
  const parts = useLoaded()
  return (
    <div className={cn('relative min-h-0 min-w-0 overflow-hidden bg-bg', className)}>
      {parts ? <parts.LoadedCodeEditor {...rest} /> : <CodeSkeleton />}
    </div>
  )
}

/** By hand, as React keeps the placeholder of a lazy component for 300 ms also where it is here already. */
function useLoaded(): Loaded | null {
  const [state, setState] = useState<{ readonly parts: Loaded | null; readonly failure?: unknown }>({ parts: loaded })
  const isHere = state.parts !== null
  useEffect(() => {
    if (isHere) return
    let isOver = false
    load().then(
      (parts) => {
        if (!isOver) setState({ parts })
      },
      (failure: unknown) => {
        if (!isOver) setState({ parts: null, failure })
      },
    )
    return () => {
      isOver = true
    }
  }, [isHere])
  if (state.failure !== undefined) throw state.failure
  return state.parts
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
