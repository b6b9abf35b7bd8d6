import type { LucideIcon } from 'lucide-react'
import {
  ArrowDown,
  ArrowUp,
  Columns3,
  Copy,
  CopyPlus,
  Focus,
  Link2,
  Link2Off,
  Pencil,
  Pin,
  PinOff,
  SlidersHorizontal,
  SquareCheck,
  Trash2,
} from 'lucide-react'
import type { CanvasActions } from './canvas-actions'
import { nodeIds } from './canvas-graph'
import type { SchemaSpot, Where } from './canvas-ui'
import { copyTables, duplicateTables } from './clipboard'
import type { Point } from './place-tables'

/** One line of the menu of a table or a column; null is a rule between groups. */
export interface SpotAction {
  readonly label: string
  readonly icon: LucideIcon
  readonly shortcut?: string
  readonly danger?: boolean
  readonly run: () => void
}

/** Where the menu is open, and where a question that follows would be. */
export interface MenuPlace {
  readonly where: Where
  readonly at: Point
}

/** What can be done with a table or column, the same in the canvas' menu and the outline's. */
export function spotActions(
  actions: CanvasActions,
  spot: SchemaSpot,
  place: MenuPlace,
): readonly (SpotAction | null)[] {
  return spot.column === null
    ? tableActions(actions, spot.table, place)
    : columnActions(actions, { table: spot.table, column: spot.column }, place)
}

function tableActions(actions: CanvasActions, table: string, { where, at }: MenuPlace): readonly (SpotAction | null)[] {
  const { ui, store } = actions
  const lies = store.state().layout.tables[table]
  const pinned = lies?.pinned === true
  return [
    { label: 'Rename', icon: Pencil, shortcut: 'F2', run: () => ui.set({ renaming: { table, column: null, where } }) },
    {
      label: 'Add column',
      icon: Columns3,
      run: () => actions.addColumn(table, { name: 'text', type: 'text' }, { where }),
    },
    { label: 'Connect to', icon: Link2, run: () => ui.set({ linking: { table, column: null, at } }) },
    {
      label: 'Comment and rules',
      icon: SlidersHorizontal,
      run: () => ui.set({ details: { table, column: null } }),
    },
    null,
    { label: 'Copy', icon: Copy, shortcut: 'Mod+C', run: () => void copyTables(actions, [table]) },
    { label: 'Duplicate', icon: CopyPlus, shortcut: 'Mod+D', run: () => duplicateTables(actions, [table]) },
    {
      label: 'Focus with neighbours',
      icon: Focus,
      run: () => ui.set({ focus: { table, hops: 1 }, selected: [nodeIds.table(table)] }),
    },
    ...(lies
      ? [
          {
            label: pinned ? 'Unpin' : 'Pin in place',
            icon: pinned ? PinOff : Pin,
            run: () => actions.pin(table, !pinned, lies),
          },
        ]
      : []),
    null,
    {
      label: 'Delete table',
      icon: Trash2,
      shortcut: 'Delete',
      danger: true,
      run: () => actions.remove({ table, column: null }),
    },
  ]
}

function columnActions(
  actions: CanvasActions,
  spot: { readonly table: string; readonly column: string },
  { where, at }: MenuPlace,
): readonly (SpotAction | null)[] {
  const { ui, schema } = actions
  const columns = schema.tables.find(({ name }) => name === spot.table)?.columns ?? []
  const index = columns.findIndex(({ name }) => name === spot.column)
  const column = columns[index]
  if (!column) return []
  const change = (patch: Parameters<CanvasActions['change']>[1]) => actions.changeOrSay(spot, patch)
  return [
    { label: 'Rename', icon: Pencil, shortcut: 'F2', run: () => ui.set({ renaming: { ...spot, where } }) },
    {
      label: 'Type, default and more',
      icon: SlidersHorizontal,
      shortcut: 'Enter',
      run: () => ui.set({ details: spot }),
    },
    {
      label: column.required ? 'Make optional' : 'Make required',
      icon: SquareCheck,
      run: () => change({ required: !column.required }),
    },
    {
      label: column.unique ? 'Let values repeat' : 'Make unique',
      icon: SquareCheck,
      run: () => change({ unique: !column.unique }),
    },
    null,
    column.references
      ? { label: 'Disconnect', icon: Link2Off, run: () => actions.removeRelation(`${spot.table}.${spot.column}`) }
      : { label: 'Connect to', icon: Link2, run: () => ui.set({ linking: { ...spot, at } }) },
    ...(index > 0
      ? [
          {
            label: 'Move up',
            icon: ArrowUp,
            shortcut: 'Alt+ArrowUp',
            run: () => actions.moveColumn(spot.table, spot.column, index - 1),
          },
        ]
      : []),
    ...(index < columns.length - 1
      ? [
          {
            label: 'Move down',
            icon: ArrowDown,
            shortcut: 'Alt+ArrowDown',
            run: () => actions.moveColumn(spot.table, spot.column, index + 2),
          },
        ]
      : []),
    null,
    { label: 'Delete column', icon: Trash2, shortcut: 'Delete', danger: true, run: () => actions.remove(spot) },
  ]
}
