import { Button } from '@renderer/ui/button'
import type { DraftStore } from './draft-store'

/** Others changed the schema under the draft, and some of it no longer fits. */
export function LeftOut({ store, sentences }: { readonly store: DraftStore; readonly sentences: readonly string[] }) {
  if (sentences.length === 0) return null
  return (
    <section
      role="alert"
      className="absolute right-3 bottom-3 left-3 z-10 mx-auto flex max-w-140 items-start gap-3 rounded-lg border border-warning bg-warning-subtle px-3 py-2 shadow-float"
    >
      <div className="min-w-0 flex-1">
        <p className="font-medium">The schema was changed elsewhere, so some of your changes were left out.</p>
        <ul className="mt-1 max-h-24 list-disc overflow-y-auto pl-5">
          {sentences.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </div>
      <Button size="sm" onClick={() => store.forgetLeft()}>
        Dismiss
      </Button>
    </section>
  )
}
