import type { TableRecord } from '@shared/contract/records.contract'
import type { MouseEvent } from 'react'
import { wholeText } from './cell-text'
import type { GridColumn } from './grid-column'

/** The cell a pointer is on; a null column is the gutter. */
export function cellUnder(target: EventTarget): { readonly row: number; readonly column: number | null } | null {
  if (!(target instanceof Element) || target.closest('[data-overlay]')) return null
  const row = target.closest<HTMLElement>('[data-row]')?.dataset.row
  if (row === undefined) return null
  if (target.closest('[data-gutter]')) return { row: Number(row), column: null }
  const column = target.closest<HTMLElement>('[data-column]')?.dataset.column
  return column === undefined ? null : { row: Number(row), column: Number(column) }
}

/** Whether the pointer is on a tick box, which has its own answer to clicks. */
export function isTick(target: EventTarget): boolean {
  return target instanceof Element && target.closest('[data-tick]') !== null
}

/** The whole value is the cell's title only while the pointer is there: thousands of titles would slow scrolling. */
export function showWhole(
  event: MouseEvent,
  columns: readonly GridColumn[],
  recordAt: (row: number) => TableRecord | undefined,
) {
  const at = cellUnder(event.target)
  const element = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-column]') : null
  if (!at || at.column === null || !element) return
  const column = columns[at.column]
  const value = column && !column.secret ? recordAt(at.row)?.[column.name] : undefined
  element.title = wholeText(value).slice(0, 2000)
}
