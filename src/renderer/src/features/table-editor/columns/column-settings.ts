import type { SavedView } from '@shared/contract/views.contract'
import { firstWidth, type GridColumn } from '../grid-column'

/** How a column is shown; in the order of the list. */
export type ColumnSetting = SavedView['columns'][number]

/** The columns of a table as somebody wants to see them. */
export interface ShownColumns {
  readonly shown: readonly GridColumn[]
  readonly hidden: readonly GridColumn[]
  /** How many of the first ones stay at the left; null leaves it to the room there is. */
  readonly pinned: number | null
  /** By column name, of those somebody has resized. */
  readonly widths: Readonly<Record<string, number>>
}

/** Pinned ones come first; columns that nobody has said anything about come last, as the table has them. */
export function showColumns(columns: readonly GridColumn[], settings: readonly ColumnSetting[]): ShownColumns {
  const ordered = orderedColumns(columns, settings)
  const settingOf = new Map(settings.map((setting) => [setting.column, setting]))
  const isPinned = ({ name }: GridColumn) => settingOf.get(name)?.pinned === true
  const visible = ordered.filter(({ name }) => settingOf.get(name)?.hidden !== true)
  // A grid without a column is a grid without a way back.
  const shown = visible.length > 0 ? visible : ordered.slice(0, 1)
  const pinned = shown.filter(isPinned)
  return {
    shown: [...pinned, ...shown.filter((column) => !isPinned(column))],
    hidden: ordered.filter((column) => !shown.includes(column)),
    pinned: settings.some((setting) => setting.pinned !== undefined) ? pinned.length : null,
    widths: Object.fromEntries(settings.flatMap(({ column, width }) => (width === undefined ? [] : [[column, width]]))),
  }
}

export function orderedColumns(
  columns: readonly GridColumn[],
  settings: readonly ColumnSetting[],
): readonly GridColumn[] {
  const placed = settings.flatMap(({ column }) => columns.find(({ name }) => name === column) ?? [])
  return [...placed, ...columns.filter((column) => !placed.includes(column))]
}

export type ColumnChange =
  | { readonly kind: 'width'; readonly column: string; readonly width: number }
  | { readonly kind: 'hidden'; readonly column: string; readonly hidden: boolean }
  | { readonly kind: 'pinned'; readonly column: string; readonly pinned: boolean }
  /** Into the place of another column, which moves on. */
  | { readonly kind: 'move'; readonly column: string; readonly over: string }
  | { readonly kind: 'all shown' }

/** The settings after a change; of all columns, so that their order is kept whatever the table does. */
export function changeSettings(
  columns: readonly GridColumn[],
  settings: readonly ColumnSetting[],
  change: ColumnChange,
): readonly ColumnSetting[] {
  const all = orderedColumns(columns, settings).map(
    ({ name }) => settings.find(({ column }) => column === name) ?? { column: name },
  )
  switch (change.kind) {
    case 'width': {
      const width = Math.round(Math.min(4000, Math.max(20, change.width)))
      return all.map((one) => (one.column === change.column ? { ...one, width } : one))
    }
    case 'hidden':
      return all.map((one) => (one.column === change.column ? { ...one, hidden: change.hidden } : one))
    case 'pinned':
      return settlePins(columns, settings, all).map((one) =>
        one.column === change.column ? { ...one, pinned: change.pinned } : one,
      )
    case 'move': {
      const moved = all.find(({ column }) => column === change.column)
      const to = all.findIndex(({ column }) => column === change.over)
      if (!moved || to < 0 || change.column === change.over) return settings
      const others = all.filter((one) => one !== moved)
      const target = all[to]
      // Where it is dropped, there it belongs: among the pinned, or not.
      const placed =
        target?.pinned === undefined && moved.pinned === undefined
          ? moved
          : { ...moved, pinned: target?.pinned === true }
      return [...others.slice(0, to), placed, ...others.slice(to)]
    }
    case 'all shown':
      return all.map(({ hidden: _, ...one }) => one)
  }
}

/** The first column is pinned by itself: as soon as somebody pins another one, that is said. */
function settlePins(
  columns: readonly GridColumn[],
  settings: readonly ColumnSetting[],
  all: readonly ColumnSetting[],
): readonly ColumnSetting[] {
  if (settings.some(({ pinned }) => pinned !== undefined)) return all
  const first = showColumns(columns, settings).shown[0]?.name
  return all.map((one) => (one.column === first ? { ...one, pinned: true } : one))
}

/** Whether both show the same: what is said without effect does not count. */
export function sameSettings(
  columns: readonly GridColumn[],
  a: readonly ColumnSetting[],
  b: readonly ColumnSetting[],
): boolean {
  return JSON.stringify(effect(columns, a)) === JSON.stringify(effect(columns, b))
}

function effect(columns: readonly GridColumn[], settings: readonly ColumnSetting[]) {
  const { shown, pinned, widths } = showColumns(columns, settings)
  return [shown.map((column) => [column.name, widths[column.name] ?? firstWidth(column)]), pinned]
}
