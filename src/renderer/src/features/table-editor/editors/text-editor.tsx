import { Button, IconButton } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { isMac } from '@renderer/ui/platform'
import { Maximize2, Sparkles } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef } from 'react'
import { isTextType } from '../edit-text'
import type { CellEditorProps } from './editing'
import { EditorBox, EditorTools } from './editor-box'
import { LargeEditor } from './large-editor'
import { presentText } from './present-text'
import { useEditing } from './use-editing'

/** Of one line in the editor, px. */
const lineHeight = 20
/** A box that would be taller scrolls, and says that there is a large one. */
const tallest = 260

/** Text and whatever is written as text: it grows with what is typed, and exact numbers stay text to the end. */
export function TextEditor(props: CellEditorProps) {
  const { column } = props
  const editing = useEditing(props)
  const { text, setText } = editing
  const area = useRef<HTMLTextAreaElement>(null)
  const manyLines = (isTextType(column.type) && !column.secret) || column.type.array || column.type.base === 'jsonb'

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
    element.style.height = `${Math.min(tallest, Math.max(props.height, element.scrollHeight + 2))}px`
  }, [text, props.height])

  if (editing.large) return <LargeEditor {...props} text={text} />
  return (
    <EditorBox room={props.room}>
      <textarea
        ref={area}
        rows={1}
        value={text}
        spellCheck={false}
        inputMode={column.alignRight ? 'decimal' : undefined}
        aria-label={`Edit ${column.name}`}
        aria-invalid={editing.shownProblem !== null || undefined}
        placeholder={column.secret ? 'Password, kept as a hash' : undefined}
        style={{
          width: Math.max(props.width, manyLines ? 240 : 120),
          paddingBlock: (props.height - 4 - lineHeight) / 2,
        }}
        className={cn(
          'resize-none overflow-auto border-2 bg-bg-raised px-[7px] font-mono leading-5 shadow-float outline-none',
          editing.shownProblem === null ? 'border-focus' : 'border-danger',
          column.alignRight && 'text-right',
          !manyLines && 'whitespace-nowrap',
          column.secret && '[-webkit-text-security:disc]',
        )}
        onChange={(event) => setText(manyLines ? event.target.value : event.target.value.replace(/\n/g, ' '))}
        onKeyDown={(event) => {
          if (editing.onKey(event, manyLines)) return
          if (column.type.base !== 'uuid' || event.key !== ';' || !(isMac ? event.metaKey : event.ctrlKey)) return
          setText(presentText(column.type))
          event.preventDefault()
        }}
        onBlur={(event) => editing.leave(event.relatedTarget)}
      />
      <EditorTools room={props.room} problem={editing.shownProblem} onNull={editing.takeNull}>
        {!column.type.array && column.type.base === 'uuid' ? (
          <Button
            size="sm"
            variant="ghost"
            icon={Sparkles}
            onClick={() => {
              setText(crypto.randomUUID())
              area.current?.focus()
            }}
          >
            Generate
          </Button>
        ) : null}
        {manyLines ? (
          <IconButton
            size="sm"
            label="Open the large editor"
            shortcut="F2"
            icon={Maximize2}
            onClick={editing.enlarge}
          />
        ) : null}
      </EditorTools>
    </EditorBox>
  )
}
