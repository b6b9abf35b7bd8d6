import { toAppError } from '@renderer/bridge/api'
import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import type { TableRecord } from '@shared/contract/records.contract'
import type { GridColumn } from './grid-column'
import { cellCount, isOneCell, oneCell, type RangeBounds } from './grid-range'
import { clearedCells, columnsOf, filledCells, typedCells } from './grid-range-edits'
import { type GridSubject, refusal, shownValue } from './grid-subject'
import type { Span } from './grid-window'
import type { RecordPages } from './record-pages'
import type { Staging } from './staged/staging'
import type { GridCursor } from './use-grid-cursor'

/** Rows that one gesture reads and stages; more is a matter of a filter and a bulk edit. */
export const mostRows = 20_000

export interface RangeEditsInput {
  readonly columns: readonly GridColumn[]
  readonly pages: RecordPages<TableRecord>
  readonly staging: Staging
  readonly firstNew: number
  readonly rows: number
  readonly subjectAt: (row: number) => GridSubject | undefined
}

/** Gestures that write into every cell of the range, as one step each. */
export function useRangeEdits(input: RangeEditsInput) {
  const { columns, pages, staging, firstNew, subjectAt } = input

  /** What these rows are about; those that were never on screen are read first. */
  async function subjectsOf(span: Span): Promise<readonly GridSubject[]> {
    const end = Math.min(span.end, firstNew)
    const records = span.first < end ? await pages.load({ first: span.first, end }, new AbortController().signal) : []
    const subjects: GridSubject[] = records.map((record) => ({
      kind: 'record',
      id: record._id,
      record,
      staged: staging.edits.latest(record._id),
    }))
    for (let row = Math.max(span.first, firstNew); row < span.end; row++) {
      const subject = subjectAt(row)
      if (subject) subjects.push(subject)
    }
    return subjects
  }

  async function within(span: Span, work: (subjects: readonly GridSubject[]) => Promise<void>) {
    if (span.end - span.first > mostRows)
      return toast.error(`At most ${countOf(mostRows, 'row')} are written at once. Select fewer, or filter first.`)
    try {
      await work(await subjectsOf(span))
    } catch (error) {
      toast.error(toAppError(error).message)
    }
  }

  function clear({ bounds, active, range }: GridCursor, to: 'empty' | 'null') {
    const column = columns[active.column]
    const subject = subjectAt(active.row)
    // Of one cell it is said why nothing happens; of many, those that can be are cleared.
    if (isOneCell(range) && column && subject) {
      const refused = refusal(subject, column)
      if (refused !== null) return toast.error(refused)
      const isCleared = clearedCells([column], [subject], to).length > 0
      if (!isCleared) return toast.error(`"${column.name}" is required, so it cannot be NULL.`)
    }
    const what = to === 'null' ? 'Setting to NULL' : 'Clearing'
    void within(bounds.rows, (subjects) =>
      staging.setCells(clearedCells(columnsOf(columns, bounds), subjects, to), nameOf(what, bounds, columns)),
    )
  }

  /** Writes what was typed once into every cell; false when the range is one cell. */
  function type({ bounds, range }: GridCursor, text: string | null): boolean {
    if (isOneCell(range)) return false
    void within(bounds.rows, (subjects) =>
      staging.setCells(typedCells(columnsOf(columns, bounds), subjects, text), nameOf('Edit', bounds, columns)),
    )
    return true
  }

  /** Fills the rows of the range that follow its first `sources` rows. */
  function fill(bounds: RangeBounds, sources: number) {
    void within(bounds.rows, (subjects) =>
      staging.setCells(
        filledCells(columnsOf(columns, bounds), subjects.slice(0, sources), subjects.slice(sources)),
        nameOf('Fill', bounds, columns),
      ),
    )
  }

  /** Upwards, the last rows are the ones that are repeated. */
  function fillUp(bounds: RangeBounds, sources: number) {
    void within(bounds.rows, (subjects) => {
      const reversed = [...subjects].reverse()
      return staging.setCells(
        filledCells(columnsOf(columns, bounds), reversed.slice(0, sources), reversed.slice(sources)),
        nameOf('Fill', bounds, columns),
      )
    })
  }

  /** Ctrl+D: the first row into the others; of a single row, what is above it. */
  function fillDown({ bounds, select, range }: GridCursor) {
    const { first, end } = bounds.rows
    if (end - first > 1) return fill(bounds, 1)
    if (first === 0) return
    fill({ ...bounds, rows: { first: first - 1, end } }, 1)
    if (isOneCell(range)) select(oneCell(range.anchor))
  }

  return { subjectsOf, within, clear, type, fill, fillUp, fillDown }
}

export type RangeEdits = ReturnType<typeof useRangeEdits>

function nameOf(what: string, bounds: RangeBounds, columns: readonly GridColumn[]): string {
  const cells = cellCount(bounds)
  return cells === 1 ? `${what} of ${columns[bounds.columns.first]?.name}` : `${what} of ${countOf(cells, 'cell')}`
}

/** The values of the range, row by row, as they are shown. */
export function shownRows(columns: readonly GridColumn[], subjects: readonly GridSubject[]) {
  return subjects.map((subject) =>
    columns.map((column) => (column.secret ? null : (shownValue(subject, column.name) ?? null))),
  )
}
