import type { CodeInstance } from '@renderer/ui/code-editor/loaded-code-editor'
import type { SqlStatementInfo } from '@shared/contract/sql-panel.contract'
import { type StatementRange, statementAt, statementRanges } from '@shared/domain/sql-text'
import type * as monaco from 'monaco-editor/editor/editor.api.js'
import { complete, type SqlCatalogue, type Suggestion } from './complete'

export type Monaco = typeof monaco
export type { CodeInstance }

/** The statement that a run means: what is marked, else the one under the caret. */
export function textToRun(editor: CodeInstance): { readonly text: string; readonly offset: number } | null {
  const model = editor.getModel()
  const selection = editor.getSelection()
  if (model === null || selection === null) return null
  const text = model.getValue()
  if (!selection.isEmpty()) {
    const offset = model.getOffsetAt(selection.getStartPosition())
    return { text: model.getValueInRange(selection), offset }
  }
  const range = statementAt(statementRanges(text), text, model.getOffsetAt(selection.getPosition()))
  return range === null ? null : { text: text.slice(range.start, range.end), offset: range.start }
}

/** Underlines what cannot be read or run; `failure` is where the last run failed. */
export function markProblems(
  api: Monaco,
  model: monaco.editor.ITextModel,
  statements: readonly SqlStatementInfo[],
  failure: { readonly at: number; readonly message: string } | null,
): void {
  const problems = statements.flatMap(({ problem }) => problem ?? [])
  const failed = failure === null ? [] : [{ message: failure.message, ...wordAt(model, failure.at) }]
  api.editor.setModelMarkers(
    model,
    'sql',
    [...problems, ...failed].map(({ message, start, end }) => {
      const from = model.getPositionAt(start)
      const to = model.getPositionAt(Math.max(end, start + 1))
      return {
        severity: api.MarkerSeverity.Error,
        message,
        startLineNumber: from.lineNumber,
        startColumn: from.column,
        endLineNumber: to.lineNumber,
        endColumn: to.column,
      }
    }),
  )
}

function wordAt(model: monaco.editor.ITextModel, at: number): { readonly start: number; readonly end: number } {
  const word = /^[\p{L}\p{N}_$".]+|^\S/u.exec(model.getValue().slice(at))?.[0] ?? ''
  return { start: at, end: at + Math.max(1, word.length) }
}

/** A quiet edge beside the statement that Ctrl+Enter would run, where there are several. */
export function statementEdge(
  api: Monaco,
  model: monaco.editor.ITextModel,
  ranges: readonly StatementRange[],
  offset: number,
): monaco.editor.IModelDeltaDecoration[] {
  const range = ranges.length > 1 ? statementAt(ranges, model.getValue(), offset) : null
  if (range === null) return []
  const from = model.getPositionAt(range.start).lineNumber
  const to = model.getPositionAt(range.end).lineNumber
  return [
    {
      range: new api.Range(from, 1, to, 1),
      options: { isWholeLine: true, linesDecorationsClassName: 'border-l-2 border-accent ml-1' },
    },
  ]
}

/** Completion for the texts of the panel; there is one provider, whatever the editor. */
export function provideCompletion(api: Monaco, catalogue: () => SqlCatalogue): monaco.IDisposable {
  return api.languages.registerCompletionItemProvider('pgsql', {
    triggerCharacters: ['.', '"', ' '],
    provideCompletionItems(model, position, context) {
      const text = model.getValue()
      const offset = model.getOffsetAt(position)
      const { from, suggestions } = complete(text, offset, catalogue())
      // A space alone opens the list only where something definite follows: a table, a condition of a join.
      const isSpace = context.triggerCharacter === ' '
      if (isSpace && !/\b(from|join|on|into|update)\s$/i.test(text.slice(Math.max(0, offset - 12), offset)))
        return { suggestions: [] }
      const start = model.getPositionAt(from)
      const range = new api.Range(start.lineNumber, start.column, position.lineNumber, position.column)
      // A quote that was set as a pair is part of the name.
      const closing = text[from] === '"' && text[offset] === '"' ? 1 : 0
      const replaced = range.setEndPosition(range.endLineNumber, range.endColumn + closing)
      return {
        suggestions: suggestions.map((each, index) => ({
          label: { label: each.label, description: each.detail },
          kind: kindOf(api, each),
          insertText: each.insert,
          insertTextRules: each.isSnippet ? api.languages.CompletionItemInsertTextRule.InsertAsSnippet : 0,
          filterText: text[from] === '"' ? `"${each.label}` : each.label,
          sortText: `${each.order}${String(index).padStart(5, '0')}`,
          range: replaced,
        })),
      }
    },
  })
}

function kindOf(api: Monaco, { kind }: Suggestion): monaco.languages.CompletionItemKind {
  const kinds = api.languages.CompletionItemKind
  const byKind = {
    table: kinds.Struct,
    column: kinds.Field,
    function: kinds.Function,
    keyword: kinds.Keyword,
    join: kinds.Reference,
    snippet: kinds.Snippet,
    alias: kinds.Variable,
  }
  return byKind[kind]
}

/** The marked text, or all of it, written in lines and indented. */
export async function formatSql(editor: CodeInstance): Promise<void> {
  const model = editor.getModel()
  const selection = editor.getSelection()
  if (model === null || selection === null) return
  const range = selection.isEmpty() ? model.getFullModelRange() : selection
  const { format } = await import('sql-formatter')
  const text = format(model.getValueInRange(range), {
    language: 'postgresql',
    keywordCase: 'preserve',
    tabWidth: 2,
    paramTypes: { named: [':'] },
  })
  editor.pushUndoStop()
  editor.executeEdits('format', [{ range, text }])
  editor.pushUndoStop()
}
