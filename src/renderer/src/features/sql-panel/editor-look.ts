import { editorFontSize, editorLineNumbers, editorMinimap, editorWordWrap } from '@renderer/app/preferences'
import { useStored } from '@renderer/app/stored'

/** How the SQL editor looks, as its settings say. */
export function useEditorLook() {
  const fontSize = useStored(editorFontSize)
  const wordWrap = useStored(editorWordWrap) ? ('on' as const) : ('off' as const)
  const lineNumbers = useStored(editorLineNumbers) ? ('on' as const) : ('off' as const)
  return {
    fontSize,
    lineHeight: Math.round(fontSize * 1.6),
    wordWrap,
    lineNumbers,
    minimap: { enabled: useStored(editorMinimap) },
  }
}
