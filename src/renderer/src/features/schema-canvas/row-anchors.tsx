import type { TableSchema } from '@shared/domain/table-schema'
import { useEffect } from 'react'
import { type HandleElement, internalsSymbol, type Node, type NodeHandleBounds, Position, useStoreApi } from 'reactflow'
import type { TableData } from './canvas-graph'
import { rowMiddle } from './table-geometry'

const known = new WeakMap<TableSchema, NodeHandleBounds>()

/**
 * Tells React Flow where relations end without an element for each end: by the rows' geometry. It would measure
 * handles in the page, of which there would be thousands, and knows none for tables out of sight.
 */
export function RowAnchors() {
  const store = useStoreApi()
  useEffect(() => {
    const anchor = () => {
      const { nodeInternals } = store.getState()
      let changed: typeof nodeInternals | null = null
      for (const [id, node] of nodeInternals) {
        if (!isTable(node)) continue
        const bounds = boundsOf(node.data.shown.table)
        if (node[internalsSymbol]?.handleBounds === bounds) continue
        changed ??= new Map(nodeInternals)
        changed.set(id, { ...node, [internalsSymbol]: { ...node[internalsSymbol], handleBounds: bounds } })
      }
      if (changed) store.setState({ nodeInternals: changed })
    }
    anchor()
    return store.subscribe((state, last) => {
      if (state.nodeInternals !== last.nodeInternals) anchor()
    })
  }, [store])
  return null
}

function isTable(node: Node): node is Node<TableData> {
  return node.type === 'table'
}

/** Every end is at the left edge of its row; the line itself chooses the side. */
function boundsOf(table: TableSchema): NodeHandleBounds {
  const made = known.get(table)
  if (made) return made
  const ends = table.columns.map(
    ({ name }, index): HandleElement => ({
      id: name,
      position: Position.Left,
      x: 0,
      // React Flow takes the size of the node for a handle that has none.
      y: rowMiddle(index) - 0.5,
      width: 1,
      height: 1,
    }),
  )
  const bounds: NodeHandleBounds = { source: ends, target: ends }
  known.set(table, bounds)
  return bounds
}
