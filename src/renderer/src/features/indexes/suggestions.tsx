import { Button } from '@renderer/ui/button'
import type { IndexSuggestion } from '@shared/contract/indexes.contract'
import { Lightbulb, Plus } from 'lucide-react'
import { columnWords } from './index-words'

export interface SuggestionsProps {
  readonly suggestions: readonly IndexSuggestion[]
  readonly busy: boolean
  readonly onAdd: (columns: readonly string[]) => void
}

/** Indexes that the filters and sorts of the last days would have used, with what each gains and costs. */
export function Suggestions({ suggestions, busy, onAdd }: SuggestionsProps) {
  return (
    <section aria-label="Suggested indexes">
      <h3 className="mb-1.5 font-semibold">Suggested</h3>
      <ul className="flex flex-col gap-2">
        {suggestions.map((suggestion) => {
          const name = columnWords(suggestion.columns)
          return (
            <li key={name} className="flex items-start gap-3 rounded-lg border border-border px-3 py-2.5">
              <Lightbulb aria-hidden className="mt-0.5 size-4 shrink-0 text-accent-text" />
              <div className="min-w-0 flex-1">
                <p className="font-mono wrap-anywhere">{name}</p>
                <p>{suggestion.reason}</p>
                <p className="text-text-muted">{suggestion.gain}</p>
                <p className="text-text-muted">{suggestion.cost}</p>
              </div>
              <Button
                icon={Plus}
                disabled={busy}
                aria-label={`Add the index on ${name}`}
                onClick={() => onAdd(suggestion.columns)}
              >
                Add
              </Button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
