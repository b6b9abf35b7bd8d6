import { isMac } from '@renderer/ui/platform'
import type { KeyboardEvent } from 'react'
import type { GridColumn } from './grid-column'
import { isTypedCharacter, stepOfKey } from './grid-position'
import type { CellEditing } from './use-cell-editing'
import type { GridCursor } from './use-grid-cursor'

export interface GridKeys {
  readonly columns: readonly GridColumn[]
  readonly cursor: GridCursor
  readonly editing: CellEditing
  /** A new record is being written. */
  readonly drafting: boolean
  /** The active cell is in it. */
  readonly onDraft: boolean
  readonly selecting: boolean
  readonly onSaveDraft: () => void
  readonly onDiscardDraft: () => void
  readonly onDelete: () => void
  readonly onCopy: () => void
  readonly onUndo: () => void
  readonly onSelectAll: () => void
  readonly onSelectRow: () => void
  readonly onClearSelection: () => void
}

/** What a key does on the active cell. False: it is none of the grid's, and goes on to the page. */
export function pressGridKey(event: KeyboardEvent, grid: GridKeys): boolean {
  const { columns, cursor, editing, onDraft } = grid
  const { active, tabbing } = cursor
  const step = stepOfKey(event)
  const mod = isMac ? event.metaKey : event.ctrlKey
  const key = event.key.toLowerCase()
  if (step && !event.altKey) cursor.move(active, step)
  else if (event.key === 'Tab' && (tabbing.current || onDraft))
    cursor.move(active, event.shiftKey ? 'previous' : 'next')
  else if (mod && event.key === 'Enter' && grid.drafting) grid.onSaveDraft()
  else if (event.key === 'Enter' && onDraft && event.shiftKey) grid.onSaveDraft()
  else if (event.key === 'Enter' || event.key === 'F2') editing.open(active)
  else if (mod && event.key === 'Backspace') grid.onDelete()
  else if (event.key === 'Delete' || event.key === 'Backspace') editing.setNull(active)
  else if (mod && key === 'c' && !event.shiftKey) grid.onCopy()
  else if (mod && key === 'z' && !event.shiftKey) grid.onUndo()
  else if (mod && key === 'a') grid.onSelectAll()
  else if (event.key === ' ' && event.shiftKey) grid.onSelectRow()
  else if (event.key === ' ' && editing.toggle(active)) return true
  else if (event.key === 'Escape') {
    if (onDraft) grid.onDiscardDraft()
    else if (grid.selecting) grid.onClearSelection()
    else {
      tabbing.current = false
      return false
    }
  } else if (isTyped(event)) {
    const column = columns[active.column]
    if (column && !column.type.array && column.type.base === 'boolean') editing.open(active)
    else editing.open(active, event.key)
  } else return false
  return true
}

function isTyped({ key, ctrlKey, metaKey, altKey, nativeEvent }: KeyboardEvent): boolean {
  return isTypedCharacter({ key, ctrlKey, metaKey, altKey, isComposing: nativeEvent.isComposing })
}
