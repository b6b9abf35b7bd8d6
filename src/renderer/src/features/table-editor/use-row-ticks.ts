import type { TableRecord } from '@shared/contract/records.contract'
import { useRef } from 'react'
import { type GridSelection, isSelected, nothingSelected, toggleRecords } from './grid-selection'
import type { Span } from './grid-window'
import type { Records } from './use-record-pages'

/** The most records that are ticked one by one; more is "all". */
const mostTicked = 10_000

export interface RowTicksInput {
  readonly pages: Records['pages']
  /** Records that exist: new ones are not ticked. */
  readonly records: number
  readonly onScreen: Span
  readonly selection: GridSelection
  readonly recordAt: (row: number) => TableRecord | undefined
  readonly onSelection: (selection: GridSelection) => void
  readonly refuse: (sentence: string) => void
}

/** Ticking of whole records: one, from the last one to this, or all that are displayed. */
export function useRowTicks(input: RowTicksInput) {
  const { pages, records, selection, onSelection } = input
  const rangeFrom = useRef(0)
  return {
    async tick(row: number, toRange: boolean) {
      const first = input.recordAt(row)
      if (!first) return
      if (!toRange) {
        rangeFrom.current = row
        return onSelection(toggleRecords(selection, [first], !isSelected(selection, first._id)))
      }
      const span = { first: Math.min(rangeFrom.current, row), end: Math.max(rangeFrom.current, row) + 1 }
      if (span.end - span.first > mostTicked)
        return input.refuse('A range ticks at most 10,000 records. Tick all of them instead, or filter first.')
      const range = await pages.load(span, new AbortController().signal)
      onSelection(toggleRecords(selection, range, true))
    },
    /** All that are displayed; of a long table, those on screen: the toolbar offers the rest. */
    async tickShown() {
      const span = records <= mostTicked ? { first: 0, end: records } : input.onScreen
      const shown = await pages.load(span, new AbortController().signal)
      onSelection(toggleRecords(nothingSelected, shown, true))
    },
  }
}
