import { Button, IconButton } from '@renderer/ui/button'
import { cn } from '@renderer/ui/cn'
import { CodeEditor } from '@renderer/ui/code-editor/code-editor'
import type { CodeInstance } from '@renderer/ui/code-editor/loaded-code-editor'
import { Kbd } from '@renderer/ui/kbd'
import { Popover, PopoverAnchor, PopoverContent } from '@renderer/ui/popover'
import { Maximize2, WrapText } from 'lucide-react'
import { type RefObject, useEffect, useRef, useState } from 'react'
import { formatJson } from '../edit-text'
import type { CellEditorProps } from './editing'
import { keepFocus } from './editor-box'
import { LargeEditor } from './large-editor'
import { isSave, useEditing } from './use-editing'

/** JSON beside its cell, with its mistakes marked while they are made. Enter is a new line; Mod+Enter takes it. */
export function JsonEditor(props: CellEditorProps) {
  const { column } = props
  const editing = useEditing(props)
  const { text, setText } = editing
  const [ready, setReady] = useState(false)
  const area = useRef<HTMLTextAreaElement>(null)
  if (editing.large) return <LargeEditor {...props} text={text} />
  return (
    <Popover open>
      <PopoverAnchor>
        <div style={{ width: props.width, height: props.height }} className="absolute border-2 border-focus" />
      </PopoverAnchor>
      <PopoverContent
        data-editor-part
        aria-label={`Edit ${column.name}`}
        sideOffset={0}
        className="flex h-76 w-110 flex-col overflow-hidden"
        onOpenAutoFocus={(event) => event.preventDefault()}
        onCloseAutoFocus={(event) => event.preventDefault()}
        onInteractOutside={(event) => event.preventDefault()}
        onEscapeKeyDown={(event) => {
          event.preventDefault()
          editing.cancel()
        }}
        onKeyDownCapture={(event) => {
          const mod = event.ctrlKey || event.metaKey
          if ((event.key === 'Enter' && !mod) || event.key === 'Escape' || !inText(event.target)) return
          if (event.key === 'Enter' || event.key === 'Tab' || event.key === 'F2' || isSave(event))
            editing.onKey(event, true)
        }}
        onKeyDown={(event) => event.stopPropagation()}
        onMouseDown={keepFocus}
        onContextMenu={(event) => event.stopPropagation()}
        onBlur={(event) => editing.leave(event.relatedTarget)}
      >
        <div className="relative min-h-0 flex-1">
          <CodeEditor
            className="h-full"
            language="json"
            label={`Edit ${column.name}`}
            value={text}
            lineNumbers={false}
            onValueChange={setText}
            onReady={(editor) => {
              takeOver(editor, area.current)
              setReady(true)
            }}
          />
          {ready ? null : <Waiting ref={area} text={text} typed={props.typed} name={column.name} onText={setText} />}
        </div>
        <div className="flex min-h-9 shrink-0 items-center gap-1 border-t border-border bg-bg-subtle px-1.5 py-1">
          <p
            role={editing.shownProblem ? 'alert' : undefined}
            className={cn('min-w-0 flex-1 px-1 text-sm', editing.shownProblem ? 'text-danger' : 'text-text-muted')}
          >
            {editing.shownProblem}
          </p>
          <IconButton size="sm" label="Format" side="top" icon={WrapText} onClick={() => setText(formatJson(text))} />
          <IconButton
            size="sm"
            label="Open the large editor"
            shortcut="F2"
            side="top"
            icon={Maximize2}
            onClick={editing.enlarge}
          />
          {editing.takeNull ? (
            <Button size="sm" variant="ghost" onClick={editing.takeNull}>
              Set NULL
            </Button>
          ) : null}
          <Button size="sm" variant="primary" onClick={() => editing.take('stay')}>
            Save <Kbd keys="Mod+Enter" className="ml-1 opacity-90" />
          </Button>
        </div>
      </PopoverContent>
    </Popover>
  )
}

/** Takes the keys until the code editor is there: nothing that is typed meanwhile is lost. */
function Waiting(props: {
  readonly ref: RefObject<HTMLTextAreaElement | null>
  readonly text: string
  readonly typed: boolean
  readonly name: string
  readonly onText: (text: string) => void
}) {
  const { typed, ref: area } = props
  useEffect(() => {
    area.current?.focus()
    if (typed) area.current?.setSelectionRange(area.current.value.length, area.current.value.length)
    else area.current?.select()
  }, [typed, area])
  return (
    <textarea
      ref={area}
      value={props.text}
      spellCheck={false}
      aria-label={`Edit ${props.name}`}
      className="absolute inset-0 resize-none bg-bg p-2 font-mono text-sm leading-5 outline-none"
      onChange={(event) => props.onText(event.target.value)}
    />
  )
}

/** The caret goes on where it was: who types meanwhile does not notice. */
function takeOver(editor: CodeInstance, area: HTMLTextAreaElement | null): void {
  const model = editor.getModel()
  if (model && area) {
    const start = model.getPositionAt(area.selectionStart)
    const end = model.getPositionAt(area.selectionEnd)
    editor.setSelection({
      startLineNumber: start.lineNumber,
      startColumn: start.column,
      endLineNumber: end.lineNumber,
      endColumn: end.column,
    })
  }
  editor.focus()
}

/** The keys of the text, not those of the buttons below it. */
function inText(target: EventTarget): boolean {
  return target instanceof Element && target.closest('button') === null
}
