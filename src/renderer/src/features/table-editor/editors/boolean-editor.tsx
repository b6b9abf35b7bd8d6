import { Segmented } from '@renderer/ui/segmented'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { AfterEdit, CellEditorProps } from './editing'
import { isSave } from './use-editing'

/** true, false and, where there may be none, NULL: all three in sight. */
export function BooleanEditor(props: CellEditorProps) {
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
    else if (isSave(event)) take('save')
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
        // Nothing is lost by going elsewhere: what was chosen is kept.
        done.current = true
        props.onCommit(value === 'null' ? null : value, 'stay', true)
      }}
    >
      <Segmented aria-label={`Edit ${props.column.name}`} value={value} options={options} onValueChange={setValue} />
    </div>
  )
}
