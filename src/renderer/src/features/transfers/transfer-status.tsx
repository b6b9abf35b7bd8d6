import { useMaybeProject } from '@renderer/app/current-project'
import { transferDialogs, useHiddenTransfer, useShownTransfer } from './transfer-dialogs'
import { exports, imports } from './transfer-works'
import { useLongWork } from './use-long-work'

/** In the status bar: an import or export of this project whose dialog was closed while it ran, and the way back to it. */
export function TransferStatus() {
  const databaseId = useMaybeProject()?.databaseId ?? ''
  const shown = useShownTransfer()
  const hiddenIn = useHiddenTransfer()
  const importing = useLongWork(imports, databaseId)
  const exporting = useLongWork(exports, databaseId)
  if (shown === null || hiddenIn === null || hiddenIn !== databaseId) return null
  const { progress, failure } = shown.kind === 'import' ? importing : exporting
  const name = shown.kind === 'import' ? 'Import' : 'Export'
  const how =
    progress === null
      ? failure === null
        ? 'Look at what came of it'
        : 'Failed'
      : progress.part === null
        ? progress.step
        : `${Math.round(progress.part * 100)} %`
  return (
    <button
      type="button"
      className="rounded-sm px-1 text-accent-text underline-offset-2 hover:underline"
      onClick={transferDialogs.show}
    >
      {name}: {how}
    </button>
  )
}
