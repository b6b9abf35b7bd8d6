import { toAppError } from '@renderer/bridge/api'
import { Button } from '@renderer/ui/button'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '@renderer/ui/menu'
import { toast } from '@renderer/ui/toast'
import type { SavedView } from '@shared/contract/views.contract'
import { Bookmark, BookmarkPlus, ChevronDown, Pencil, Rows3, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { useSavedViews, ViewDefinition } from './use-saved-views'
import { ViewNameDialog } from './view-name-dialog'
import { filterOf } from './view-of'

export interface ViewBarProps {
  readonly saved: ReturnType<typeof useSavedViews>
  /** The view that is open. */
  readonly open: SavedView | null
  /** What is shown is not what is saved; without a view: not the whole table. */
  readonly changed: boolean
  /** What is shown, to be saved. */
  readonly definition: () => ViewDefinition
  /** Null opens the whole table. */
  readonly onOpen: (view: SavedView | null) => void
  readonly onReset: () => void
  /** It is saved as it is shown. */
  readonly onSaved: (view: SavedView) => void
}

type Naming = 'new' | 'rename' | null

/** Which view is open, whether it was changed since, and what to do about that. */
export function ViewBar(props: ViewBarProps) {
  const { saved, open, changed } = props
  const [naming, setNaming] = useState<Naming>(null)

  async function save() {
    if (!open) return setNaming('new')
    try {
      await saved.update(open.id, props.definition())
      props.onSaved(open)
    } catch (error) {
      toast.error(`The view was not saved. ${toAppError(error).message}`)
    }
  }
  async function name(text: string) {
    if (naming === 'rename' && open) await saved.update(open.id, { name: text })
    else props.onSaved(await saved.create(text, props.definition()))
  }
  async function remove(view: SavedView) {
    try {
      await saved.remove(view.id)
    } catch (error) {
      return toast.error(toAppError(error).message)
    }
    props.onOpen(null)
    toast.success(`View ${view.name} deleted.`, {
      async undo() {
        const { name, sort, columns } = view
        props.onOpen(await saved.create(name, { filters: filterOf(view), sort, columns }))
      },
    })
  }

  return (
    <div className="flex min-w-0 shrink-0 items-center gap-1">
      <DropdownMenu>
        <DropdownMenuTrigger>
          <Button variant="ghost" icon={open ? Bookmark : Rows3} className="max-w-56 text-text">
            <span className="truncate">{open ? open.name : 'All records'}</span>
            {open && changed ? (
              <span role="img" aria-label="changed" className="size-1.5 shrink-0 rounded-full bg-warning" />
            ) : null}
            <ChevronDown aria-hidden className="size-3.5 shrink-0 text-text-muted" />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent className="max-h-96 min-w-56 overflow-y-auto">
          <DropdownMenuItem icon={Rows3} onSelect={() => props.onOpen(null)}>
            All records
          </DropdownMenuItem>
          {saved.views.length > 0 ? <DropdownMenuLabel>Views</DropdownMenuLabel> : null}
          {saved.views.map((view) => (
            <DropdownMenuItem key={view.id} icon={Bookmark} onSelect={() => props.onOpen(view)}>
              {view.name}
            </DropdownMenuItem>
          ))}
          <DropdownMenuSeparator />
          <DropdownMenuItem icon={BookmarkPlus} onSelect={() => setTimeout(() => setNaming('new'))}>
            Save as a new view
          </DropdownMenuItem>
          {open ? (
            <>
              <DropdownMenuItem icon={Pencil} onSelect={() => setTimeout(() => setNaming('rename'))}>
                Rename this view
              </DropdownMenuItem>
              <DropdownMenuItem icon={Trash2} danger onSelect={() => void remove(open)}>
                Delete this view
              </DropdownMenuItem>
            </>
          ) : null}
        </DropdownMenuContent>
      </DropdownMenu>
      {changed ? (
        <>
          <Button size="sm" onClick={() => void save()}>
            {open ? 'Save' : 'Save view'}
          </Button>
          {open ? (
            <Button size="sm" variant="ghost" onClick={props.onReset}>
              Reset
            </Button>
          ) : null}
        </>
      ) : null}
      <ViewNameDialog
        naming={
          naming === 'new'
            ? { title: 'Save as a view', action: 'Save view', name: '' }
            : naming === 'rename'
              ? { title: 'Rename the view', action: 'Rename view', name: open?.name ?? '' }
              : null
        }
        onClose={() => setNaming(null)}
        onName={name}
      />
    </div>
  )
}
