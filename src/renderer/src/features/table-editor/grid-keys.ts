import { isMac } from '@renderer/ui/platform'
import type { KeyboardEvent } from 'react'
import type { GridColumn } from './grid-column'
import { isTypedCharacter, stepOfKey } from './grid-position'
import { isOneCell } from './grid-range'
import type { CellEditing } from './use-cell-editing'
import type { GridCursor } from './use-grid-cursor'

export interface GridKeys {
  readonly columns: readonly GridColumn[]
  readonly cursor: GridCursor
  readonly editing: CellEditing
  /** The active cell is in a new record. */
  readonly onNew: boolean
  readonly selecting: boolean
  readonly onDelete: () => void
  readonly onClear: (to: 'empty' | 'null') => void
  readonly onFillDown: () => void
  readonly onUndo: () => void
  readonly onRedo: () => void
  readonly onSelectShown: () => void
  readonly onSelectAll: () => void
  readonly onSelectRow: () => void
  readonly onClearSelection: () => void
  readonly onOpenRecord: () => void
}

/** What a key does on the active cell. False: it is none of the grid's, and goes on to the page. */
export function pressGridKey(event: KeyboardEvent, grid: GridKeys): boolean {
  const { columns, cursor, editing, onNew } = grid
  const { active, tabbing } = cursor
  const step = stepOfKey(event)
  const mod = isMac ? event.metaKey : event.ctrlKey
  const key = event.key.toLowerCase()
  if (step && !event.altKey) cursor.move(active, step, event.shiftKey)
  else if (event.key === 'Tab' && (tabbing.current || onNew)) cursor.move(active, event.shiftKey ? 'previous' : 'next')
  else if (mod && event.key === 'Enter') return false
  else if (event.key === 'Enter' && event.shiftKey)
    editing.open(active, undefined, hasLargeEditor(columns[active.column]))
  else if (event.key === 'Enter' || event.key === 'F2') editing.open(active)
  else if (mod && event.key === 'Backspace') grid.onDelete()
  else if (event.key === 'Delete') grid.onClear('empty')
  else if (event.key === 'Backspace') grid.onClear('null')
  else if (mod && key === 'd') grid.onFillDown()
  else if (mod && (key === 'y' || (key === 'z' && event.shiftKey))) grid.onRedo()
  else if (mod && key === 'z') grid.onUndo()
  else if (mod && key === 'a' && event.shiftKey) grid.onSelectAll()
  else if (mod && key === 'a') grid.onSelectShown()
  else if (event.key === ' ' && event.shiftKey) grid.onSelectRow()
  else if (event.key === ' ' && !mod) {
    if (!editing.toggle(active)) grid.onOpenRecord()
  } else if (event.key === 'Escape') {
    if (!isOneCell(cursor.range)) cursor.go(active)
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

/** Long text and JSON have a window of their own. */
function hasLargeEditor(column: GridColumn | undefined): boolean {
  if (!column || column.secret || column.schema.references) return false
  return column.type.array || ['text', 'varchar', 'jsonb'].includes(column.type.base)
}

function isTyped({ key, ctrlKey, metaKey, altKey, nativeEvent }: KeyboardEvent): boolean {
  return isTypedCharacter({ key, ctrlKey, metaKey, altKey, isComposing: nativeEvent.isComposing })
}
