import { monaco } from '@renderer/ui/code-editor/monaco'
import { useEffect, useRef } from 'react'

/** Two texts in one, with what was taken out and put in; the part that needs the editor's library. */
export function DiffEditor({ original, modified }: { readonly original: string; readonly modified: string }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = box.current
    if (!element) return
    const editor = monaco.editor.createDiffEditor(element, {
      readOnly: true,
      renderSideBySide: false,
      automaticLayout: true,
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      renderOverviewRuler: false,
      fontFamily: '"JetBrains Mono Variable", ui-monospace, monospace',
      fontSize: 12.5,
      lineHeight: 20,
      ariaLabel: 'Proposed change',
      originalAriaLabel: 'The text as it is',
      modifiedAriaLabel: 'The text as proposed',
    })
    const models = {
      original: monaco.editor.createModel(original, 'pgsql'),
      modified: monaco.editor.createModel(modified, 'pgsql'),
    }
    editor.setModel(models)
    return () => {
      editor.dispose()
      models.original.dispose()
      models.modified.dispose()
    }
  }, [original, modified])
  return <div ref={box} className="h-full" />
}
