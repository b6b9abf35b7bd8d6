import type { TableRecord } from '@shared/contract/records.contract'
import { type JsonValue, sameJson } from '@shared/json'
import { useState } from 'react'
import type { AfterEdit } from './cell-editor'
import { editText, misfitSentence, readEditText, readSecretText } from './edit-text'
import type { GridColumn } from './grid-column'
import type { CellPosition, GridStep } from './grid-position'
import { putInput, type RecordDraft } from './record-draft'
import type { RecordChanges } from './use-record-changes'

/** The cell that is being edited: held by record, because rows can move under it. */
export interface OpenEditor {
  /** Null in the draft row. */
  readonly record: TableRecord | null
  readonly row: number
  readonly column: number
  readonly text: string
  readonly typed: boolean
}

export interface CellEditingInput {
  readonly columns: readonly GridColumn[]
  readonly changes: RecordChanges
  readonly draft: RecordDraft | null
  readonly onDraft: (draft: RecordDraft) => void
  readonly onSaveDraft: () => void
  readonly recordAt: (row: number) => TableRecord | undefined
  readonly isDraftRow: (row: number) => boolean
  readonly move: (from: CellPosition, step: GridStep) => void
  readonly focusGrid: () => void
  /** Says why nothing happened, where a gesture does not apply. */
  readonly refuse: (sentence: string) => void
}

const steps: Readonly<Record<Exclude<AfterEdit, 'stay'>, GridStep>> = { down: 'down', right: 'next', left: 'previous' }

export function useCellEditing(input: CellEditingInput) {
  const [editor, setEditor] = useState<OpenEditor | null>(null)
  const { columns, changes, draft } = input

  function open({ row, column: index }: CellPosition, typed?: string) {
    const column = columns[index]
    if (!column) return
    if (input.isDraftRow(row)) {
      const text = draft?.inputs.get(column.name) ?? ''
      return setEditor({ record: null, row, column: index, text: typed ?? text, typed: typed !== undefined })
    }
    const record = input.recordAt(row)
    if (!record) return
    if (column.fixed !== null) return input.refuse(column.fixed)
    const edit = changes.edits.of(record._id)?.get(column.name)
    const value = edit?.state === 'saving' ? edit.value : edit?.state === 'conflict' ? edit.mine : record[column.name]
    const text = edit?.state === 'failed' ? edit.input : editText(column.type, value)
    setEditor({ record, row, column: index, text: typed ?? text, typed: typed !== undefined })
  }

  /** The sentence that says why the text cannot be this column's value. */
  function check(column: GridColumn, text: string): string | null {
    const read = column.secret ? readSecretText(text) : readEditText(column.type, text)
    if (!read.ok) return misfitSentence(read.reason)
    return read.value === null && !column.nullable ? 'This column is required, so it needs a value.' : null
  }

  function commit(text: string | null, after: AfterEdit, leaving: boolean) {
    if (!editor) return
    const column = columns[editor.column]
    setEditor(null)
    if (!leaving) input.focusGrid()
    if (!column) return
    if (editor.record) commitRecord(editor.record, column, text)
    else if (draft) {
      // Nothing typed into a cell that was left alone leaves its default in place.
      const untouched = text === '' && !draft.inputs.has(column.name) && !editor.typed
      if (!untouched) input.onDraft(putInput(draft, column.name, text))
      if (after === 'down' && !leaving) return input.onSaveDraft()
    }
    if (after !== 'stay') input.move({ row: editor.row, column: editor.column }, steps[after])
  }

  function commitRecord(record: TableRecord, column: GridColumn, text: string | null) {
    const current = changes.edits.of(record._id)?.get(column.name)
    const problem = text === null ? null : check(column, text)
    if (problem !== null && text !== null) return changes.edits.mark(record._id, column.name, text, problem)
    const read = text === null ? null : readEditText(column.type, text)
    put(record, column, read?.ok ? read.value : null, text ?? '', current === undefined)
  }

  function put(record: TableRecord, column: GridColumn, value: JsonValue, typed: string, skipSame: boolean) {
    const same = sameJson(record[column.name], value)
    if (same && !skipSame) changes.edits.clear(record._id, column.name)
    if (!same) changes.saveCell(record, column.name, value, typed)
  }

  function cancel() {
    setEditor(null)
    input.focusGrid()
  }

  function setNull({ row, column: index }: CellPosition) {
    const column = columns[index]
    if (!column) return
    if (input.isDraftRow(row)) {
      if (draft) input.onDraft(putInput(draft, column.name, undefined))
      return
    }
    const record = input.recordAt(row)
    if (!record) return
    if (column.fixed !== null) return input.refuse(column.fixed)
    if (!column.nullable) return input.refuse(`"${column.name}" is required, so it cannot be NULL.`)
    const edit = changes.edits.of(record._id)?.get(column.name)
    if (edit && edit.state !== 'saving') changes.edits.clear(record._id, column.name)
    if (record[column.name] !== null) changes.saveCell(record, column.name, null, '', `"${column.name}" set to NULL.`)
  }

  /** A tick box goes from true to false and back; NULL becomes true. */
  function toggle({ row, column: index }: CellPosition): boolean {
    const column = columns[index]
    if (!column || column.type.array || column.type.base !== 'boolean') return false
    if (input.isDraftRow(row)) {
      if (draft)
        input.onDraft(putInput(draft, column.name, draft.inputs.get(column.name) === 'true' ? 'false' : 'true'))
      return true
    }
    const record = input.recordAt(row)
    if (!record || column.fixed !== null) return false
    const edit = changes.edits.of(record._id)?.get(column.name)
    const now = edit?.state === 'saving' ? edit.value : record[column.name]
    changes.saveCell(record, column.name, now !== true, String(now !== true))
    return true
  }

  return { editor, open, check, commit, cancel, setNull, toggle }
}

export type CellEditing = ReturnType<typeof useCellEditing>
