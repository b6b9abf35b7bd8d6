import { useProjects } from '@renderer/features/projects/use-projects'
import { filterByKeywords } from '@renderer/ui/command-filter'
import { LetterTile } from '@renderer/ui/letter-tile'
import { Popover, PopoverContent, PopoverTrigger } from '@renderer/ui/popover'
import { Command } from 'cmdk'
import { Check, ChevronsUpDown, FolderKanban, Plus } from 'lucide-react'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import { useMaybeProject } from './current-project'
import { layers } from './layers'
import { paths } from './paths'
import { recentProjects } from './preferences'
import { useStored } from './stored'

const itemLooks = 'flex h-8 items-center gap-2 rounded-md px-2 data-[selected=true]:bg-bg-active'

/** The project's name; opens the list of all, the ones used last on top. */
export function ProjectSwitcher() {
  const [open, setOpen] = useState(false)
  const current = useMaybeProject()
  const { projects } = useProjects()
  const recent = useStored(recentProjects)
  const navigate = useNavigate()
  if (!current) return <span className="px-1 font-semibold">Tessera Studio</span>

  const rank = (id: string) => (recent.includes(id) ? recent.indexOf(id) : recent.length)
  const sorted = [...(projects ?? [])].sort((a, b) => rank(a.id) - rank(b.id))
  const leave = (act: () => void) => () => {
    setOpen(false)
    act()
  }

  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger>
        <button
          type="button"
          aria-label={`Project ${current.project.name}, switch project`}
          className="flex h-7 min-w-0 items-center gap-1.5 rounded-md px-2 font-semibold transition-colors hover:bg-bg-hover aria-expanded:bg-bg-hover"
        >
          <span className="truncate">{current.project.name}</span>
          <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-text-muted" />
        </button>
      </PopoverTrigger>
      <PopoverContent aria-label="Switch project" className="w-72 overflow-hidden">
        <Command label="Projects" loop filter={filterByKeywords}>
          <Command.Input
            placeholder="Find a project"
            className="h-9 w-full border-b border-border bg-transparent px-3 outline-none"
          />
          <Command.List className="max-h-72 overflow-y-auto p-1">
            <Command.Empty className="px-2 py-3 text-text-muted">No project has this name.</Command.Empty>
            {sorted.map((project) => (
              <Command.Item
                key={project.id}
                value={project.id}
                keywords={[project.name]}
                className={itemLooks}
                onSelect={leave(() => void navigate(paths.overview(project.id)))}
              >
                <LetterTile name={project.name} />
                <span className="flex-1 truncate">{project.name}</span>
                {project.id === current.project.id ? <Check aria-hidden className="size-3.5 text-accent-text" /> : null}
              </Command.Item>
            ))}
            <Command.Group forceMount className="-mx-1 mt-1 border-t border-border px-1 pt-1">
              <Command.Item
                forceMount
                value="new project"
                keywords={['new project']}
                className={itemLooks}
                onSelect={leave(() => layers.show('newProject'))}
              >
                <Plus aria-hidden className="mx-0.5 size-4 text-text-muted" />
                New project
              </Command.Item>
              <Command.Item
                forceMount
                value="all projects"
                keywords={['all projects']}
                className={itemLooks}
                onSelect={leave(() => void navigate(paths.projects))}
              >
                <FolderKanban aria-hidden className="mx-0.5 size-4 text-text-muted" />
                All projects
              </Command.Item>
            </Command.Group>
          </Command.List>
        </Command>
      </PopoverContent>
    </Popover>
  )
}
