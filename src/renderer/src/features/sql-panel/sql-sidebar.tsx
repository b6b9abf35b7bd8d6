import { useCurrentProject } from '@renderer/app/current-project'
import { useStored } from '@renderer/app/stored'
import { Segmented } from '@renderer/ui/segmented'
import { RunHistory } from './run-history'
import { SavedQueries } from './saved-queries'
import { type SidePanel, sidePanel } from './sql-preferences'
import { usePanel } from './use-panel'

/** Beside the SQL panel: saved queries, or the runs so far. */
export function SqlSidebar() {
  const { databaseId } = useCurrentProject()
  const panel = usePanel(databaseId)
  const shown = useStored(sidePanel)
  return (
    <>
      <div className="flex h-10 shrink-0 items-center justify-between gap-2 pr-2 pl-4">
        <h2 className="font-semibold">SQL</h2>
      </div>
      <div className="px-2 pb-2">
        <Segmented<SidePanel>
          aria-label="Shown beside the SQL panel"
          value={shown}
          onValueChange={sidePanel.write}
          options={[
            { value: 'queries', label: 'Queries' },
            { value: 'history', label: 'History' },
          ]}
        />
      </div>
      {shown === 'queries' ? <SavedQueries panel={panel} /> : <RunHistory panel={panel} />}
    </>
  )
}
