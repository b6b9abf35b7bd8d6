import { keysOf } from '@renderer/app/commands'
import { type KeyboardEvent, useRef, useState } from 'react'
import type { AfterEdit, CellEditorProps } from './editing'

/** The text of an open editor, and how it ends. It ends once: what comes after its end is none of its own. */
export function useEditing(props: CellEditorProps) {
  const { check, onCommit, onCancel, column } = props
  const [text, setText] = useState(props.text)
  const [tried, setTried] = useState(!props.typed && props.text !== '' && check(props.text) !== null)
  const [large, setLarge] = useState(props.large ?? false)
  const done = useRef(false)
  const problem = check(text)

  function end(value: string | null, after: AfterEdit, leaving = false) {
    if (done.current) return
    done.current = true
    onCommit(value, after, leaving)
  }
  function take(after: AfterEdit) {
    if (check(text) !== null) setTried(true)
    else end(text, after)
  }
  function cancel() {
    if (done.current) return
    done.current = true
    onCancel()
  }
  return {
    text,
    setText,
    problem,
    /** What is being typed is not judged before it is finished; JSON is, because nobody sees its end coming. */
    shownProblem: tried || (column.type.base === 'jsonb' && text !== props.text) ? problem : null,
    large,
    enlarge: () => setLarge(true),
    take,
    /** A choice that needs no second look. */
    choose: (value: string | null, after: AfterEdit = 'stay') => end(value, after),
    takeNull: column.nullable ? () => end(null, 'stay') : null,
    cancel,
    /** The focus went elsewhere: to a part of the editor, or away from it. */
    leave(to: EventTarget | null) {
      if (large || (to instanceof Element && to.closest('[data-editor-part]'))) return
      if (document.hasFocus()) end(text, 'stay', true)
    },
    /** Enter, Tab, Escape, Mod+S, and F2 for the large editor. True when the key was one of them. */
    onKey(event: KeyboardEvent, manyLines: boolean): boolean {
      event.stopPropagation()
      if (event.nativeEvent.isComposing) return false
      if (event.key === 'Escape') cancel()
      else if (event.key === 'F2' && manyLines) setLarge(true)
      else if (event.key === 'Enter' && !(event.shiftKey && manyLines)) take('down')
      else if (event.key === 'Tab') take(event.shiftKey ? 'left' : 'right')
      else if (isSave(event)) take('save')
      else return false
      event.preventDefault()
      return true
    },
  }
}

export type EditingState = ReturnType<typeof useEditing>

/** The keys of Save, which also take what is being written. */
export function isSave(event: KeyboardEvent): boolean {
  return keysOf(event.nativeEvent) === 'Mod+S'
}
