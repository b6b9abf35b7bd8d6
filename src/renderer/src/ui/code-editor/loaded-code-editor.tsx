import { Editor } from '@monaco-editor/react'
import { useEffect, useMemo, useRef } from 'react'
import { theme } from './colours'
import { monaco } from './monaco'

export type CodeInstance = monaco.editor.IStandaloneCodeEditor

export interface LoadedCodeEditorProps {
  readonly value: string
  readonly language: 'json' | 'pgsql' | 'dbml'
  /** What a screen reader calls it. */
  readonly label: string
  readonly onValueChange?: ((value: string) => void) | undefined
  readonly readOnly?: boolean
  /** The caret is in it as soon as it is there. */
  readonly autoFocus?: boolean
  /** Tab goes on to the next control in place of writing spaces. */
  readonly tabLeaves?: boolean
  readonly lineNumbers?: boolean
  readonly wordWrap?: boolean
  /** Once, with the editor itself: its keys, completion and marks are set up with it. */
  readonly onReady?: ((editor: CodeInstance, api: typeof monaco) => void) | undefined
  readonly options?: monaco.editor.IStandaloneEditorConstructionOptions | undefined
}

/** The part of `CodeEditor` that is loaded lazily; nothing else renders it. */
export function LoadedCodeEditor(props: LoadedCodeEditorProps) {
  const { value, language, label, readOnly = false, autoFocus = false, onValueChange } = props
  const latest = useRef(onValueChange)
  latest.current = onValueChange
  const editor = useRef<CodeInstance | null>(null)
  // What was typed and has not come back as the value yet. Fast hands are ahead of it, and an older value that comes
  // back must not undo what they typed since: only a value from elsewhere is put into the editor.
  const typed = useRef<string[]>([value])
  useEffect(() => {
    const at = typed.current.lastIndexOf(value)
    if (at >= 0) typed.current = typed.current.slice(at)
    else {
      typed.current = [value]
      replaceText(editor.current, value)
    }
  }, [value])
  const { tabLeaves = false, lineNumbers = true, wordWrap = true, options: more } = props
  // With new ones, the editor compares them all: at every key, where the text is the state of somebody above.
  const options = useMemo(
    () =>
      ({
        ariaLabel: label,
        readOnly,
        domReadOnly: readOnly,
        ...sameForAll,
        tabFocusMode: tabLeaves,
        lineNumbers: lineNumbers ? 'on' : 'off',
        wordWrap: wordWrap ? 'on' : 'off',
        renderLineHighlight: readOnly ? 'none' : 'line',
        ...more,
      }) as const,
    [label, readOnly, tabLeaves, lineNumbers, wordWrap, more],
  )
  return (
    <Editor
      language={language}
      theme={theme}
      defaultValue={value}
      loading={null}
      keepCurrentModel
      onChange={(next = '') => {
        if (next === typed.current.at(-1)) return
        typed.current.push(next)
        latest.current?.(next)
      }}
      onMount={(mounted) => {
        editor.current = mounted
        replaceText(mounted, typed.current.at(-1) ?? value)
        if (autoFocus) mounted.focus()
        const model = mounted.getModel()
        // Well after the editor: what it began (colours, marks, words of the worker) still reads the text and throws
        // "TextModelPart is disposed" when the text is gone before it ends.
        mounted.onDidDispose(() => setTimeout(() => model?.isDisposed() || model?.dispose(), 2000))
        props.onReady?.(mounted, monaco)
      }}
      options={options}
    />
  )
}

const sameForAll = {
  lineNumbersMinChars: 3,
  automaticLayout: true,
  minimap: { enabled: false },
  scrollBeyondLastLine: false,
  overviewRulerLanes: 0,
  hideCursorInOverviewRuler: true,
  overviewRulerBorder: false,
  folding: true,
  renderWhitespace: 'none',
  // Typing over a selection replaces it, as everywhere else.
  autoSurround: 'never',
  bracketPairColorization: { enabled: false },
  stickyScroll: { enabled: false },
  fixedOverflowWidgets: true,
  padding: { top: 8, bottom: 8 },
  tabSize: 2,
  fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
  fontSize: 12.5,
  lineHeight: 20,
  scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, alwaysConsumeMouseWheel: false },
  unicodeHighlight: { ambiguousCharacters: false },
  // The whole text, however long: nothing is left out, only colours stop in very long lines.
  largeFileOptimizations: true,
  stopRenderingLineAfter: -1,
} as const

/** Milliseconds in which an editor has begun all that it does when it is first shown. */
const warming = 2_000

/** Makes an editor that nobody sees or reaches, has it drawn, and ends it: at the latest when there is a real one. */
export function warmUp(): void {
  if (monaco.editor.getEditors().length > 0) return
  const place = document.createElement('div')
  place.inert = true
  Object.assign(place.style, { position: 'fixed', inset: '0', visibility: 'hidden', zIndex: '-1' })
  document.body.append(place)
  const model = monaco.editor.createModel('select 1', 'pgsql')
  // What the editor would tell screen readers goes with it: the page has its own alerts.
  const editor = monaco.editor.create(place, { ...sameForAll, model, theme, ariaContainerElement: place })
  const end = (): void => {
    clearTimeout(timer)
    others.dispose()
    editor.dispose()
    place.remove()
    setTimeout(() => model.dispose(), warming)
  }
  const timer = setTimeout(end, warming)
  const others = monaco.editor.onDidCreateEditor(() => {
    others.dispose()
    queueMicrotask(end)
  })
}

/** As one step that the editor's own undo takes back. */
function replaceText(editor: CodeInstance | null, text: string): void {
  const model = editor?.getModel()
  if (!editor || !model || model.getValue() === text) return
  const edit = { range: model.getFullModelRange(), text, forceMoveMarkers: true }
  if (editor.getOption(monaco.editor.EditorOption.readOnly)) model.setValue(text)
  else {
    editor.pushUndoStop()
    editor.executeEdits('value', [edit])
    editor.pushUndoStop()
  }
}
