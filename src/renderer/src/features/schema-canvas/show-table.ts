import type { ReactFlowInstance } from 'reactflow'
import { nodeIds } from './canvas-graph'
import type { CanvasUi } from './canvas-ui'

/** Brings a table into the middle, near enough to be read, and selects it. */
export function showTable(flow: ReactFlowInstance, ui: CanvasUi, table: string): void {
  const node = flow.getNode(nodeIds.table(table))
  if (!node) return
  ui.set({ selected: [node.id], relation: null })
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  void flow.setCenter(node.position.x + (node.width ?? 0) / 2, node.position.y + Math.min(node.height ?? 0, 400) / 2, {
    zoom: Math.max(flow.getZoom(), 0.9),
    duration: still ? 0 : 200,
  })
}
