import { editorFontSize, editorLineNumbers, editorMinimap, editorWordWrap } from '@renderer/app/preferences'
import { useStored } from '@renderer/app/stored'
import { useMemo } from 'react'

/** How the SQL editor looks, as its settings say. */
export function useEditorLook() {
  const fontSize = useStored(editorFontSize)
  const wordWrap = useStored(editorWordWrap) ? ('on' as const) : ('off' as const)
  const lineNumbers = useStored(editorLineNumbers) ? ('on' as const) : ('off' as const)
  const minimap = useStored(editorMinimap)
  return useMemo(
    () => ({
      fontSize,
      lineHeight: Math.round(fontSize * 1.6),
      wordWrap,
      lineNumbers,
      minimap: { enabled: minimap },
    }),
    [fontSize, wordWrap, lineNumbers, minimap],
  )
}
