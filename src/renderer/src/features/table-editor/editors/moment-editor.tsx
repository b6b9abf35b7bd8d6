import { Button } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { Popover, PopoverAnchor, PopoverContent } from '@renderer/ui/popover'
import { Clock } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Calendar } from './calendar'
import { readDay, today } from './calendar-days'
import { ClockFields } from './clock-fields'
import type { CellEditorProps } from './editing'
import { keepFocus } from './editor-box'
import { clockOf, storedMoment, withClock, withDay, zoneAt } from './moment-text'
import { presentText } from './present-text'
import { useEditing } from './use-editing'

/** Dates and times: typed, or picked below; Down goes to the calendar. What the zone is, is said. */
export function MomentEditor(props: CellEditorProps) {
  const { column } = props
  const { type } = column
  const editing = useEditing(props)
  const { text, setText } = editing
  const input = useRef<HTMLInputElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const hasDay = type.base !== 'time'
  const hasClock = type.base !== 'date'
  useEffect(() => {
    input.current?.focus({ preventScroll: true })
    if (!props.typed) input.current?.select()
  }, [props.typed])
  function put(next: string) {
    setText(next)
    input.current?.focus()
  }
  return (
    <Popover open>
      <PopoverAnchor>
        <input
          ref={input}
          data-editor-part
          value={text}
          spellCheck={false}
          autoComplete="off"
          aria-label={`Edit ${column.name}`}
          aria-invalid={editing.shownProblem !== null || undefined}
          style={{ width: Math.max(props.width, 120), height: props.height }}
          className={cn(
            'absolute border-2 bg-bg-raised px-[7px] font-mono outline-none',
            editing.shownProblem === null ? 'border-focus' : 'border-danger',
          )}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (editing.onKey(event, false)) return
            if (event.key === 'ArrowDown') {
              panel.current?.querySelector<HTMLElement>('[data-day][tabindex="0"], input')?.focus()
              event.preventDefault()
            } else if (event.key === ';' && (event.ctrlKey || event.metaKey)) {
              setText(presentText(type))
              event.preventDefault()
            }
          }}
          onBlur={(event) => editing.leave(event.relatedTarget)}
        />
      </PopoverAnchor>
      <PopoverContent
        ref={panel}
        data-editor-part
        aria-label={`Pick ${column.name}`}
        sideOffset={2}
        className={hasClock ? 'w-74' : 'w-60'}
        onOpenAutoFocus={(event) => event.preventDefault()}
        onCloseAutoFocus={(event) => event.preventDefault()}
        onInteractOutside={(event) => event.preventDefault()}
        onEscapeKeyDown={(event) => {
          event.preventDefault()
          editing.cancel()
        }}
        onKeyDown={(event) => event.stopPropagation()}
        onMouseDown={keepFocus}
        onContextMenu={(event) => event.stopPropagation()}
        onBlur={(event) => editing.leave(event.relatedTarget)}
      >
        {editing.shownProblem ? (
          <p role="alert" className="max-w-60 px-3 pt-2 text-sm text-danger">
            {editing.shownProblem}
          </p>
        ) : null}
        {hasDay ? <Calendar value={readDay(text)} onPick={(day) => put(withDay(type, text, day))} /> : null}
        <div className={cn('flex items-center gap-1 p-2', hasDay && 'border-t border-border')}>
          {hasClock ? (
            <ClockFields
              value={clockOf(text)}
              onChange={(clock) => setText(withClock(type, text, clock, today()))}
              onEnter={() => editing.take('down')}
            />
          ) : null}
          <Button variant="ghost" icon={Clock} onClick={() => put(presentText(type))}>
            {hasClock ? 'Now' : 'Today'}
          </Button>
          {editing.takeNull ? (
            <Button variant="ghost" className="ml-auto" onClick={editing.takeNull}>
              Set NULL
            </Button>
          ) : null}
        </div>
        {type.base === 'timestamptz' ? (
          <p className="max-w-60 border-t border-border px-3 py-1.5 text-sm text-text-muted">
            Your zone: {zoneAt(text)}
            {storedMoment(text) ? <span className="block font-mono text-xs">{storedMoment(text)}</span> : null}
          </p>
        ) : type.base === 'timestamp' ? (
          <p className="max-w-60 border-t border-border px-3 py-1.5 text-sm text-text-muted">
            Without a time zone: kept as written.
          </p>
        ) : null}
      </PopoverContent>
    </Popover>
  )
}
