import type { SchemaEdit } from '@shared/domain/schema-edit'

/** Where a table lies, in canvas pixels; a pinned one keeps its place when the rest is arranged. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly pinned?: boolean | undefined
}

export const areaHues = ['grey', 'blue', 'green', 'amber', 'red', 'violet'] as const
export type AreaHue = (typeof areaHues)[number]

/** A named, coloured rectangle behind the tables; what lies in it moves with it. */
export interface Area extends Place {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly hue: AreaHue
}

export interface Note extends Place {
  readonly text: string
  readonly width: number
  readonly height: number
}

/** Everything on the canvas that is no schema. Tables are known by their name, areas and notes by an id. */
export interface CanvasLayout {
  readonly tables: Readonly<Record<string, Place>>
  readonly areas: Readonly<Record<string, Area>>
  readonly notes: Readonly<Record<string, Note>>
}

export const emptyLayout: CanvasLayout = Object.freeze({ tables: {}, areas: {}, notes: {} })

/** What changes: null takes something away, what is not named stays. */
export interface LayoutPatch {
  readonly tables?: Readonly<Record<string, Place | null>> | undefined
  readonly areas?: Readonly<Record<string, Area | null>> | undefined
  readonly notes?: Readonly<Record<string, Note | null>> | undefined
}

export function patchLayout(layout: CanvasLayout, patch: LayoutPatch | undefined): CanvasLayout {
  if (!patch) return layout
  return {
    tables: patched(layout.tables, patch.tables),
    areas: patched(layout.areas, patch.areas),
    notes: patched(layout.notes, patch.notes),
  }
}

/** The layout goes with a table that is renamed or dropped. */
export function followEdit(layout: CanvasLayout, edit: SchemaEdit): CanvasLayout {
  if (edit.type !== 'renameTable' && edit.type !== 'dropTable') return layout
  const place = layout.tables[edit.table]
  if (!place) return layout
  const renamed = edit.type === 'renameTable' && edit.name !== edit.table ? { [edit.name]: place } : {}
  return patchLayout(layout, { tables: { [edit.table]: null, ...renamed } })
}

function patched<Value>(
  before: Readonly<Record<string, Value>>,
  patch: Readonly<Record<string, Value | null>> | undefined,
): Readonly<Record<string, Value>> {
  if (!patch) return before
  const next = new Map(Object.entries(before))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) next.delete(key)
    else next.set(key, value)
  }
  return Object.fromEntries(next)
}
