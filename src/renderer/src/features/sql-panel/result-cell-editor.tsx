import { toAppError, useApi } from '@renderer/bridge/api'
import { editText, isTextType, misfitSentence, readEditText } from '@renderer/features/table-editor/edit-text'
import { Button } from '@renderer/ui/button'
import { Dialog, DialogBody, DialogContent, DialogFooter, DialogHeader, DialogTitle } from '@renderer/ui/dialog'
import { Skeleton } from '@renderer/ui/skeleton'
import { toast } from '@renderer/ui/toast'
import type { ColumnType } from '@shared/domain/column-type'
import type { JsonValue } from '@shared/json'
import { useEffect, useRef, useState } from 'react'
import type { GridPlace } from './grid-range'
import type { Outcome } from './outcome'
import { patchRow, type Row } from './result-rows'
import { saveCell } from './save-cell'

/** One cell as a whole; where the result says which record it is of, it can be changed there. */
export function ResultCellEditor(props: {
  readonly databaseId: string
  readonly outcome: Outcome & { readonly resultId: string }
  readonly place: GridPlace
  readonly row: Row
  readonly isCut: boolean
  readonly type: ColumnType
  readonly onClose: () => void
}) {
  const { client } = useApi()
  const { databaseId, outcome, place, row, type } = props
  const { resultId, editing } = outcome
  const [value, setValue] = useState<JsonValue | undefined>(props.isCut ? undefined : row[place.column])
  const [text, setText] = useState<string | null>(value === undefined || value === null ? null : editText(type, value))
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const area = useRef<HTMLTextAreaElement>(null)
  const column = outcome.columns[place.column]
  const isOwn = editing !== null && editing.columns[place.column] !== null
  const isKey = isOwn && editing.key.includes(editing.columns[place.column] ?? '')

  useEffect(() => {
    if (!props.isCut) return
    client.sqlPanel
      .cell({ databaseId, resultId, row: place.row, column: place.column })
      .then(({ value: whole }) => {
        setValue(whole)
        setText(whole === null ? null : editText(type, whole))
      })
      .catch((error: unknown) => setFailure(toAppError(error).message))
  }, [client, databaseId, resultId, place, props.isCut, type])

  async function save() {
    if (editing === null || value === undefined) return
    const read = text === null ? { ok: true as const, value: null } : readEditText(type, text)
    if (!read.ok) {
      setFailure(misfitSentence(read.reason))
      return
    }
    setBusy(true)
    setFailure(null)
    try {
      const whole = row.map((each, index) => (index === place.column ? value : each))
      const saved = await saveCell(client, databaseId, editing, { row: whole, column: place.column, value: read.value })
      patchRow(resultId, place.row, new Map([[place.column, saved.value]]))
      toast.success(`Saved ${column?.name ?? 'the cell'} in ${editing.table}.`, {
        undo: async () => {
          await client.changes.undo({ databaseId, operation: saved.operation })
          patchRow(resultId, place.row, new Map([[place.column, value]]))
        },
      })
      props.onClose()
    } catch (error) {
      setFailure(toAppError(error).message)
    } finally {
      setBusy(false)
    }
  }

  const why = isKey
    ? 'The key names the record, so it cannot be changed here.'
    : (outcome.notEditable ?? (isOwn ? null : 'This column is computed.'))
  const canSave = isOwn && !isKey
  return (
    <Dialog open onOpenChange={(open) => !open && props.onClose()}>
      <DialogContent
        width="md"
        onOpenAutoFocus={(event) => {
          event.preventDefault()
          area.current?.focus()
          area.current?.select()
        }}
      >
        <DialogHeader>
          <DialogTitle>
            {canSave ? 'Edit' : 'Show'} {column?.name}
          </DialogTitle>
          <p className="text-text-muted">
            {canSave ? `Row ${place.row + 1} of the result, saved in ${editing.table}.` : `Not editable: ${why}`}
          </p>
        </DialogHeader>
        <DialogBody>
          {value === undefined && failure === null ? (
            <Skeleton className="h-24 w-full" />
          ) : (
            <textarea
              ref={area}
              aria-label={`Value of ${column?.name ?? 'the cell'}`}
              value={text ?? ''}
              readOnly={!canSave}
              placeholder={text === null ? 'NULL' : isTextType(type) ? 'Empty text' : ''}
              rows={Math.min(16, Math.max(4, (text ?? '').split('\n').length))}
              className="w-full resize-y rounded-md border border-border-strong bg-bg p-2 font-mono text-sm"
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || event.shiftKey || !canSave) return
                event.preventDefault()
                void save()
              }}
            />
          )}
          {failure ? (
            <p role="alert" className="mt-2 text-danger">
              {failure}
            </p>
          ) : null}
        </DialogBody>
        <DialogFooter>
          {canSave ? (
            <>
              <Button size="lg" className="mr-auto" disabled={text === null} onClick={() => setText(null)}>
                Set NULL
              </Button>
              <Button size="lg" onClick={props.onClose}>
                Cancel
              </Button>
              <Button size="lg" variant="primary" disabled={busy || value === undefined} onClick={() => void save()}>
                Save cell
              </Button>
            </>
          ) : (
            <Button size="lg" onClick={props.onClose}>
              Close
            </Button>
          )}
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}
