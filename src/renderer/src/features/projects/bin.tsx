import { toAppError } from '@renderer/bridge/api'
import { Badge } from '@renderer/ui/badge'
import { Button } from '@renderer/ui/button'
import { countOf } from '@renderer/ui/figures'
import { toast } from '@renderer/ui/toast'
import { RotateCcw } from 'lucide-react'
import { useBin, useProjectActions } from './use-projects'

/** Projects that were deleted, with the days they have left. */
export function Bin() {
  const { projects } = useBin()
  const { restore } = useProjectActions()
  if (!projects || projects.length === 0) return null

  async function bringBack(id: string, name: string) {
    try {
      await restore(id)
      toast.success(`“${name}” is back`)
    } catch (error) {
      toast.error(toAppError(error).message)
    }
  }

  return (
    <section aria-label="Bin">
      <h2 className="mb-2 text-lg font-semibold">Bin</h2>
      <ul className="divide-y divide-border overflow-hidden rounded-lg border border-border">
        {projects.map((project) => (
          <li key={project.id} className="flex h-11 items-center gap-3 px-4">
            <span className="min-w-0 flex-1 truncate text-text-muted">{project.name}</span>
            {project.days_left === null ? null : (
              <Badge tone={project.days_left <= 3 ? 'warning' : 'neutral'}>
                {countOf(project.days_left, 'day')} left
              </Badge>
            )}
            <Button
              size="sm"
              icon={RotateCcw}
              aria-label={`Restore ${project.name}`}
              onClick={() => void bringBack(project.id, project.name)}
            >
              Restore
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
