import { toAppError } from '@renderer/bridge/api'
import { transferDialogs } from '@renderer/features/transfers/transfer-dialogs'
import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import { useRef } from 'react'
import { wholeText } from '../cell-text'
import type { GridColumn } from '../grid-column'
import { cellCount, isOneCell } from '../grid-range'
import { columnsOf } from '../grid-range-edits'
import type { GridSelection } from '../grid-selection'
import { type GridSubject, stagedCell } from '../grid-subject'
import type { GridCursor } from '../use-grid-cursor'
import { mostRows, type RangeEdits, type RangeEditsInput, shownRows } from '../use-range-edits'
import { type Block, readBlock, writeBlock } from './block-text'
import { type CopyFormat, copyText } from './copy-formats'
import { ownType, readOwn, writeOwn } from './own-format'
import { landingOf, pasteBlock } from './paste-block'

export interface GridClipboardInput extends RangeEditsInput {
  readonly tableName: string
  readonly cursor: GridCursor
  readonly rangeEdits: RangeEdits
  readonly selection: GridSelection
}

interface Copied {
  readonly columns: readonly GridColumn[]
  readonly subjects: readonly GridSubject[]
}

/** Copying and pasting of ranges, with the clipboard's own events: they work where pages may not ask for it. */
export function useGridClipboard(input: GridClipboardInput) {
  const { columns, cursor, rangeEdits, selection, staging } = input
  /** Ctrl+Shift+V pastes as new records. */
  const asNew = useRef(false)
  const catcher = useRef<HTMLTextAreaElement>(null)

  /** The ticked records, or the range. Secrets stay where they are. */
  async function copied(): Promise<Copied> {
    if (selection.kind === 'some' && selection.records.size > 0)
      return {
        columns: columns.filter(({ secret }) => !secret),
        subjects: [...selection.records.values()].map((record) => ({
          kind: 'record',
          id: record._id,
          record,
          staged: staging.edits.latest(record._id),
        })),
      }
    const chosen = columnsOf(columns, cursor.bounds)
    return {
      columns: chosen.length > 1 ? chosen.filter(({ secret }) => !secret) : chosen,
      subjects: await rangeEdits.subjectsOf(cursor.bounds.rows),
    }
  }

  function refuses(): boolean {
    const { rows } = cursor.bounds
    const isAll = selection.kind === 'all'
    if (isAll || rows.end - rows.first > mostRows) {
      toast.error(`At most ${countOf(mostRows, 'row')} are copied. For more, export the table to a file.`)
      return true
    }
    const isSecret = isOneCell(cursor.range) && columns[cursor.active.column]?.secret
    if (isSecret && (selection.kind !== 'some' || selection.records.size === 0)) {
      toast.error('This value is hidden and cannot be copied.')
      return true
    }
    return false
  }

  /** What can be told at once goes by the event; rows that are read first, by the page's own access. */
  function onCopy(event: ClipboardEvent) {
    event.preventDefault()
    if (refuses()) return
    const here = copiedNow()
    if (here) {
      event.clipboardData?.setData('text/plain', textOf(here))
      event.clipboardData?.setData(ownType, writeOwn(shownRows(here.columns, here.subjects)))
    } else void writeLater(async () => textOf(await copied()))
  }

  function copiedNow(): Copied | null {
    if (selection.kind === 'some' && selection.records.size > 0) return null
    const { rows } = cursor.bounds
    const subjects: GridSubject[] = []
    for (let row = rows.first; row < rows.end; row++) {
      const subject = input.subjectAt(row)
      if (!subject) return null
      subjects.push(subject)
    }
    const chosen = columnsOf(columns, cursor.bounds)
    return { columns: chosen.length > 1 ? chosen.filter(({ secret }) => !secret) : chosen, subjects }
  }

  function copyAs(format: CopyFormat | null) {
    if (refuses()) return
    void writeLater(async () => {
      const { columns: chosen, subjects } = await copied()
      if (format === null) return textOf({ columns: chosen, subjects })
      return copyText(format, { tableName: input.tableName, columns: chosen, rows: shownRows(chosen, subjects) })
    })
  }

  function onPaste(event: ClipboardEvent) {
    event.preventDefault()
    const own = readOwn(event.clipboardData?.getData(ownType) ?? '')
    const text = event.clipboardData?.getData('text/plain') ?? ''
    const block = own ?? readBlock(text)
    // A whole table for one that has nothing yet: its columns are matched by their names, and its types looked at.
    if (input.rows === 0 && !own && !asNew.current && block.length > 1 && (block[0]?.length ?? 0) > 1)
      return transferDialogs.import({
        table: input.tableName,
        file: new File([text], 'pasted rows', { type: 'text/plain' }),
      })
    paste(block, asNew.current)
    asNew.current = false
  }

  function paste(block: Block, onlyNew: boolean) {
    const at = onlyNew
      ? { rows: { first: input.rows, end: input.rows + 1 }, columns: cursor.bounds.columns }
      : cursor.bounds
    const landing = landingOf(block, at)
    void rangeEdits.within(
      { first: landing.rows.first, end: Math.min(landing.rows.end, input.rows) },
      async (there) => {
        const pasted = pasteBlock(block, landing, columns, there)
        await staging.paste(pasted.changes, pasted.rows, `Paste of ${countOf(pasted.cells, 'cell')}`)
        const { rows, columns: across } = landing
        if (cellCount(landing) > 1)
          cursor.select({
            anchor: { row: rows.first, column: across.first },
            focus: { row: rows.end - 1, column: Math.min(across.end, columns.length) - 1 },
          })
        sayPasted(pasted)
      },
    )
  }

  function catchPaste() {
    asNew.current = true
    catcher.current?.focus({ preventScroll: true })
  }

  return { onCopy, onPaste, copyAs, catchPaste, catcher }
}

/** Only what is not plain to see is said. */
function sayPasted({ cells, unfit, left }: { readonly cells: number; readonly unfit: number; readonly left: number }) {
  if (unfit > 0)
    toast.error(
      `${countOf(unfit, 'cell')} of ${countOf(cells, 'cell')} did not fit. They are marked: correct them, or discard them.`,
    )
  else if (left > 0 && cells > 0)
    toast.success(`${countOf(cells, 'cell')} pasted. ${countOf(left, 'cell')} had no place that can be edited.`)
  else if (left > 0) toast.error('Nothing was pasted: these cells cannot be edited.')
}

function textOf({ columns, subjects }: Copied): string {
  const [only] = subjects
  const [column] = columns
  // One cell is its text alone, so that it goes into any other field as it is.
  if (only && column && subjects.length === 1 && columns.length === 1) {
    const cell = stagedCell(only, column.name)
    if (cell?.kind === 'unfit') return cell.input
    return wholeText(shownRows(columns, subjects)[0]?.[0])
  }
  return writeBlock(
    shownRows(columns, subjects).map((row) => row.map((value) => (value === null ? null : wholeText(value)))),
  )
}

async function writeLater(read: () => Promise<string>): Promise<void> {
  try {
    await navigator.clipboard.writeText(await read())
  } catch (error) {
    const { code, message } = toAppError(error)
    toast.error(code === 'INTERNAL' ? 'The clipboard refused the text. Select less, and press Ctrl+C.' : message)
  }
}
