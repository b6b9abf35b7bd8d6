import type { Edge, Node } from 'reactflow'
import type { Area, CanvasLayout, Note, Place } from './canvas-layout'
import type { Mark, ShownTable } from './shown-tables'
import { tableHeight, tableWidth } from './table-geometry'

export interface TableData {
  readonly shown: ShownTable
  readonly pinned: boolean
  /** Not in focus: drawn faintly. */
  readonly dim: boolean
  /** Part of a proposal: its marks are ghosts. */
  readonly ghost: boolean
  /** Nothing can be changed: a version, or a comparison. */
  readonly fixed: boolean
}

export interface RelationData {
  /** The column refers alone to at most one record, and at most one record refers to each. */
  readonly oneToOne: boolean
  readonly optional: boolean
  readonly mark: Mark
  readonly ghost: boolean
  readonly dim: boolean
}

export type TableNode = Node<TableData, 'table'>
export type AreaNode = Node<{ readonly area: Area; readonly fixed: boolean }, 'area'>
export type NoteNode = Node<{ readonly note: Note; readonly fixed: boolean }, 'note'>
export type RelationEdge = Edge<RelationData>

export const nodeIds = {
  table: (name: string) => `table:${name}`,
  area: (id: string) => `area:${id}`,
  note: (id: string) => `note:${id}`,
} as const

/** What a node id stands for. */
export function parseNodeId(id: string): { readonly kind: 'table' | 'area' | 'note'; readonly key: string } {
  const [kind = '', ...rest] = id.split(':')
  const key = rest.join(':')
  return { kind: kind === 'area' || kind === 'note' ? kind : 'table', key }
}

export function edgeId(table: string, column: string): string {
  return `${table}.${column}`
}

export interface GraphInput {
  readonly tables: readonly ShownTable[]
  readonly layout: CanvasLayout
  /** Where tables lie that are not in the layout. */
  readonly places: Readonly<Record<string, Place>>
  readonly selected: ReadonlySet<string>
  /** Null when all tables are in focus. */
  readonly inFocus: ReadonlySet<string> | null
  readonly ghost: boolean
  readonly fixed: boolean
}

const origin: Place = { x: 0, y: 0 }

/** The nodes in the order in which they are painted: areas, tables, notes. */
export function tableNodes(input: GraphInput): TableNode[] {
  return input.tables.map((shown) => {
    const { name } = shown.table
    const place = input.layout.tables[name] ?? input.places[name] ?? origin
    const height = tableHeight(shown.columns.length)
    return {
      id: nodeIds.table(name),
      type: 'table',
      position: { x: place.x, y: place.y },
      width: tableWidth,
      height,
      style: { width: tableWidth, height },
      selected: input.selected.has(nodeIds.table(name)),
      ariaLabel: `Table ${name}`,
      data: {
        shown,
        pinned: place.pinned === true,
        dim: input.inFocus !== null && !input.inFocus.has(name),
        ghost: input.ghost,
        fixed: input.fixed,
      },
    }
  })
}

export function areaNodes({ layout, selected, fixed }: GraphInput): AreaNode[] {
  return Object.entries(layout.areas).map(([id, area]) => ({
    ...framed(nodeIds.area(id), area, selected),
    type: 'area' as const,
    zIndex: -1,
    ariaLabel: `Area ${area.name}`,
    data: { area, fixed },
  }))
}

export function noteNodes({ layout, selected, fixed }: GraphInput): NoteNode[] {
  return Object.entries(layout.notes).map(([id, note]) => ({
    ...framed(nodeIds.note(id), note, selected),
    type: 'note' as const,
    zIndex: 1,
    ariaLabel: 'Note',
    data: { note, fixed },
  }))
}

function framed(id: string, { x, y, width, height }: Area | Note, selected: ReadonlySet<string>) {
  return { id, position: { x, y }, width, height, style: { width, height }, selected: selected.has(id) }
}

export function relationEdgesOf({ tables, inFocus, ghost }: GraphInput, chosen: string | null): RelationEdge[] {
  const names = new Set(tables.map(({ table }) => table.name))
  return tables.flatMap(({ table, columns, mark }) =>
    columns.flatMap(({ column, mark: columnMark }) => {
      const { references } = column
      if (!references || !names.has(references.table)) return []
      const id = edgeId(table.name, column.name)
      return {
        id,
        type: 'relation',
        source: nodeIds.table(table.name),
        sourceHandle: column.name,
        target: nodeIds.table(references.table),
        targetHandle: references.column,
        selected: chosen === id,
        ariaLabel: `${table.name}.${column.name} refers to ${references.table}.${references.column}`,
        data: {
          oneToOne: column.unique === true,
          optional: column.required !== true && column.primary_key !== true,
          mark: mark === 'same' ? 'same' : columnMark,
          ghost,
          dim: inFocus !== null && !(inFocus.has(table.name) && inFocus.has(references.table)),
        },
      }
    }),
  )
}

/** The tables up to so many references away, in either direction. */
export function withinHops(tables: readonly ShownTable[], start: string, hops: number): ReadonlySet<string> {
  const next = new Map<string, Set<string>>()
  const link = (a: string, b: string) => next.set(a, (next.get(a) ?? new Set()).add(b))
  for (const { table } of tables)
    for (const { references } of table.columns)
      if (references) {
        link(table.name, references.table)
        link(references.table, table.name)
      }
  const found = new Set([start])
  let edge = [start]
  for (let hop = 0; hop < hops; hop += 1) {
    edge = edge.flatMap((name) => [...(next.get(name) ?? [])].filter((other) => !found.has(other)))
    for (const name of edge) found.add(name)
  }
  return found
}
