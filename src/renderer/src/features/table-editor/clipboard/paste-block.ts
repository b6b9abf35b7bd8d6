import { coerceValue } from '@shared/domain/coerce-value'
import { wholeText } from '../cell-text'
import { readInput } from '../edit-input'
import { isTextType } from '../edit-text'
import type { GridColumn } from '../grid-column'
import type { RangeBounds } from '../grid-range'
import { type GridSubject, refusal, targetOf } from '../grid-subject'
import type { CellChange, CellInput, StagedCell, StagedCells } from '../staged/staged-record'
import type { Block, BlockCell } from './block-text'

/** Where a block lands: one cell fills the range, a block that fits it several times is repeated. */
export function landingOf(block: Block, at: RangeBounds): RangeBounds {
  const height = block.length
  const width = Math.max(...block.map((row) => row.length))
  const rows = at.rows.end - at.rows.first
  const columns = at.columns.end - at.columns.first
  const repeats = rows % height === 0 && columns % width === 0
  return {
    rows: { first: at.rows.first, end: at.rows.first + (repeats ? rows : height) },
    columns: { first: at.columns.first, end: at.columns.first + (repeats ? columns : width) },
  }
}

export interface Pasted {
  readonly changes: readonly CellChange[]
  readonly rows: readonly StagedCells[]
  readonly cells: number
  /** Cells that do not fit their columns; they are kept and marked. */
  readonly unfit: number
  /** Cells that cannot be edited, and columns past the last one. */
  readonly left: number
}

/** What a paste stages: the cells of rows that are there, and new rows for what goes past the end. */
export function pasteBlock(
  block: Block,
  landing: RangeBounds,
  columns: readonly GridColumn[],
  subjects: readonly GridSubject[],
): Pasted {
  const changes: CellChange[] = []
  const rows: StagedCells[] = []
  let cells = 0
  let unfit = 0
  let left = 0
  const height = landing.rows.end - landing.rows.first
  for (let down = 0; down < height; down += 1) {
    const source = block[down % block.length] ?? []
    const subject = subjects[down]
    const created = new Map<string, StagedCell>()
    const width = Math.max(landing.columns.end - landing.columns.first, source.length)
    for (let right = 0; right < width; right += 1) {
      const cell = source[right % Math.max(1, source.length)]
      const column = columns[landing.columns.first + right]
      if (!cell) continue
      if (!column || (subject && refusal(subject, column) !== null)) {
        left += 1
        continue
      }
      const to = pasteInput(column, cell)
      cells += 1
      if (to.kind === 'unfit') unfit += 1
      if (subject) changes.push({ target: targetOf(subject), column: column.name, to })
      else if (to.kind !== 'default') created.set(column.name, to)
    }
    if (!subject) rows.push(created)
  }
  return { changes, rows, cells, unfit, left }
}

/** What a cell of the clipboard becomes in a column. */
export function pasteInput(column: GridColumn, cell: BlockCell): CellInput {
  if (cell.kind === 'value') {
    if (cell.value === null) return readInput(column, null)
    const exact = column.secret ? null : coerceValue(column.type, cell.value)
    return exact?.ok ? { kind: 'value', value: exact.value } : readInput(column, wholeText(cell.value))
  }
  // An empty cell of a spreadsheet is no value; a pair of quotes is the empty text.
  if (cell.text === '' && !cell.quoted && (column.nullable || !isTextType(column.type))) return readInput(column, null)
  const read = readInput(column, cell.text)
  if (read.kind !== 'unfit' || !column.alignRight) return read
  const plain = readInput(column, plainNumber(cell.text))
  return plain.kind === 'unfit' ? read : plain
}

/** `1,234.50` and `€ 12`: numbers as spreadsheets show them. */
function plainNumber(text: string): string {
  return text.replace(/[\s\u00a0$€£¥]/g, '').replace(/,(?=\d{3}(\D|$))/g, '')
}
