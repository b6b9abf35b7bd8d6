import { useCommands } from '@renderer/app/commands'
import { useMaybeProject } from '@renderer/app/current-project'
import { Download, Upload } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { transferDialogs, useHiddenTransfer, useShownTransfer } from './transfer-dialogs'

const ImportDialog = lazy(async () => ({ default: (await import('./import-dialog')).ImportDialog }))
const ExportDialog = lazy(async () => ({ default: (await import('./export-dialog')).ExportDialog }))

/** Import and export of the current project: their commands, and the dialog that is open. */
export function Transfers() {
  const databaseId = useMaybeProject()?.databaseId
  const shown = useShownTransfer()
  const hiddenIn = useHiddenTransfer()
  useCommands(
    databaseId === undefined
      ? []
      : [
          {
            id: 'transfer.import',
            title: 'Import a file',
            group: 'Project',
            icon: Upload,
            keywords: ['csv', 'json', 'excel', 'xlsx', 'sql', 'dump', 'upload', 'paste'],
            run: () => transferDialogs.import(),
          },
          {
            id: 'transfer.export',
            title: 'Export the database',
            group: 'Project',
            icon: Download,
            keywords: ['csv', 'json', 'excel', 'xlsx', 'sql', 'dump', 'download', 'backup'],
            run: () => transferDialogs.export({ kind: 'database' }),
          },
        ],
  )
  if (databaseId === undefined || shown === null || (hiddenIn !== null && hiddenIn !== databaseId)) return null
  return (
    <Suspense fallback={null}>
      {shown.kind === 'import' ? (
        <ImportDialog
          databaseId={databaseId}
          table={shown.table}
          file={shown.file}
          isHidden={hiddenIn !== null}
          onClose={transferDialogs.close}
        />
      ) : (
        <ExportDialog
          databaseId={databaseId}
          choice={shown.scope}
          isHidden={hiddenIn !== null}
          onClose={transferDialogs.close}
        />
      )}
    </Suspense>
  )
}
