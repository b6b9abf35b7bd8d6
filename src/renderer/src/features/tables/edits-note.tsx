import { countOf } from '@renderer/ui/figures'
import { DraftFailure } from './draft-dialog'
import type { ColumnEdits } from './use-column-edits'

/** Beside the button that applies them: why it cannot be pressed, or what is lost by it. */
export function EditsNote({ edits }: { readonly edits: ColumnEdits }) {
  if (edits.failure) return <DraftFailure>{edits.failure}</DraftFailure>
  if (edits.refused) return <p className="text-danger">Solve what is marked red first.</p>
  return edits.lost > 0 ? <p className="text-danger">{countOf(edits.lost, 'value')} will be changed or lost.</p> : null
}
