import { paths } from '@renderer/app/paths'
import { toAppError } from '@renderer/bridge/api'
import { IconButton } from '@renderer/ui/button'
import { TextInput } from '@renderer/ui/field'
import { LetterTile } from '@renderer/ui/letter-tile'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@renderer/ui/menu'
import { TimeAgo } from '@renderer/ui/time-ago'
import { toast } from '@renderer/ui/toast'
import type { Project } from '@shared/contract/projects.contract'
import { ArrowRight, Copy, Ellipsis, Pencil, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { DuplicateDialog } from './duplicate-dialog'
import { useProjectActions } from './use-projects'

export function ProjectRow({ project }: { readonly project: Project }) {
  const [renaming, setRenaming] = useState(false)
  const [duplicating, setDuplicating] = useState(false)
  const { remove, restore } = useProjectActions()
  const navigate = useNavigate()

  async function moveToBin() {
    try {
      await remove(project.id)
      toast.success(`“${project.name}” is in the bin`, { undo: () => restore(project.id) })
    } catch (error) {
      toast.error(toAppError(error).message)
    }
  }

  return (
    <li className="group relative flex min-h-14 items-center gap-3 px-4 transition-colors hover:bg-bg-hover">
      <LetterTile name={project.name} large />
      {renaming ? (
        <ProjectName project={project} onEnd={() => setRenaming(false)} />
      ) : (
        <div className="min-w-0 flex-1">
          <Link
            to={paths.overview(project.id)}
            className="block truncate font-medium after:absolute after:inset-0 focus-visible:outline-none after:focus-visible:outline-2 after:focus-visible:-outline-offset-2 after:focus-visible:outline-focus"
          >
            {project.name}
          </Link>
          {project.description ? <p className="truncate text-text-muted">{project.description}</p> : null}
        </div>
      )}
      <span className="shrink-0 text-sm text-text-muted max-sm:hidden">
        Created <TimeAgo at={project.created_at} />
      </span>
      <DropdownMenu>
        <DropdownMenuTrigger>
          <IconButton label={`Actions for ${project.name}`} icon={Ellipsis} className="relative z-10" />
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end" onCloseAutoFocus={(event) => renaming && event.preventDefault()}>
          <DropdownMenuItem icon={ArrowRight} onSelect={() => void navigate(paths.overview(project.id))}>
            Open
          </DropdownMenuItem>
          <DropdownMenuItem icon={Pencil} onSelect={() => setRenaming(true)}>
            Rename
          </DropdownMenuItem>
          {project.database_id === null ? null : (
            <DropdownMenuItem icon={Copy} onSelect={() => setDuplicating(true)}>
              Duplicate
            </DropdownMenuItem>
          )}
          <DropdownMenuSeparator />
          <DropdownMenuItem icon={Trash2} danger onSelect={() => void moveToBin()}>
            Move to bin
          </DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
      {duplicating ? <DuplicateDialog project={project} onClose={() => setDuplicating(false)} /> : null}
    </li>
  )
}

/** Enter and leaving the field rename; Escape leaves the old name. */
function ProjectName({ project, onEnd }: { readonly project: Project; readonly onEnd: () => void }) {
  const [name, setName] = useState(project.name)
  const [failure, setFailure] = useState<string | null>(null)
  const { update } = useProjectActions()
  const cancelled = useRef(false)

  async function rename() {
    const next = name.trim()
    if (cancelled.current || next === '' || next === project.name) return onEnd()
    try {
      await update(project.id, { name: next })
      onEnd()
    } catch (error) {
      setFailure(toAppError(error).message)
    }
  }

  return (
    <div className="min-w-0 flex-1">
      <TextInput
        ref={focusAndSelect}
        aria-label="Project name"
        aria-invalid={failure !== null}
        value={name}
        maxLength={100}
        className="max-w-90"
        onChange={(event) => setName(event.target.value)}
        onBlur={() => void rename()}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void rename()
          if (event.key === 'Escape') {
            cancelled.current = true
            onEnd()
          }
        }}
      />
      {failure ? (
        <p role="alert" className="text-sm text-danger">
          {failure}
        </p>
      ) : null}
    </div>
  )
}

/** After the menu that was chosen from has given its focus back. */
function focusAndSelect(input: HTMLInputElement | null) {
  if (input) requestAnimationFrame(() => input.select())
}
