import { Button } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { isMac } from '@renderer/ui/platform'
import { Segmented } from '@renderer/ui/segmented'
import { CalendarDays, Clock, Sparkles, WrapText } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { editText, isTextType, readEditText } from './edit-text'
import type { GridColumn } from './grid-column'
import type { OverlayRoom } from './grid-overlay'
import { nowInUtc } from './local-time'

/** Where to go after an edit was taken. */
export type AfterEdit = 'down' | 'right' | 'left' | 'stay'

export interface CellEditorProps {
  readonly column: GridColumn
  readonly text: string
  /** The text was just typed over the cell: the caret stands after it instead of selecting it. */
  readonly typed: boolean
  readonly width: number
  readonly height: number
  readonly room: OverlayRoom
  /** Why the text cannot be taken, as a sentence; null when it can. */
  readonly check: (text: string) => string | null
  /** `leaving` when the focus went elsewhere: what does not fit is then kept in the cell with its reason. */
  readonly onCommit: (text: string | null, after: AfterEdit, leaving: boolean) => void
  readonly onCancel: () => void
}

export function CellEditor(props: CellEditorProps) {
  return !props.column.type.array && props.column.type.base === 'boolean' ? (
    <BooleanEditor {...props} />
  ) : (
    <TextEditor {...props} />
  )
}

/** Of one line in the editor, px. */
const lineHeight = 20

function TextEditor(props: CellEditorProps) {
  const { column, check, onCommit } = props
  const [text, setText] = useState(props.text)
  const [tried, setTried] = useState(!props.typed && props.text !== '' && check(props.text) !== null)
  const area = useRef<HTMLTextAreaElement>(null)
  const done = useRef(false)
  const problem = check(text)
  const isJson = column.type.base === 'jsonb' || column.type.array
  const manyLines = (isTextType(column.type) && !column.secret) || isJson

  useEffect(() => {
    const element = area.current
    if (!element) return
    element.focus({ preventScroll: true })
    if (props.typed) element.setSelectionRange(element.value.length, element.value.length)
    else element.select()
  }, [props.typed])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the box grows with the text
  useLayoutEffect(() => {
    const element = area.current
    if (!element) return
    element.style.height = `${props.height}px`
    element.style.height = `${Math.min(260, Math.max(props.height, element.scrollHeight + 2))}px`
  }, [text, props.height])

  function take(after: AfterEdit) {
    if (check(text) !== null) return setTried(true)
    done.current = true
    onCommit(text, after, false)
  }
  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
    event.stopPropagation()
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      done.current = true
      props.onCancel()
    } else if (event.key === 'Enter' && !(event.shiftKey && manyLines)) take('down')
    else if (event.key === 'Tab') take(event.shiftKey ? 'left' : 'right')
    else if (event.key === ';' && (isMac ? event.metaKey : event.ctrlKey)) setText(presentText(column))
    else return
    event.preventDefault()
  }

  return (
    <div
      className={cn(
        'absolute z-10 flex',
        props.room.upwards ? 'flex-col-reverse' : 'flex-col',
        props.room.toLeft ? 'items-end' : 'items-start',
      )}
    >
      <textarea
        ref={area}
        rows={1}
        value={text}
        spellCheck={false}
        aria-label={`Edit ${column.name}`}
        aria-invalid={(tried && problem !== null) || undefined}
        placeholder={column.secret ? 'Password, kept as a hash' : undefined}
        style={{
          width: Math.max(props.width, manyLines ? 240 : 120),
          paddingBlock: (props.height - 4 - lineHeight) / 2,
        }}
        className={cn(
          'resize-none overflow-auto border-2 bg-bg-raised px-[7px] font-mono leading-5 shadow-float outline-none',
          tried && problem !== null ? 'border-danger' : 'border-focus',
          column.alignRight && 'text-right',
          !manyLines && 'whitespace-nowrap',
          column.secret && '[-webkit-text-security:disc]',
        )}
        onChange={(event) => setText(manyLines ? event.target.value : event.target.value.replace(/\n/g, ' '))}
        onKeyDown={onKeyDown}
        onBlur={(event) => {
          if (done.current || event.currentTarget.parentElement?.contains(event.relatedTarget)) return
          done.current = true
          onCommit(text, 'stay', true)
        }}
      />
      <EditorTools
        column={column}
        text={text}
        problem={(tried || isJson) && text !== props.text ? problem : tried ? problem : null}
        onText={(next) => {
          setText(next)
          area.current?.focus()
        }}
        room={props.room}
        onNull={
          column.nullable
            ? () => {
                done.current = true
                onCommit(null, 'stay', false)
              }
            : null
        }
      />
    </div>
  )
}

function presentText(column: GridColumn): string {
  const now = nowInUtc()
  switch (column.type.base) {
    case 'timestamptz':
      return editText(column.type, now)
    case 'uuid':
      return crypto.randomUUID()
    default: {
      const local = editText({ base: 'timestamptz', array: false }, now)
      return column.type.base === 'date' ? local.slice(0, 10) : column.type.base === 'time' ? local.slice(11) : local
    }
  }
}

const moments: ReadonlySet<string> = new Set(['date', 'time', 'timestamp', 'timestamptz'])

/** Under the editor: what is wrong, and the shortcuts of the type. */
function EditorTools(props: {
  readonly column: GridColumn
  readonly text: string
  readonly problem: string | null
  readonly room: OverlayRoom
  readonly onText: (text: string) => void
  readonly onNull: (() => void) | null
}) {
  const { column, text, problem } = props
  const { base, array } = column.type
  const isMoment = !array && moments.has(base)
  return (
    <div
      className={cn(
        'flex w-max max-w-100 items-center gap-1 border border-border bg-bg-raised p-0.5 font-sans shadow-float empty:hidden',
        props.room.upwards ? 'rounded-t-md border-b-0' : 'rounded-b-md border-t-0',
      )}
    >
      {problem ? (
        <p role="alert" className="px-1.5 py-0.5 text-sm whitespace-normal text-danger">
          {problem}
        </p>
      ) : null}
      {isMoment ? (
        <Button size="sm" variant="ghost" icon={Clock} onClick={() => props.onText(presentText(column))}>
          {base === 'date' ? 'Today' : 'Now'}
        </Button>
      ) : null}
      {isMoment && base !== 'time' ? <DayPicker text={text} onText={props.onText} /> : null}
      {!array && base === 'uuid' ? (
        <Button size="sm" variant="ghost" icon={Sparkles} onClick={() => props.onText(presentText(column))}>
          Generate
        </Button>
      ) : null}
      {base === 'jsonb' && !array ? (
        <Button size="sm" variant="ghost" icon={WrapText} onClick={() => props.onText(reformat(column, text))}>
          Format
        </Button>
      ) : null}
      {props.onNull ? (
        <Button size="sm" variant="ghost" onClick={props.onNull}>
          Set NULL
        </Button>
      ) : null}
    </div>
  )
}

function reformat(column: GridColumn, text: string): string {
  const read = readEditText(column.type, text)
  return read.ok ? editText(column.type, read.value) : text
}

/** The system's calendar puts in the day and leaves the time of day, to the microsecond, alone. */
function DayPicker({ text, onText }: { readonly text: string; readonly onText: (text: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  const day = /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0] ?? ''
  return (
    <span className="relative">
      <Button size="sm" variant="ghost" icon={CalendarDays} onClick={() => input.current?.showPicker()}>
        Calendar
      </Button>
      <input
        ref={input}
        type="date"
        tabIndex={-1}
        aria-hidden
        value={day}
        className="pointer-events-none absolute bottom-0 left-0 size-0 opacity-0"
        onChange={(event) => {
          if (event.target.value) onText(event.target.value + (day ? text.slice(10) : ''))
        }}
      />
    </span>
  )
}

function BooleanEditor(props: CellEditorProps) {
  const box = useRef<HTMLDivElement>(null)
  const options = [
    { value: 'true', label: 'true' },
    { value: 'false', label: 'false' },
    ...(props.column.nullable ? [{ value: 'null', label: 'NULL' }] : []),
  ]
  const [value, setValue] = useState(props.text === '' ? (props.column.nullable ? 'null' : 'false') : props.text)
  const done = useRef(false)
  useEffect(() => {
    box.current?.querySelector<HTMLElement>('[data-state=checked]')?.focus({ preventScroll: true })
  }, [])
  function take(after: AfterEdit, chosen = value) {
    done.current = true
    props.onCommit(chosen === 'null' ? null : chosen, after, false)
  }
  function onKeyDown(event: KeyboardEvent) {
    const typed = { t: 'true', f: 'false', n: 'null' }[event.key.toLowerCase()]
    if (event.key === 'Escape') {
      done.current = true
      props.onCancel()
    } else if (event.key === 'Enter') take('down')
    else if (event.key === 'Tab') take(event.shiftKey ? 'left' : 'right')
    else if (typed && options.some((option) => option.value === typed)) take('stay', typed)
    else {
      event.stopPropagation()
      return
    }
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the control inside end the edit
    <div
      ref={box}
      role="presentation"
      className="absolute z-10 flex items-center rounded-md border-2 border-focus bg-bg-raised p-0.5 font-sans shadow-float"
      onKeyDownCapture={onKeyDown}
      onBlur={(event) => {
        if (done.current || event.currentTarget.contains(event.relatedTarget)) return
        props.onCancel()
      }}
    >
      <Segmented aria-label={`Edit ${props.column.name}`} value={value} options={options} onValueChange={setValue} />
    </div>
  )
}
