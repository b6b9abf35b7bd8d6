import type { ReactFlowInstance } from 'reactflow'
import { nodeIds } from './canvas-graph'
import { around, contains } from './table-geometry'

/** Brings tables into view that came or differ, unless all of them can be seen already. */
export function showNew(flow: ReactFlowInstance, names: readonly string[]): void {
  const nodes = names.flatMap((name) => flow.getNode(nodeIds.table(name)) ?? [])
  const box = around(
    nodes.map(({ position, width, height }) => ({ ...position, width: width ?? 0, height: height ?? 0 })),
  )
  const pane = document.querySelector('[data-canvas]')?.getBoundingClientRect()
  if (!box || !pane) return
  const { x, y, zoom } = flow.getViewport()
  const seen = { x: -x / zoom, y: -y / zoom, width: pane.width / zoom, height: pane.height / zoom }
  if (contains(seen, box)) return
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
  void flow.fitView({ nodes, padding: 0.12, maxZoom: 1, duration: still ? 0 : 200 })
}
