import {
  ContextMenu,
  ContextMenuContent,
  ContextMenuItem,
  ContextMenuSeparator,
  ContextMenuTrigger,
} from '@renderer/ui/menu'
import { toast } from '@renderer/ui/toast'
import { ClipboardPaste, Pencil, SquareDashed, StickyNote, Table2, Trash2 } from 'lucide-react'
import { type MouseEvent, type ReactNode, useState } from 'react'
import { useReactFlow } from 'reactflow'
import { type CanvasActions, useActions } from './canvas-actions'
import { nodeIds, parseNodeId } from './canvas-graph'
import { pasteTables, readClip } from './clipboard'
import { spotAt } from './connect-layer'
import type { Point } from './place-tables'
import { type SpotAction, spotActions } from './spot-actions'

/** The right button on the canvas: the menu of what it was pressed on. */
export function CanvasMenu({ fixed, children }: { readonly fixed: boolean; readonly children: ReactNode }) {
  const actions = useActions()
  const flow = useReactFlow()
  const [items, setItems] = useState<readonly (SpotAction | null)[]>([])

  function choose(event: MouseEvent) {
    const screen = { x: event.clientX, y: event.clientY }
    const spot = spotAt(screen.x, screen.y)
    const node =
      event.target instanceof Element ? event.target.closest('.react-flow__node')?.getAttribute('data-id') : null
    if (fixed) return setItems([])
    if (spot && actions.schema.tables.some(({ name }) => name === spot.table)) {
      const id = nodeIds.table(spot.table)
      const { selected } = actions.ui.now()
      actions.ui.set({ column: spot.column === null ? null : spot, selected: selected.includes(id) ? selected : [id] })
      return setItems(spotActions(actions, spot, { where: 'canvas', at: screen }))
    }
    if (node) return setItems(frameActions(actions, node))
    setItems(paneActions(actions, flow.screenToFlowPosition(screen)))
  }

  return (
    <ContextMenu>
      <ContextMenuTrigger onContextMenuCapture={choose}>{children}</ContextMenuTrigger>
      {items.length === 0 ? null : (
        <ContextMenuContent>
          {items.map((item, index) =>
            item === null ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a rule has nothing else
              <ContextMenuSeparator key={index} />
            ) : (
              <ContextMenuItem
                key={item.label}
                icon={item.icon}
                shortcut={item.shortcut}
                danger={item.danger === true}
                onSelect={item.run}
              >
                {item.label}
              </ContextMenuItem>
            ),
          )}
        </ContextMenuContent>
      )}
    </ContextMenu>
  )
}

function frameActions(actions: CanvasActions, id: string): readonly SpotAction[] {
  const { kind } = parseNodeId(id)
  const remove: SpotAction = {
    label: `Delete ${kind}`,
    icon: Trash2,
    shortcut: 'Delete',
    danger: true,
    run() {
      actions.ui.set({ selected: [id], column: null, relation: null })
      actions.removeSelected()
    },
  }
  const edit: SpotAction = {
    label: kind === 'area' ? 'Rename' : 'Edit',
    icon: Pencil,
    shortcut: 'F2',
    run: () => actions.ui.set({ renaming: { table: id, column: null, where: 'canvas' } }),
  }
  return [edit, remove]
}

function paneActions(actions: CanvasActions, at: Point): readonly (SpotAction | null)[] {
  return [
    { label: 'Add table here', icon: Table2, run: () => actions.addTable(at) },
    { label: 'Add area', icon: SquareDashed, run: () => actions.addArea(at) },
    { label: 'Add note', icon: StickyNote, run: () => actions.addNote(at) },
    null,
    { label: 'Paste tables', icon: ClipboardPaste, shortcut: 'Mod+V', run: () => void pasteFromClipboard(actions, at) },
  ]
}

export async function pasteFromClipboard(actions: CanvasActions, at?: Point): Promise<void> {
  let text: string
  try {
    text = await navigator.clipboard.readText()
  } catch {
    toast.error('The clipboard cannot be read here. Press Ctrl+V or ⌘V on the canvas to paste.')
    return
  }
  const tables = readClip(text)
  if (tables) pasteTables(actions, tables, at)
  else toast.error('There are no tables in the clipboard. Copy some on a canvas first.')
}
