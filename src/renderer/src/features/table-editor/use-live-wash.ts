import type { TableRecord } from '@shared/contract/records.contract'
import { sameJson } from '@shared/json'
import { useEffect, useRef } from 'react'
import type { GridColumn } from './grid-column'
import type { Span } from './grid-window'
import type { RecordPages } from './record-pages'

const washMs = 600

/** A cell that somebody else changed is washed over for a moment. */
export function useLiveWash(
  pages: RecordPages<TableRecord>,
  gridId: string,
  columns: readonly GridColumn[],
  rows: Span,
): void {
  const latest = useRef({ columns, rows })
  latest.current = { columns, rows }
  useEffect(() => {
    pages.onRecordChanged = (before, after) => {
      const row = pages.rowOf(after._id)
      const span = latest.current.rows
      if (row === null || row < span.first || row >= span.end) return
      const still = matchMedia('(prefers-reduced-motion: reduce)').matches
      for (const [index, column] of latest.current.columns.entries()) {
        if (still || sameJson(before[column.name], after[column.name])) continue
        // After React has put the new value there.
        requestAnimationFrame(() => {
          document
            .getElementById(`${gridId}-${row}-${index}`)
            ?.animate([{ backgroundColor: 'var(--conflict-subtle)' }, { backgroundColor: 'transparent' }], washMs)
        })
      }
    }
    return () => {
      pages.onRecordChanged = null
    }
  }, [pages, gridId])
}
