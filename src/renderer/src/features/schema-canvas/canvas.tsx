import 'reactflow/dist/base.css'
import './canvas.css'
import { useDroppable } from '@dnd-kit/core'
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import ReactFlow, {
  Background,
  BackgroundVariant,
  MiniMap,
  type Node,
  type NodeChange,
  type NodeDragHandler,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
} from 'reactflow'
import { AreaNode } from './area-node'
import { useActions } from './canvas-actions'
import { areaNodes, nodeIds, noteNodes, parseNodeId, relationEdgesOf, tableNodes, withinHops } from './canvas-graph'
import type { CanvasLayout, Place } from './canvas-layout'
import { useMoment } from './canvas-ui'
import { insideArea, type Moving, movedTo, moveLabel, moveTo, type Size } from './moving-nodes'
import { NoteNode } from './note-node'
import type { Point } from './place-tables'
import { RelationLine } from './relation-line'
import { RowAnchors } from './row-anchors'
import { keepEqual } from './same-nodes'
import type { ShownTable } from './shown-tables'
import { TableNode } from './table-node'
import { rememberViewport, viewportOf } from './viewports'

const nodeTypes = { table: TableNode, area: AreaNode, note: NoteNode }
const edgeTypes = { relation: RelationLine }
const snapGrid: [number, number] = [8, 8]
const nothingMoving: Moving = new Map()

export interface CanvasProps {
  /** Its viewport is remembered under this name. */
  readonly viewKey: string
  readonly tables: readonly ShownTable[]
  readonly layout: CanvasLayout
  /** Where the tables lie that are not in the layout: ghosts, or of an older version. */
  readonly places: Readonly<Record<string, Place>>
  readonly ghost: boolean
  readonly fixed: boolean
  /** Places that are shown while an arrangement is on its way to them. */
  readonly arranging: Moving | null
  readonly minimap: boolean
  readonly onRelation: (id: string, at: Point) => void
}

export function Canvas(props: CanvasProps) {
  const { tables, layout, places, ghost, fixed, arranging } = props
  const actions = useActions()
  const { ui, store } = actions
  const flow = useReactFlow()
  const selectedIds = useMoment(({ selected }) => selected)
  const focus = useMoment((moment) => moment.focus)
  const relation = useMoment((moment) => moment.relation)
  const [moving, setMoving] = useState<Moving>(nothingMoving)
  const latest = useRef(moving)
  latest.current = moving
  const alongside = useRef<ReadonlyMap<string, Point>>(new Map())
  const last = useRef<Node[]>([])
  const { setNodeRef } = useDroppable({ id: 'canvas' })

  const graph = useMemo(() => {
    const inFocus = focus ? withinHops(tables, focus.table, focus.hops) : null
    return { tables, layout, places, selected: new Set(selectedIds), inFocus, ghost, fixed }
  }, [tables, layout, places, selectedIds, focus, ghost, fixed])
  const still = useMemo(() => {
    const next: Node[] = [...areaNodes(graph), ...tableNodes(graph), ...noteNodes(graph)]
    last.current = keepEqual(last.current, next)
    return last.current
  }, [graph])
  const edges = useMemo(() => relationEdgesOf(graph, relation), [graph, relation])
  const shifted = arranging ?? moving
  const nodes = useMemo(
    () =>
      shifted.size === 0
        ? still
        : still.map((node) => {
            const place = shifted.get(node.id)
            return place ? movedTo(node, place) : node
          }),
    [still, shifted],
  )

  const onNodesChange = useCallback(
    (changes: readonly NodeChange[]) => {
      const moves = new Map<string, Point>()
      const sizes = new Map<string, Size>()
      let selected: Set<string> | null = null
      for (const change of changes) {
        if (change.type === 'position' && change.position)
          moves.set(change.id, { ...moves.get(change.id), ...change.position })
        if (change.type === 'dimensions' && change.resizing && change.dimensions)
          sizes.set(change.id, change.dimensions)
        if (change.type === 'select') {
          selected ??= new Set(ui.now().selected)
          if (change.selected) selected.add(change.id)
          else selected.delete(change.id)
        }
      }
      if (selected) ui.set({ selected: [...selected] })
      if (fixed || moves.size + sizes.size === 0) return
      for (const [id, size] of sizes) {
        const at = moves.get(id) ?? latest.current.get(id) ?? flow.getNode(id)?.position
        if (at) moves.set(id, { ...at, ...size })
      }
      setMoving((now) => withFollowers(now, moves, alongside.current))
    },
    [ui, flow, fixed],
  )

  const onDragStart = useCallback<NodeDragHandler>(
    (_event, _node, dragged) => {
      const now = new Map(last.current.map((node) => [node.id, node.position]))
      const followers = dragged.flatMap(({ id }) => {
        const { kind, key } = parseNodeId(id)
        return kind === 'area' ? insideArea(layout, tables, key).map((inside) => [inside, id] as const) : []
      })
      const own = new Set(dragged.map(({ id }) => id))
      alongside.current = new Map(
        followers.flatMap(([inside, area]) => {
          const start = now.get(inside)
          const from = now.get(area)
          if (!start || !from || own.has(inside)) return []
          return [[`${area}\n${inside}`, { x: start.x - from.x, y: start.y - from.y }] as const]
        }),
      )
    },
    [layout, tables],
  )
  const onDragStop = useCallback(() => {
    alongside.current = new Map()
    const { schema, layout: now } = store.state()
    const names = new Set(schema.tables.map(({ name }) => name))
    const isGhost = (id: string) => parseNodeId(id).kind === 'table' && !names.has(parseNodeId(id).key)
    const ghosts = [...latest.current].filter(([id]) => isGhost(id))
    const places = new Map([...latest.current].filter(([id]) => !isGhost(id)))
    if (ghosts.length > 0)
      store.moveGhosts(Object.fromEntries(ghosts.map(([id, { x, y }]) => [parseNodeId(id).key, { x, y }])))
    if (places.size > 0) store.arrange(moveLabel(places), moveTo(now, places))
  }, [store])
  // Once it is in the layout, the layout says where things are.
  // biome-ignore lint/correctness/useExhaustiveDependencies: that is the moment
  useEffect(() => setMoving(nothingMoving), [layout, places])

  // What is renamed has to be near enough to be read.
  const renaming = useMoment((moment) => moment.renaming)
  useEffect(() => {
    if (!renaming || flow.getZoom() >= 0.66) return
    const node = flow.getNode(nodeIds.table(renaming.table))
    if (node) void flow.setCenter(node.position.x + 132, node.position.y + 120, { zoom: 1 })
  }, [renaming, flow])

  function onKeyDown(event: KeyboardEvent) {
    const step = event.shiftKey ? 40 : 8
    const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key]
    if (!by || fixed || event.target !== event.currentTarget) return
    const [dx = 0, dy = 0] = by
    const places = new Map(
      last.current
        .filter(({ selected }) => selected)
        .map(({ id, position: { x, y } }) => [id, { x: x + dx, y: y + dy }]),
    )
    if (places.size === 0) return
    event.preventDefault()
    store.arrange(moveLabel(places), moveTo(store.state().layout, places), `arrows ${[...places.keys()].join(' ')}`)
  }

  return (
    <section
      ref={setNodeRef}
      aria-label="Canvas"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move what is selected on it
      tabIndex={0}
      data-canvas
      className="relative size-full focus-visible:outline-offset-[-2px]"
      onKeyDown={onKeyDown}
    >
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onNodeDragStart={onDragStart}
        onNodeDragStop={onDragStop}
        onSelectionDragStart={(event, dragged) => dragged[0] && onDragStart(event, dragged[0], dragged)}
        onSelectionDragStop={onDragStop}
        onEdgeClick={(event, edge) => {
          ui.set({ relation: edge.id, selected: [], column: null })
          props.onRelation(edge.id, { x: event.clientX, y: event.clientY })
        }}
        onPaneClick={(event: MouseEvent) => {
          ui.set({ selected: [], column: null, relation: null, details: null })
          if (event.target instanceof Element) event.target.closest<HTMLElement>('[data-canvas]')?.focus()
        }}
        onMoveEnd={(_event, viewport) => rememberViewport(props.viewKey, viewport)}
        {...initialView(props)}
        minZoom={0.05}
        maxZoom={2}
        onlyRenderVisibleElements
        nodesDraggable={!fixed}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elevateNodesOnSelect={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        selectionMode={SelectionMode.Partial}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={['Meta', 'Control']}
        zoomOnDoubleClick={false}
        snapToGrid
        snapGrid={snapGrid}
        proOptions={{ hideAttribution: true }}
      >
        <RowAnchors />
        <Background variant={BackgroundVariant.Dots} gap={24} size={1.2} className="schema-dots" />
        {props.minimap ? (
          <MiniMap
            pannable
            zoomable
            ariaLabel="Map of the canvas"
            nodeClassName={miniClass}
            nodeBorderRadius={12}
            className="schema-map"
          />
        ) : null}
      </ReactFlow>
    </section>
  )
}

/** The canvas with what its surroundings need to move it. */
export { ReactFlowProvider as CanvasProvider }

function withFollowers(now: Moving, moves: Moving, followers: ReadonlyMap<string, Point>): Moving {
  const next = new Map([...now, ...moves])
  for (const [pair, offset] of followers) {
    const [area = '', inside = ''] = pair.split('\n')
    const at = moves.get(area)
    if (at) next.set(inside, { x: at.x + offset.x, y: at.y + offset.y })
  }
  return next
}

function miniClass(node: Node): string {
  return `schema-map-${parseNodeId(node.id).kind}`
}

function initialView({ viewKey }: CanvasProps) {
  const viewport = viewportOf(viewKey)
  return viewport ? { defaultViewport: viewport } : { fitView: true, fitViewOptions: { padding: 0.12, maxZoom: 1 } }
}
