import type { CodeInstance, Monaco } from '../sql-panel/sql-editor'

interface Disposable {
  dispose(): void
}

/**
 * Grey text at the caret, asked for with Alt+\ or from the menu and taken with Tab. Never by itself: each one is a request
 * that leaves the machine.
 */
export function completeInline(
  api: Monaco,
  editor: CodeInstance,
  complete: (before: string, after: string, signal: AbortSignal) => Promise<string>,
): Disposable {
  const provider = api.languages.registerInlineCompletionsProvider('pgsql', {
    async provideInlineCompletions(model, position, context, token) {
      if (context.triggerKind !== api.languages.InlineCompletionTriggerKind.Explicit) return { items: [] }
      const stop = new AbortController()
      token.onCancellationRequested(() => stop.abort())
      const text = model.getValue()
      const at = model.getOffsetAt(position)
      const insertText = await complete(text.slice(0, at).slice(-20_000), text.slice(at, at + 20_000), stop.signal)
      // Without a place of its own it would replace the word before the caret, and would not be shown behind one.
      const range = api.Range.fromPositions(position)
      return { items: insertText === '' ? [] : [{ insertText, range }] }
    },
    disposeInlineCompletions() {},
  })
  const action = editor.addAction({
    id: 'assistant.complete',
    label: 'Complete with AI',
    keybindings: [api.KeyMod.Alt | api.KeyCode.Backslash],
    contextMenuGroupId: '1_modification',
    run: () => editor.trigger('assistant', 'editor.action.inlineSuggest.trigger', {}),
  })
  return {
    dispose() {
      provider.dispose()
      action.dispose()
    },
  }
}
