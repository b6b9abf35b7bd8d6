import { cn } from '@renderer/ui/cn'
import { toast } from '@renderer/ui/toast'
import { TypeMark } from '@renderer/ui/type-mark'
import { Lock } from 'lucide-react'
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import { CellEditor } from '../cell-editor'
import { cellText, wholeText } from '../cell-text'
import { readInput } from '../edit-input'
import { editText, isTextType } from '../edit-text'
import { CellValue } from '../grid-cell'
import type { GridColumn } from '../grid-column'
import { type GridSubject, refusal, shownValue, stagedCell, targetOf } from '../grid-subject'
import { useStagedEdits } from '../staged/use-staging'

const editorHeight = 32
const room = { toLeft: false, upwards: false } as const

export interface RecordFieldProps {
  readonly column: GridColumn
  readonly subject: GridSubject
  readonly onSave: () => void
}

/** One field of the record: its value, and pressed, the editor that the grid would open. */
export function RecordField({ column, subject, onSave }: RecordFieldProps) {
  const staging = useStagedEdits()
  const [editing, setEditing] = useState<{ readonly text: string; readonly large: boolean } | null>(null)
  const [width, setWidth] = useState(0)
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  useLayoutEffect(() => setWidth(box.current?.clientWidth ?? 0), [])
  const cell = stagedCell(subject, column.name)
  const value = shownValue(subject, column.name)
  const refused = refusal(subject, column)

  function open(large = false) {
    if (refused !== null) return toast.error(refused)
    setWidth(box.current?.clientWidth ?? 0)
    setEditing({ text: cell?.kind === 'unfit' ? cell.input : editText(column.type, value), large })
  }
  function commit(text: string | null, leaving: boolean) {
    if (text !== editing?.text) void staging.setCell(targetOf(subject), column.name, readInput(column, text))
    close(leaving)
  }
  function close(leaving = false) {
    setEditing(null)
    if (!leaving) setTimeout(() => button.current?.focus())
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'F2' || (event.key === 'Enter' && !event.shiftKey)) open()
    else if (event.key === 'Enter' && isTextType(column.type)) open(true)
    else if (event.key === 'Backspace' && refused === null && column.nullable)
      void staging.setCell(targetOf(subject), column.name, { kind: 'value', value: null })
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const isUnfit = cell?.kind === 'unfit'
  return (
    <li className="grid grid-cols-[minmax(6rem,34%)_minmax(0,1fr)] items-start gap-x-2 py-px">
      <span className="flex h-8 min-w-0 items-center gap-2 pl-2 text-text-muted">
        <TypeMark base={column.type.base} />
        <span className="truncate" title={`${column.name}: ${column.schema.type}`}>
          {column.name}
        </span>
        {column.nullable || column.schema.primary_key ? null : (
          <span aria-hidden className="-ml-1 text-danger">
            *
          </span>
        )}
      </span>
      <div ref={box} className="relative min-w-0">
        <button
          ref={button}
          type="button"
          aria-label={`${column.name}: ${spoken(column, subject)}`}
          title={refused ?? undefined}
          className={cn(
            'flex min-h-8 w-full min-w-0 items-start gap-2 rounded-md border border-transparent px-2 py-1.5 text-left font-mono text-sm leading-5 hover:border-border hover:bg-bg-subtle',
            cell && 'border-border shadow-[inset_2px_0_0_var(--warning)]',
            isUnfit && 'bg-danger-subtle text-danger shadow-[inset_2px_0_0_var(--danger)]',
          )}
          onClick={() => open()}
          onKeyDown={onKeyDown}
        >
          <span className="line-clamp-6 min-w-0 flex-1 wrap-anywhere whitespace-pre-wrap">
            {isUnfit ? cell.input : <FieldValue column={column} subject={subject} />}
          </span>
          {refused !== null ? <Lock aria-hidden className="mt-1 size-3 shrink-0 text-text-muted" /> : null}
        </button>
        {isUnfit ? (
          <p role="alert" className="px-2 pb-1 text-sm text-danger">
            {cell.reason}
          </p>
        ) : null}
        {editing ? (
          <div className="absolute inset-x-0 top-0 z-20">
            <CellEditor
              column={column}
              text={editing.text}
              typed={false}
              large={editing.large}
              width={width}
              height={editorHeight}
              room={room}
              check={(text) => {
                const read = readInput(column, text)
                return read.kind === 'unfit' ? read.reason : null
              }}
              onCommit={(text, after, leaving) => {
                commit(text, leaving)
                if (after === 'save') onSave()
              }}
              onCancel={() => close()}
            />
          </div>
        ) : null}
      </div>
    </li>
  )
}

function FieldValue({ column, subject }: { readonly column: GridColumn; readonly subject: GridSubject }) {
  const value = shownValue(subject, column.name)
  if (value === undefined)
    return (
      <span className="font-sans text-xs text-text-muted italic">
        {column.defaultText ?? (column.nullable ? 'NULL' : 'required')}
      </span>
    )
  // Text is read here, line by line; everything else is told as in the grid.
  if (isTextType(column.type) && !column.secret && !column.schema.references && value !== null && value !== '')
    return wholeText(value)
  if (value === '') return <span className="font-sans text-xs text-text-muted">empty text</span>
  return <CellValue column={column} value={value} />
}

function spoken(column: GridColumn, subject: GridSubject): string {
  const value = shownValue(subject, column.name)
  if (column.secret) return 'hidden'
  if (value === undefined) return column.defaultText ?? 'nothing yet'
  const cell = cellText(column.type, value)
  if (cell.form === 'boolean') return String(cell.checked)
  return 'text' in cell ? cell.text : cell.form === 'null' ? 'NULL' : 'empty text'
}
