import type { GridColumn } from '../grid-column'
import type { OverlayRoom } from '../grid-overlay'

/** Where to go after an edit was taken; `save` stays, and saves it with all that is staged. */
export type AfterEdit = 'down' | 'right' | 'left' | 'stay' | 'save'

export interface CellEditorProps {
  readonly column: GridColumn
  readonly text: string
  /** The text was just typed over the cell: the caret stands after it instead of selecting it. */
  readonly typed: boolean
  /** Opens in the large editor at once. */
  readonly large?: boolean
  readonly width: number
  readonly height: number
  readonly room: OverlayRoom
  /** Why the text cannot be taken, as a sentence; null when it can. */
  readonly check: (text: string) => string | null
  /** `leaving` when the focus went elsewhere: what does not fit is then kept in the cell with its reason. */
  readonly onCommit: (text: string | null, after: AfterEdit, leaving: boolean) => void
  readonly onCancel: () => void
}
