import { Button } from '@renderer/ui/button'
import { CodeEditor } from '@renderer/ui/code-editor/code-editor'
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@renderer/ui/dialog'
import { formatCount } from '@renderer/ui/figures'
import { Kbd } from '@renderer/ui/kbd'
import { Shrink, WrapText } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { formatJson, minifyJson } from '../edit-text'
import type { AfterEdit, CellEditorProps } from './editing'
import { isSave } from './use-editing'

/** A whole value in a window of its own: long text, or JSON with its mistakes marked. Nothing of it is ever cut. */
export function LargeEditor(props: CellEditorProps) {
  const { column, check } = props
  const [text, setText] = useState(props.text)
  const [tried, setTried] = useState(() => props.text !== '' && check(props.text) !== null)
  const isJson = column.type.base === 'jsonb' && !column.type.array
  const problem = check(text)
  const shown = tried || (isJson && text !== props.text) ? problem : null

  function take(after: AfterEdit = 'stay') {
    if (problem !== null) setTried(true)
    else props.onCommit(text, after, false)
  }
  function onKeyDown(event: KeyboardEvent) {
    const isTaken = event.key === 'Enter' && (event.ctrlKey || event.metaKey)
    if (!isTaken && !isSave(event)) return
    event.stopPropagation()
    event.preventDefault()
    take(isTaken ? 'stay' : 'save')
  }

  return (
    <Dialog open onOpenChange={(open) => !open && props.onCancel()}>
      <DialogContent
        width="xl"
        className="top-[6vh] h-[86vh] max-h-[86vh]"
        onKeyDownCapture={onKeyDown}
        onKeyDown={(event) => event.stopPropagation()}
        onContextMenu={(event) => event.stopPropagation()}
        onCloseAutoFocus={(event) => event.preventDefault()}
      >
        <DialogHeader>
          <DialogTitle className="truncate">{column.name}</DialogTitle>
          <DialogDescription>{column.schema.type}</DialogDescription>
        </DialogHeader>
        <div className="mt-3 flex min-h-0 flex-1 border-t border-border">
          {isJson ? (
            <CodeEditor
              className="flex-1"
              language="json"
              label={`Edit ${column.name}`}
              value={text}
              autoFocus
              onValueChange={setText}
            />
          ) : (
            <textarea
              autoFocus
              value={text}
              spellCheck={false}
              aria-label={`Edit ${column.name}`}
              aria-invalid={shown !== null || undefined}
              className="min-h-0 flex-1 resize-none bg-bg px-5 py-3 font-mono leading-5 outline-none"
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </div>
        <DialogFooter>
          {isJson ? (
            <>
              <Button size="lg" variant="ghost" icon={WrapText} onClick={() => setText(formatJson(text))}>
                Format
              </Button>
              <Button size="lg" variant="ghost" icon={Shrink} onClick={() => setText(minifyJson(text))}>
                Minify
              </Button>
            </>
          ) : null}
          <div className="min-w-0 flex-1 text-sm">
            {shown ? (
              <p role="alert" className="text-danger">
                {shown}
              </p>
            ) : (
              <p className="text-text-muted tabular-nums">{sizeOf(text)}</p>
            )}
          </div>
          {column.nullable ? (
            <Button size="lg" onClick={() => props.onCommit(null, 'stay', false)}>
              Set NULL
            </Button>
          ) : null}
          <Button size="lg" onClick={props.onCancel}>
            Cancel
          </Button>
          <Button size="lg" variant="primary" aria-keyshortcuts="Control+Enter Meta+Enter" onClick={() => take()}>
            Save
            <Kbd keys="Mod+Enter" className="ml-1 opacity-90" />
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}

function sizeOf(text: string): string {
  const lines = text === '' ? 0 : text.split('\n').length
  const characters = [...text].length
  return `${formatCount(characters)} ${characters === 1 ? 'character' : 'characters'}, ${formatCount(lines)} ${lines === 1 ? 'line' : 'lines'}`
}
