import { Editor } from '@monaco-editor/react'
import { useRef } from 'react'
import { theme } from './colours'
import { monaco } from './monaco'

export type CodeInstance = monaco.editor.IStandaloneCodeEditor

export interface LoadedCodeEditorProps {
  readonly value: string
  readonly language: 'json' | 'pgsql'
  /** What a screen reader calls it. */
  readonly label: string
  readonly onValueChange?: ((value: string) => void) | undefined
  readonly readOnly?: boolean
  /** The caret is in it as soon as it is there: at the beginning, at the end, or with the whole text selected. */
  readonly autoFocus?: boolean | 'end' | 'select'
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
  return (
    <Editor
      language={language}
      theme={theme}
      value={value}
      loading={null}
      onChange={(next) => latest.current?.(next ?? '')}
      onMount={(editor) => {
        if (autoFocus) editor.focus()
        const model = editor.getModel()
        if (autoFocus === 'select' && model) editor.setSelection(model.getFullModelRange())
        if (autoFocus === 'end' && model) editor.setPosition(model.getFullModelRange().getEndPosition())
        props.onReady?.(editor, monaco)
      }}
      options={{
        ariaLabel: label,
        readOnly,
        domReadOnly: readOnly,
        tabFocusMode: props.tabLeaves ?? false,
        lineNumbers: props.lineNumbers === false ? 'off' : 'on',
        lineNumbersMinChars: 3,
        wordWrap: props.wordWrap === false ? 'off' : 'on',
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
        renderLineHighlight: readOnly ? 'none' : 'line',
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
        ...props.options,
      }}
    />
  )
}
