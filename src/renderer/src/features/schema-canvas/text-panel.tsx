import { useApi } from '@renderer/bridge/api'
import { CodeEditor } from '@renderer/ui/code-editor/code-editor'
import type { CodeInstance } from '@renderer/ui/code-editor/loaded-code-editor'
import { Segmented } from '@renderer/ui/segmented'
import { columnDefault } from '@shared/domain/column-default'
import { diffSchemas } from '@shared/domain/diff-schemas'
import { sameSchema } from '@shared/domain/same-schema'
import type { DatabaseSchema, SchemaEdit } from '@shared/domain/schema-edit'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useActions } from './canvas-actions'
import { guessNames } from './guess-names'
import { languages, type SchemaLanguage, sqlLanguage, type TextMark } from './schema-text'
import type { SidePanelProps } from './side-panels'

/** A text is read when typing has rested for so long. */
const restMs = 350

/** The draft as text. Both sides change the same draft; a text that cannot be read changes nothing but its marks. */
export function TextPanel({ databaseId }: SidePanelProps) {
  const [languageId, setLanguageId] = useState(sqlLanguage.id)
  const language = languages.find(({ id }) => id === languageId) ?? sqlLanguage
  return (
    <>
      {languages.length > 1 ? (
        <div className="shrink-0 border-b border-border px-3 py-2">
          <Segmented
            aria-label="Language"
            value={languageId}
            options={languages.map(({ id, label }) => ({ value: id, label }))}
            onValueChange={setLanguageId}
          />
        </div>
      ) : null}
      <LiveText key={language.id} databaseId={databaseId} language={language} />
    </>
  )
}

function LiveText({ databaseId, language }: { readonly databaseId: string; readonly language: SchemaLanguage }) {
  const { client } = useApi()
  const { store } = useActions()
  const { schema } = useSyncExternalStore(store.subscribe, store.state)
  const [text, setText] = useState(() => language.print(schema))
  const [marks, setMarks] = useState<readonly TextMark[]>([])
  const [typed, setTyped] = useState<string | null>(null)
  /** The schema that the text says; what else the draft becomes is written into the text. */
  const said = useRef(schema)
  const editor = useRef<CodeInstance | null>(null)
  const mark = useRef<(marks: readonly TextMark[]) => void>(() => {})

  useEffect(() => {
    if (schema === said.current) return
    said.current = schema
    setText(language.print(schema))
    setTyped(null)
    setMarks([])
  }, [schema, language])
  useEffect(() => mark.current(marks), [marks])

  useEffect(() => {
    if (typed === null) return
    const controller = new AbortController()
    const timer = setTimeout(async () => {
      try {
        const read = await language.read(typed, { client, databaseId, signal: controller.signal })
        if (controller.signal.aborted) return
        setMarks(read.marks)
        if (!read.schema) return
        const now = store.state().schema
        if (sameSchema(now, read.schema)) return
        const edits = diffSchemas(now, read.schema, guessNames(now, read.schema)).filter(
          (edit) => !sameDefault(now, edit),
        )
        if (edits.length === 0) return
        store.commit(edits, { label: `Edit the ${language.label}`, group: `text ${language.id}` })
        said.current = store.state().schema
      } catch (error) {
        if (controller.signal.aborted) return
        setMarks([{ line: 1, sentence: error instanceof Error ? error.message : String(error), severity: 'error' }])
      }
    }, restMs)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [typed, language, client, databaseId, store])

  const errors = marks.filter(({ severity }) => severity === 'error')
  return (
    <>
      <CodeEditor
        className="flex-1"
        value={text}
        language={language.editor}
        label={`The schema as ${language.label}`}
        wordWrap={false}
        onValueChange={(next) => {
          setText(next)
          // What the draft itself wrote is no typing.
          if (next !== language.print(store.state().schema)) setTyped(next)
        }}
        onReady={(instance, api) => {
          editor.current = instance
          mark.current = (shown) => {
            const model = instance.getModel()
            if (!model) return
            api.editor.setModelMarkers(
              model,
              'schema',
              shown.map(({ line, sentence, severity }) => {
                const at = Math.min(Math.max(1, line), model.getLineCount())
                return {
                  startLineNumber: at,
                  endLineNumber: at,
                  startColumn: model.getLineFirstNonWhitespaceColumn(at) || 1,
                  endColumn: model.getLineMaxColumn(at),
                  message: sentence,
                  severity: severity === 'error' ? api.MarkerSeverity.Error : api.MarkerSeverity.Warning,
                }
              }),
            )
          }
          mark.current(marks)
        }}
      />
      <div role="status" className="max-h-32 shrink-0 overflow-y-auto border-t border-border px-3 py-2 text-sm">
        {errors.length === 0 ? (
          <p className="flex items-center gap-1.5 text-text-muted">
            <CircleCheck aria-hidden className="size-3.5 text-success" />
            The canvas shows what is written here.
          </p>
        ) : (
          <>
            <p className="flex items-center gap-1.5 font-medium text-danger">
              <CircleAlert aria-hidden className="size-3.5" />
              The canvas stays as it was.
            </p>
            <ul>
              {errors.map(({ line, sentence }) => (
                <li key={`${line} ${sentence}`}>
                  <button
                    type="button"
                    className="text-left hover:underline"
                    onClick={() => {
                      editor.current?.revealLineInCenter(line)
                      editor.current?.setPosition({ lineNumber: Math.max(1, line), column: 1 })
                      editor.current?.focus()
                    }}
                  >
                    Line {line}: {sentence}
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </>
  )
}

/** A default that is only written in another way: `now()` for `NOW()`, `0.00` for `0`. */
function sameDefault(schema: DatabaseSchema, edit: SchemaEdit): boolean {
  if (edit.type !== 'setDefault' || edit.default === null) return false
  const table = schema.tables.find(({ name }) => name === edit.table)
  const column = table?.columns.find(({ name }) => name === edit.column)
  if (!column) return false
  const after = columnDefault({ ...column, default: edit.default })
  return JSON.stringify(after) === JSON.stringify(columnDefault(column))
}
