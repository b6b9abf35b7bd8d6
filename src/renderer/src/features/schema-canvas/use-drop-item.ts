import { useCallback } from 'react'
import { useReactFlow } from 'reactflow'
import { useActions } from './canvas-actions'
import type { PaletteItem } from './palette-items'
import type { Point } from './place-tables'

interface Landing {
  readonly table: string
  readonly index: number
}

/** Makes what was dropped: on the canvas at `at`, or into a table; `screen` is where a question would open. */
export function useDropItem() {
  const actions = useActions()
  return useCallback(
    (item: PaletteItem, at: Point, screen: Point, landing: Landing | null) => {
      switch (item.kind) {
        case 'table':
          actions.addTable(at)
          return
        case 'area':
          actions.addArea({ x: at.x - 320, y: at.y - 24 })
          return
        case 'note':
          actions.addNote({ x: at.x - 112, y: at.y - 24 })
          return
        case 'relation':
          actions.ui.set({ linking: { table: landing?.table ?? null, column: null, at: screen } })
          return
        case 'column':
          if (landing) actions.addColumn(landing.table, item, { position: landing.index })
          else actions.addTable(at, [{ name: item.name, type: item.type }])
      }
    },
    [actions],
  )
}

/** The same for a click or Enter on the palette: into the selected table, or in the middle of what is seen. */
export function useAddItem() {
  const actions = useActions()
  const flow = useReactFlow()
  const drop = useDropItem()
  return useCallback(
    (item: PaletteItem) => {
      const box = document.querySelector('[data-canvas]')?.getBoundingClientRect()
      const screen = box ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : { x: 0, y: 0 }
      const selected = actions.ui
        .now()
        .selected.find((id) => id.startsWith('table:'))
        ?.slice('table:'.length)
      const table = actions.schema.tables.find(({ name }) => name === selected)
      drop(
        item,
        flow.screenToFlowPosition(screen),
        screen,
        table ? { table: table.name, index: table.columns.length } : null,
      )
    },
    [actions, flow, drop],
  )
}
