import type { TableRecord } from '@shared/contract/records.contract'
import { cellText } from './cell-text'
import { type GridColumn, narrowestColumn } from './grid-column'
import type { RecordPages } from './record-pages'

/** Enough of what is on screen to fit a column by. */
const looked = 200
const widestFit = 560
let canvas: CanvasRenderingContext2D | null = null

/** The width that shows the name and every value near the screen whole. */
export function fitWidth(column: GridColumn, pages: RecordPages<TableRecord>): number {
  canvas ??= document.createElement('canvas').getContext('2d')
  if (!canvas) return 200
  canvas.font = '600 13px "Inter Variable"'
  let widest = canvas.measureText(`${column.name} ${column.schema.type}`).width + 64
  canvas.font = '12px "JetBrains Mono Variable"'
  for (const record of pages.shownRecords(looked)) {
    const cell = cellText(column.type, record[column.name])
    if ('text' in cell) widest = Math.max(widest, canvas.measureText(cell.text).width + 28)
  }
  return Math.round(Math.min(widestFit, Math.max(narrowestColumn, widest)))
}
