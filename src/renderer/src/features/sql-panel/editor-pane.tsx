import { useTables } from '@renderer/app/current-project'
import { editorTabSize } from '@renderer/app/preferences'
import { useStored } from '@renderer/app/stored'
import { toAppError, useApi } from '@renderer/bridge/api'
import { IconButton } from '@renderer/ui/button'
import { CodeEditor } from '@renderer/ui/code-editor/code-editor'
import { toast } from '@renderer/ui/toast'
import { statementRanges } from '@shared/domain/sql-text'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { AnswerFacts, type AnswerFactsProps } from '../assistant/answer-facts'
import { completeInline } from '../assistant/inline-completion'
import type { SqlCatalogue } from './complete'
import type { Draft } from './draft-cache'
import { useEditorLook } from './editor-look'
import type { Panel } from './panel'
import {
  type CodeInstance,
  formatSql,
  type Monaco,
  markProblems,
  provideCompletion,
  statementEdge,
  textToRun,
} from './sql-editor'

/** What the toolbar and the results do with the editor. */
export interface EditorHandle {
  readonly runCurrent: (explain?: 'plan' | 'analyze') => void
  readonly runAll: () => void
  readonly format: () => void
  readonly show: (at: number) => void
  readonly focus: () => void
  readonly selection: () => string
}

/** Milliseconds after the last key at which the text is looked over. */
const analysePace = 250

/** The text of the tab in front. Each tab keeps its own undo, caret and scroll. */
export function EditorPane(props: {
  readonly panel: Panel
  readonly tab: Draft
  readonly onHandle: (handle: EditorHandle | null) => void
  readonly onSelection: (selection: string) => void
}) {
  const { panel, tab } = props
  const { client, query } = useApi()
  const { databaseId } = panel
  const tables = useTables()
  const functions = useQuery({
    ...query.sqlPanel.functions.queryOptions({ input: { databaseId } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const look = useEditorLook()
  const tabSize = useStored(editorTabSize)
  const [loaded, setLoaded] = useState<{ readonly editor: CodeInstance; readonly api: Monaco } | null>(null)
  const [completed, setCompleted] = useState<AnswerFactsProps | null>(null)
  const catalogue = useRef<SqlCatalogue>({ tables: [], functions: [] })
  catalogue.current = {
    tables: tables.map(({ schema_json }) => schema_json),
    functions: functions.data?.functions ?? [],
  }
  const latest = useRef({ ...props })
  latest.current = { ...props }
  const texts = useRef(new Map<string, TabText>())
  // The editor comes with the text of the first tab: to be given another takes it half as long again.
  const first = useRef(tab)
  const options = useMemo(() => ({ ...editorOptions, ...look }), [look])

  useEffect(() => {
    if (loaded === null) return
    const { editor, api } = loaded
    const completion = provideCompletion(api, () => catalogue.current)
    const keys = addKeys(api, editor, () => latest.current)
    const inline = completeInline(api, editor, async (before, after, signal) => {
      try {
        const { text, ...facts } = await client.assistant.complete({ databaseId, before, after }, { signal })
        setCompleted(facts)
        return text
      } catch (error) {
        if (!signal.aborted) toast.error(toAppError(error).message)
        return ''
      }
    })
    const { onHandle } = latest.current
    onHandle(handleOf(editor, () => latest.current))
    const marked = editor.onDidChangeCursorSelection(() => {
      const model = editor.getModel()
      const selection = editor.getSelection()
      latest.current.onSelection(model && selection ? model.getValueInRange(selection) : '')
    })
    const all = texts.current
    return () => {
      completion.dispose()
      inline.dispose()
      for (const key of keys) key.dispose()
      marked.dispose()
      onHandle(null)
      for (const { model } of all.values()) model.dispose()
      all.clear()
    }
  }, [loaded, client, databaseId])

  // The text of another tab, with what is its own.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is the model's from then on
  useEffect(() => {
    if (loaded === null) return
    const { editor, api } = loaded
    const known = texts.current.get(tab.id)
    const text: TabText =
      known && !known.model.isDisposed() ? known : { model: api.editor.createModel(tab.text, 'pgsql'), view: null }
    texts.current.set(tab.id, text)
    text.model.updateOptions({ tabSize: editorTabSize.read() })
    editor.setModel(text.model)
    if (text.view) editor.restoreViewState(text.view)
    editor.focus()
    const edge = editor.createDecorationsCollection()
    const drawEdge = () => {
      const position = editor.getPosition()
      const value = text.model.getValue()
      if (position) edge.set(statementEdge(api, text.model, statementRanges(value), text.model.getOffsetAt(position)))
    }
    drawEdge()
    const edited = text.model.onDidChangeContent(() => {
      latest.current.panel.edit(tab.id, text.model.getValue())
      drawEdge()
    })
    const moved = editor.onDidChangeCursorPosition(drawEdge)
    return () => {
      edited.dispose()
      moved.dispose()
      edge.clear()
      text.view = editor.saveViewState()
    }
  }, [loaded, tab.id])

  // What came from elsewhere: another window, an accepted proposal, a saved query.
  useEffect(() => {
    const model = texts.current.get(tab.id)?.model
    if (model && !model.isDisposed() && model.getValue() !== tab.text)
      model.pushEditOperations([], [{ range: model.getFullModelRange(), text: tab.text }], () => null)
  }, [tab.id, tab.text])

  const failed = tab.outcomes.find(({ error, state }) => error !== null && error.at !== null && state === 'failed')
  const isStale = failed !== undefined && !tab.text.includes(failed.text.slice(0, 50))
  const at = isStale ? null : (failed?.error?.at ?? null)
  const message = failed?.error?.message ?? ''
  useEffect(() => {
    const model = texts.current.get(tab.id)?.model
    if (loaded === null || !model) return
    const controller = new AbortController()
    const timer = setTimeout(() => {
      client.sqlPanel
        .analyse({ databaseId, query: tab.text }, { signal: controller.signal })
        .then(({ statements }) => {
          if (controller.signal.aborted || model.isDisposed()) return
          markProblems(loaded.api, model, statements, at === null ? null : { at, message })
        })
        // Marks are a help; a connection that is away says so itself.
        .catch(() => undefined)
    }, analysePace)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [client, databaseId, loaded, tab.id, tab.text, at, message])

  useEffect(() => {
    for (const { model } of texts.current.values()) if (!model.isDisposed()) model.updateOptions({ tabSize })
  }, [tabSize])

  return (
    <div className="relative h-full">
      <CodeEditor
        className="h-full"
        language="pgsql"
        label="SQL"
        value={first.current.text}
        options={options}
        onReady={(editor, api) => {
          const model = editor.getModel()
          if (model) texts.current.set(first.current.id, { model, view: null })
          setLoaded({ editor, api })
        }}
      />
      {completed ? (
        <div className="absolute right-3 bottom-2 z-10 flex items-center gap-1 rounded-md border border-border bg-bg-raised px-2 py-0.5">
          <AnswerFacts {...completed} />
          <IconButton label="Close what the completion took" icon={X} size="sm" onClick={() => setCompleted(null)} />
        </div>
      ) : null}
    </div>
  )
}

interface TabText {
  readonly model: ReturnType<Monaco['editor']['createModel']>
  view: ReturnType<CodeInstance['saveViewState']>
}

const editorOptions = {
  suggest: { showWords: false, preview: false },
  quickSuggestions: { other: true, comments: false, strings: false },
  quickSuggestionsDelay: 30,
  wordBasedSuggestions: 'off',
  suggestSelection: 'first',
  lineDecorationsWidth: 14,
  glyphMargin: false,
  bracketPairColorization: { enabled: false },
} as const

type Latest = Parameters<typeof EditorPane>[0]

function handleOf(editor: CodeInstance, latest: () => Latest): EditorHandle {
  const run = (request: { readonly text: string; readonly offset: number } | null, explain?: 'plan' | 'analyze') => {
    const { panel, tab } = latest()
    if (request) void panel.run(tab.id, { ...request, ...(explain && { explain }) })
  }
  return {
    runCurrent: (explain) => run(textToRun(editor), explain),
    runAll: () => run({ text: editor.getValue(), offset: 0 }),
    format: () =>
      void formatSql(editor).catch(() =>
        toast.error('The SQL cannot be formatted while it has a mistake. Correct it first.'),
      ),
    show(at) {
      const position = editor.getModel()?.getPositionAt(at)
      if (!position) return
      editor.setPosition(position)
      editor.revealPositionInCenterIfOutsideViewport(position)
      editor.focus()
    },
    focus: () => editor.focus(),
    selection() {
      const selection = editor.getSelection()
      return selection ? (editor.getModel()?.getValueInRange(selection) ?? '') : ''
    },
  }
}

function addKeys(api: Monaco, editor: CodeInstance, latest: () => Latest) {
  const { CtrlCmd, Shift, Alt } = api.KeyMod
  const { Enter, KeyF, Period, KeyE } = api.KeyCode
  const handle = handleOf(editor, latest)
  const action = (id: string, label: string, key: number, run: () => void) =>
    editor.addAction({ id: `sql.${id}`, label, keybindings: [key], run })
  return [
    action('run', 'Run statement', CtrlCmd | Enter, () => handle.runCurrent()),
    action('runAll', 'Run all', CtrlCmd | Shift | Enter, handle.runAll),
    action('explain', 'Explain statement', CtrlCmd | Shift | KeyE, () => handle.runCurrent('plan')),
    action('format', 'Format SQL', Shift | Alt | KeyF, handle.format),
    action('cancel', 'Cancel the run', CtrlCmd | Period, () => latest().panel.cancel(latest().tab.id)),
  ]
}
