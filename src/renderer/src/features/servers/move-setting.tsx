import { Setting, SettingsGroup } from '@renderer/features/settings/setting'
import { Button } from '@renderer/ui/button'
import { Skeleton } from '@renderer/ui/skeleton'
import type { Project } from '@shared/contract/projects.contract'
import { ArrowRightLeft } from 'lucide-react'
import { useState } from 'react'
import { MoveDialog } from './move-dialog'
import { useServers } from './use-servers'

/** Where a project lives, and the way to another place. */
export function MoveSetting({ project }: { readonly project: Project }) {
  const { data, nameOf } = useServers()
  const [moving, setMoving] = useState(false)
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
              Move project
            </Button>
          </>
        ) : (
          <Skeleton className="h-7 w-32" />
        )}
      </Setting>
      {moving ? <MoveDialog project={project} onClose={() => setMoving(false)} /> : null}
    </SettingsGroup>
  )
}
