import type { TableRecord } from '@shared/contract/records.contract'
import { useState } from 'react'
import type { AfterEdit } from './cell-editor'
import { readInput } from './edit-input'
import { editText } from './edit-text'
import type { GridColumn } from './grid-column'
import type { CellPosition, GridStep } from './grid-position'
import { type GridSubject, refusal, shownValue, stagedCell, targetOf } from './grid-subject'
import type { Staging } from './staged/staging'

/** The cell that is being edited: held by record, because rows can move under it. */
export interface OpenEditor {
  readonly subject: GridSubject
  readonly row: number
  readonly column: number
  readonly text: string
  readonly typed: boolean
  /** In a window of its own. */
  readonly large: boolean
}

export interface CellEditingInput {
  readonly columns: readonly GridColumn[]
  readonly staging: Staging
  readonly subjectAt: (row: number) => GridSubject | undefined
  /** The record as it is known now: others may have written it since the editor was opened. */
  readonly currentOf: (id: string) => TableRecord | undefined
  /** Writes what was typed once into every cell of the range; false when the range is one cell. */
  readonly fillRange: (text: string | null) => boolean
  readonly move: (from: CellPosition, step: GridStep) => void
  readonly focusGrid: () => void
  readonly onSave: () => void
  /** Says why nothing happened, where a gesture does not apply. */
  readonly refuse: (sentence: string) => void
}

const steps: Readonly<Record<Exclude<AfterEdit, 'stay' | 'save'>, GridStep>> = {
  down: 'down',
  right: 'next',
  left: 'previous',
}

export function useCellEditing(input: CellEditingInput) {
  const [editor, setEditor] = useState<OpenEditor | null>(null)
  const { columns, staging } = input

  function open({ row, column: index }: CellPosition, typed?: string, large = false) {
    const column = columns[index]
    const subject = input.subjectAt(row)
    if (!column || !subject) return
    const refused = refusal(subject, column)
    if (refused !== null) return input.refuse(refused)
    const cell = stagedCell(subject, column.name)
    const text = cell?.kind === 'unfit' ? cell.input : editText(column.type, shownValue(subject, column.name))
    setEditor({ subject, row, column: index, text: typed ?? text, typed: typed !== undefined, large })
  }

  function commit(text: string | null, after: AfterEdit, leaving: boolean) {
    if (!editor) return
    const column = columns[editor.column]
    setEditor(null)
    if (!leaving) input.focusGrid()
    if (!column) return
    const filled = !leaving && after === 'down' && input.fillRange(text)
    if (filled) return
    // Nothing typed into a cell that was left alone leaves it alone.
    if (text !== editor.text || editor.typed) put(editor.subject, column, text)
    if (after === 'save') input.onSave()
    else if (after !== 'stay') input.move({ row: editor.row, column: editor.column }, steps[after])
  }

  function put(subject: GridSubject, column: GridColumn, text: string | null) {
    void staging.setCell(targetOf(subject), column.name, readInput(column, text))
    const current = input.currentOf(subject.id)
    if (current) staging.noteRecord(current)
  }

  function cancel() {
    setEditor(null)
    input.focusGrid()
  }

  /** A tick box goes from true to false and back; NULL becomes true. */
  function toggle({ row, column: index }: CellPosition): boolean {
    const column = columns[index]
    const subject = input.subjectAt(row)
    if (!column || column.type.array || column.type.base !== 'boolean' || !subject) return false
    if (refusal(subject, column) !== null) return false
    const value = shownValue(subject, column.name) !== true
    void staging.setCell(targetOf(subject), column.name, { kind: 'value', value })
    return true
  }

  return { editor, open, check: checkText, commit, cancel, toggle }
}

export type CellEditing = ReturnType<typeof useCellEditing>

/** The sentence that says why the text cannot be this column's value. */
function checkText(column: GridColumn, text: string): string | null {
  const read = readInput(column, text)
  return read.kind === 'unfit' ? read.reason : null
}
