import { Setting, SettingsGroup } from '@renderer/features/settings/setting'
import { TransferProgressView } from '@renderer/features/transfers/transfer-progress'
import { useLongWork } from '@renderer/features/transfers/use-long-work'
import { Button } from '@renderer/ui/button'
import { Skeleton } from '@renderer/ui/skeleton'
import type { Project } from '@shared/contract/projects.contract'
import { ArrowRightLeft } from 'lucide-react'
import { useState } from 'react'
import { MoveDialog } from './move-dialog'
import { moves } from './moves'
import { useServers } from './use-servers'

/** Where a project lives, and the way to another place. */
export function MoveSetting({ project }: { readonly project: Project }) {
  const { data, nameOf } = useServers()
  const [moving, setMoving] = useState(false)
  const { progress, failure, result, cancel } = useLongWork(moves, project.id)
  if (data?.fixed) return null
  return (
    <SettingsGroup id="server" title="Server">
      <Setting
        label="Move to another server"
        hint="Copied with all that belongs to it, and compared there. The original stays until you remove it."
      >
        {data ? (
          <>
            <span className="mr-2 truncate text-text-muted">On “{nameOf(data.current)}”</span>
            <Button icon={ArrowRightLeft} onClick={() => setMoving(true)}>
              {progress ? 'Show the move' : result ? 'See what was moved' : 'Move project'}
            </Button>
          </>
        ) : (
          <Skeleton className="h-7 w-32" />
        )}
      </Setting>
      {progress && !moving ? (
        <div className="px-4">
          <TransferProgressView progress={progress} onCancel={cancel} />
        </div>
      ) : null}
      {failure && !moving ? (
        <p role="alert" className="px-4 py-3 text-danger">
          {failure}
        </p>
      ) : null}
      {moving ? <MoveDialog project={project} onClose={() => setMoving(false)} /> : null}
    </SettingsGroup>
  )
}
